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
import type { EcsGateway, EcsWrite } from './gateway.ts';
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

async function openAccess(endpoint?: string) {
  const stage = await openAccounts();
  const paced: number[] = [];
  const hosts: string[] = [];
  const { requestHandler } = stage.client;
  const handle: typeof requestHandler.handle = (request, options) => {
    hosts.push(request.hostname);
    return requestHandler.handle(request, options);
  };
  const access = createEcsAccess({
    clock: stage.clock,
    random: () => 0.5,
    metrics: {
      onRequest: () => undefined,
      onPaced: (_action, ms) => void paced.push(ms),
      onBatch: () => undefined,
    },
    quotaShare: 1,
    client: { ...stage.client, endpoint, requestHandler: { ...requestHandler, handle } },
  });
  return { stage, access, paced, hosts };
}

function connect(stage: AccountsStage, access: EcsAccess, route: Route) {
  return stage.within(access.connect(route, 'urgent', signal, signal));
}

function lookAtScaling(stage: AccountsStage, { gateway }: { readonly gateway: EcsGateway }): Promise<unknown> {
  return stage.within(gateway.describeScalableTarget('service/prod/web', signal));
}

/** Makes so many calls of one group; what ECS says to them does not matter. */
function spend({ gateway }: { readonly gateway: EcsGateway }, calls: number): Promise<unknown> {
  const write: EcsWrite = { call: 'DeleteTaskDefinitions', input: { taskDefinitions: ['web:1'] } };
  return Promise.allSettled(Array.from({ length: calls }, () => gateway.write(write, signal)));
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

  test('leads to the endpoint of ECS that the route names, and all else stays where it is', async () => {
    const { stage, access, hosts } = await openAccess();

    const apart = await connect(stage, access, { role: SHOP, endpoint: 'https://vpce-1.example.com' });
    await lookAtScaling(stage, apart);
    await connect(stage, access, { role: SHOP, region: 'eu-central-1' });

    expect(hosts).toEqual([
      'sts.eu-central-1.amazonaws.com',
      'vpce-1.example.com',
      'application-autoscaling.eu-central-1.amazonaws.com',
      'ecs.eu-central-1.amazonaws.com',
    ]);
    access.close();
  });

  test('leads to the operator’s endpoint with every service, as it may be that of a simulator', async () => {
    const { stage, access, hosts } = await openAccess('https://aws.example.com');

    const shop = await connect(stage, access, { role: SHOP });
    await lookAtScaling(stage, shop);
    await stage.within(access.identify(SHOP, signal));
    const reached = new Set(hosts);
    await connect(stage, access, { role: SHOP, endpoint: 'https://vpce-1.example.com' });

    expect(reached).toEqual(new Set(['aws.example.com']));
    expect(hosts.at(-1)).toBe('vpce-1.example.com');
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

    await stage.within(spend(one, burst));
    await stage.within(spend(two, 1));
    await stage.within(spend(other, 1));

    expect(paced.map((ms) => ms > 0)).toEqual([...Array.from({ length: burst }, () => false), true, false]);
    access.close();
  });

  test('keeps the quota of the operator’s own account for a role in it as well', async () => {
    const { stage, access, paced } = await openAccess();
    const roleArn = `arn:aws:iam::${HOME_ACCOUNT}:role/shop`;
    stage.aws.identities.trust(roleArn);
    const lent = await connect(stage, access, { role: roleOf('own', roleArn) });
    const own = await connect(stage, access, {});
    const { burst } = ACTION_GROUPS.taskDefinitionDelete;
    paced.length = 0;

    await stage.within(spend(own, burst));
    await stage.within(spend(lent, 1));

    expect(paced.map((ms) => ms > 0)).toEqual([...Array.from({ length: burst }, () => false), true]);
    access.close();
  });

  test('is asked for again by all who were refused a role, once it is lent to one of them', async () => {
    const { stage, access } = await openAccess();
    const tagged = { ...SHOP, sessionTags: { team: 'web' } };
    stage.aws.identities.distrust(SHOP_ROLE);
    await expect(connect(stage, access, { role: tagged })).rejects.toMatchObject({ code: 'AccessDenied' });
    stage.aws.identities.trust(SHOP_ROLE, { externalId: 'platform' });

    await stage.within(access.identify(SHOP, signal));

    await expect(connect(stage, access, { role: tagged })).resolves.toBeDefined();
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
