import { describe, expect, test } from 'vitest';
import type { ClusterRemoval } from './model.ts';
import { planCluster } from './plan.ts';
import { providersInput } from './update.ts';

const NOW = Date.UTC(2026, 0, 1);
const OWNER = { clusterId: 'test', kind: 'EcsCluster', namespace: 'shop', name: 'shop' };

function planAbsence(askedMsAgo: number | undefined) {
  const creatingAt = askedMsAgo === undefined ? undefined : NOW - askedMsAgo;
  const removal: ClusterRemoval = { name: 'shop', owner: OWNER, isRetained: false, creatingAt };
  return planCluster({ want: 'absent', removal }, { exists: false }, NOW);
}

describe('the deletion of a cluster that does not show', () => {
  test.for([
    { askedMsAgo: 2_000, verdict: 'wait', because: 'the read may be older than our own write' },
    { askedMsAgo: 60_000, verdict: 'in-sync', because: 'no read is that late' },
    { askedMsAgo: undefined, verdict: 'in-sync', because: 'nothing was ever asked for, or it was seen since' },
    { askedMsAgo: -3_600_000, verdict: 'in-sync', because: 'a clock that was set back must not hold it' },
  ])('asked for $askedMsAgo ms ago: $verdict, because $because', ({ askedMsAgo, verdict }) => {
    expect(planAbsence(askedMsAgo)).toMatchObject({ verdict });
  });
});

describe('providersInput', () => {
  test('leaves out what others put into the strategy for providers that go, because ECS would refuse it', () => {
    const found = {
      capacityProviders: ['FARGATE', 'mine'],
      defaultCapacityProviderStrategy: [{ capacityProvider: 'mine', weight: 1, base: 0 }],
    };

    expect(providersInput('shop', { capacityProviders: ['FARGATE'] }, found)).toEqual({
      cluster: 'shop',
      capacityProviders: ['FARGATE'],
      defaultCapacityProviderStrategy: [],
    });
  });
});
