import { describe, expect, test } from 'vitest';
import { Failure, type FailureCode } from '../../core/failure.ts';
import type { Managed, Referent } from '../../core/managed-kind.ts';
import type { Goal } from '../../core/plan.ts';
import { ecsAccount } from './kind.ts';
import type { AccountGateway, AccountRemoval, AccountWish, EcsAccountTypes } from './model.ts';

const { signal } = new AbortController();
const CALLER = { arn: 'arn:aws:sts::111122223333:assumed-role/ecs/me', accountId: '111122223333' };

const OBJECT: Managed<EcsAccountTypes> = {
  metadata: {
    name: 'live',
    namespace: '',
    uid: '1',
    generation: 1,
    resourceVersion: '1',
    creationTimestamp: '',
    finalizers: [],
    annotations: {},
    labels: {},
  },
  spec: { roleArn: 'arn:aws:iam::111122223333:role/ecs', namespaceSelector: {} },
  status: {},
  owner: { clusterId: 'prod', kind: 'EcsAccount', namespace: '', name: 'live' },
};

function referent(kind: string, namespace: string, name: string, spec: Referent['spec'] = {}): Referent {
  return { kind, metadata: { ...OBJECT.metadata, namespace, name }, spec, status: {} };
}

/** One account selects the namespaces that begin with `shop`; what asks for another gets that. */
function gatewayThat(identify: AccountGateway['identify']): AccountGateway {
  return {
    identify,
    resolve: ({ namespace, accountRef }) =>
      namespace.startsWith('shop')
        ? { is: 'account', account: { name: accountRef ?? 'live', spec: OBJECT.spec } }
        : { is: 'operator' },
  };
}

function goalOf(want: 'present' | 'absent', heeded: readonly Referent[]): Goal<AccountWish, AccountRemoval> {
  const around = { refs: {}, referrers: [], heeded, defaultTags: [], now: 0 };
  return want === 'present'
    ? { want, desired: ecsAccount.desire(OBJECT, around) }
    : { want, removal: ecsAccount.removal(OBJECT, around) };
}

async function look(
  want: 'present' | 'absent',
  heeded: readonly Referent[],
  identify: AccountGateway['identify'] = () => Promise.resolve(CALLER),
  object = OBJECT,
) {
  const goal = goalOf(want, heeded);
  const observed = await ecsAccount.observe({ name: 'live' }, goal, gatewayThat(identify), signal);
  return { plan: ecsAccount.plan(goal, observed, 0), status: ecsAccount.report(object, goal, observed, 0).status };
}

function failing(code: FailureCode, message: string): AccountGateway['identify'] {
  return () => Promise.reject(new Failure(code, message));
}

const USERS = [
  referent('EcsService', 'shop', 'web'),
  referent('EcsService', 'shop', 'api'),
  referent('EcsCluster', 'shop-2', 'shop', { accountRef: { name: 'live' } }),
  referent('EcsCluster', 'shop', 'elsewhere', { accountRef: { name: 'test' } }),
  referent('EcsCluster', 'jobs', 'nobody'),
];

describe('an account', () => {
  test('is ready once its role can be assumed, and says as whom and for whom', async () => {
    const { plan, status } = await look('present', USERS);

    expect(plan).toMatchObject({ verdict: 'in-sync', message: expect.stringContaining(CALLER.arn) });
    expect(status).toEqual({
      accountId: '111122223333',
      callerArn: CALLER.arn,
      usedBy: 3,
      users: [
        { namespace: 'shop', kind: 'EcsService', count: 2 },
        { namespace: 'shop-2', kind: 'EcsCluster', count: 1 },
      ],
    });
  });

  test('is tried as for the first who uses it, because a trust policy may look at the tags', async () => {
    const tried: unknown[] = [];
    const identify: AccountGateway['identify'] = (account, as) => {
      tried.push([account.name, as?.name]);
      return Promise.resolve(CALLER);
    };

    await look('present', USERS, identify);
    await look('present', [], identify);

    expect(tried).toEqual([
      ['live', 'web'],
      ['live', undefined],
    ]);
  });

  test('is refused where AWS does not lend the role, and keeps what was known of it', async () => {
    const object = { ...OBJECT, status: { accountId: '111122223333', callerArn: CALLER.arn } };

    const { plan, status } = await look('present', USERS, failing('AccessDenied', 'not you'), object);

    expect(plan).toEqual({
      verdict: 'refuse',
      reason: 'RoleNotAssumable',
      message: 'not you',
      lookAfterMs: 60_000,
    });
    expect(status).toMatchObject({ accountId: '111122223333', callerArn: CALLER.arn, usedBy: 3 });
  });

  test('is tried again where AWS does not answer, because that says nothing of the role', async () => {
    const looking = look('present', [], failing('Unavailable', 'silence'));

    await expect(looking).rejects.toMatchObject({ code: 'Unavailable' });
  });

  test('names the first fifty of those who use it, because a status is no archive', async () => {
    const many = Array.from({ length: 60 }, (_, index) => referent('EcsCluster', `shop-${index}`, 'shop'));

    const { status } = await look('present', many);

    expect(status.usedBy).toBe(60);
    expect(status.users).toHaveLength(50);
  });
});

describe('an account that is being deleted', () => {
  test('waits for those who use it, and asks AWS nothing', async () => {
    const { plan } = await look('absent', USERS, () => Promise.reject(new Error('asked')));

    expect(plan).toMatchObject({
      verdict: 'wait',
      reason: 'InUse',
      message: expect.stringContaining('EcsService shop/web, EcsService shop/api, EcsCluster shop-2/shop still need'),
    });
  });

  test('goes once nobody does', async () => {
    const { plan } = await look('absent', USERS.slice(3), () => Promise.reject(new Error('asked')));

    expect(plan).toEqual({ verdict: 'in-sync' });
  });
});
