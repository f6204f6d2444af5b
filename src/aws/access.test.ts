import { describe, expect, test } from 'vitest';
import {
  type AccountsStage,
  HOME_ACCOUNT,
  JOBS_ACCOUNT,
  JOBS_ROLE,
  openAccounts,
  SHOP_ACCOUNT,
  SHOP_ROLE,
} from '../../test/support/accounts-stage.ts';
import { createEcsAccess, type EcsAccess, type Route } from './access.ts';
import { ACTION_GROUPS } from './actions.ts';
import type { RoleAccess } from './role-session.ts';

function roleOf(account: string, roleArn: string, more: Partial<RoleAccess> = {}): RoleAccess {
  return {
    account: `EcsAccount ${account}`,
    roleArn,
    externalId: undefined,
    region: 'eu-central-1',
    sessionName: 'ecs-operator-prod',
    sessionTags: {},
    ...more,
  };
}

const SHOP = roleOf('shop', SHOP_ROLE, { externalId: 'platform' });
const JOBS = roleOf('jobs', JOBS_ROLE);
const { signal } = new AbortController();

async function openAccess() {
  const stage = await openAccounts();
  const paced: number[] = [];
  const access = createEcsAccess({
    clock: stage.clock,
    random: () => 0.5,
    metrics: {
      onRequest: () => undefined,
      onPaced: (_action, ms) => void paced.push(ms),
      onBatch: () => undefined,
    },
    quotaShare: 1,
    client: stage.client,
  });
  return { stage, access, paced };
}

function connect(stage: AccountsStage, access: EcsAccess, route: Route) {
  return stage.within(access.connect(route, 'urgent', signal, signal));
}

describe('the way to ECS', () => {
  test('leads into the account whose role is taken, and else into the operator’s own', async () => {
    const { stage, access } = await openAccess();

    const own = await connect(stage, access, {});
    const shop = await connect(stage, access, { role: SHOP });

    expect(own.location).toEqual({ accountId: HOME_ACCOUNT, region: 'eu-central-1' });
    expect(shop.location).toEqual({ accountId: SHOP_ACCOUNT, region: 'eu-central-1' });
    access.close();
  });

  test('shares no session between accounts, nor between tags of one, and one between all else', async () => {
    const { stage, access } = await openAccess();
    const tagged = { ...SHOP, sessionTags: { 'ecs-operator.dev/namespace': 'web' } };

    for (const role of [SHOP, SHOP, tagged, JOBS, SHOP]) await connect(stage, access, { role });

    expect(stage.aws.stsCalls.map(({ roleArn, tags }) => [roleArn, tags])).toEqual([
      [SHOP_ROLE, {}],
      [SHOP_ROLE, { 'ecs-operator.dev/namespace': 'web' }],
      [JOBS_ROLE, {}],
    ]);
    const callers = new Set(stage.aws.calls.map(({ by }) => `${by.accountId} ${JSON.stringify(by.tags)}`));
    expect(callers.size).toBe(3);
    access.close();
  });

  test('is barred by the role of its own account only', async () => {
    const { stage, access } = await openAccess();
    stage.aws.identities.distrust(SHOP_ROLE);

    const shop = connect(stage, access, { role: SHOP });

    await expect(shop).rejects.toMatchObject({ code: 'AccessDenied' });
    await expect(connect(stage, access, { role: JOBS })).resolves.toMatchObject({
      location: { accountId: JOBS_ACCOUNT },
    });
    expect(stage.aws.calls.map(({ by }) => by.accountId)).not.toContain(SHOP_ACCOUNT);
    access.close();
  });

  test('keeps quotas by account and region, whoever acts there', async () => {
    const { stage, access, paced } = await openAccess();
    const tagged = { ...SHOP, sessionTags: { team: 'web' } };
    const [one, two, other] = [
      await connect(stage, access, { role: SHOP }),
      await connect(stage, access, { role: tagged }),
      await connect(stage, access, { role: JOBS }),
    ];
    const { burst } = ACTION_GROUPS.taskDefinitionDelete;
    paced.length = 0;

    const spend = (): Promise<unknown> =>
      Promise.allSettled(
        Array.from({ length: burst }, () =>
          one.gateway.write({ call: 'DeleteTaskDefinitions', input: { taskDefinitions: ['web:1'] } }, signal),
        ),
      );
    await stage.within(spend());
    const inSame = two.gateway.write({ call: 'DeleteTaskDefinitions', input: { taskDefinitions: ['web:1'] } }, signal);
    await stage.within(Promise.allSettled([inSame]));
    const inOther = other.gateway.write(
      { call: 'DeleteTaskDefinitions', input: { taskDefinitions: ['web:1'] } },
      signal,
    );
    await stage.within(Promise.allSettled([inOther]));

    expect(paced.map((ms) => ms > 0)).toEqual([...Array.from({ length: burst }, () => false), true, false]);
    access.close();
  });

  test('forgets a session that nobody has asked for in an hour, because tags may name every object', async () => {
    const { stage, access } = await openAccess();
    await connect(stage, access, { role: SHOP });
    await stage.clock.advance(3_600_000);

    await connect(stage, access, { role: JOBS });
    await connect(stage, access, { role: SHOP });

    // A connection asks where it leads, once.
    const asked = stage.aws.calls.filter(({ by }) => by.accountId === SHOP_ACCOUNT).map(({ action }) => action);
    expect(asked).toEqual(['DescribeClusters', 'DescribeClusters']);
    access.close();
  });
});
