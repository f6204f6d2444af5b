import { describe, expect, test } from 'vitest';
import { type AccountsStage, openAccounts, SHOP_ACCOUNT, SHOP_ROLE } from '../../test/support/accounts-stage.ts';
import type { EcsMetrics } from './caller.ts';
import { createStsClient } from './ecs-client.ts';
import { type RoleAccess, RoleSession } from './role-session.ts';

const ROLE: RoleAccess = {
  account: 'EcsAccount shop',
  roleArn: SHOP_ROLE,
  externalId: 'platform',
  region: 'eu-central-1',
  sessionName: 'ecs-operator-prod',
  sessionTags: {},
};

const HOUR_MS = 3_600_000;

function open(
  { client, clock }: AccountsStage,
  role: Partial<RoleAccess> = {},
  onRequest: EcsMetrics['onRequest'] = () => undefined,
): RoleSession {
  return new RoleSession({ ...ROLE, ...role }, { sts: createStsClient(client), client, clock, metrics: { onRequest } });
}

function outcomesOf({ aws }: AccountsStage): readonly string[] {
  return aws.stsCalls.map(({ action, outcome }) => `${action} ${outcome}`);
}

describe('the session of a role', () => {
  test('is fetched once for all who need it at the same time, and kept', async () => {
    const stage = await openAccounts();
    const session = open(stage);

    const [first, second] = await stage.within(Promise.all([session.credentials(), session.credentials()]));
    const third = await stage.within(session.credentials());

    expect(first.accessKeyId).toMatch(/^ASIA/);
    expect([second, third]).toEqual([first, first]);
    expect(outcomesOf(stage)).toEqual(['AssumeRole ok']);
  });

  test('is fetched anew before it runs out, because what begins with it may take a while', async () => {
    const stage = await openAccounts();
    const session = open(stage);
    const first = await stage.within(session.credentials());

    await stage.clock.advance(HOUR_MS - 301_000);
    const still = await stage.within(session.credentials());
    await stage.clock.advance(2_000);
    const next = await stage.within(session.credentials());

    expect(still).toEqual(first);
    expect(next.accessKeyId).not.toBe(first.accessKeyId);
  });

  test('is used to its end where it cannot be had anew, and not beyond', async () => {
    const stage = await openAccounts();
    const session = open(stage);
    const first = await stage.within(session.credentials());
    stage.aws.identities.distrust(SHOP_ROLE);

    await stage.clock.advance(HOUR_MS - 60_000);
    const still = await stage.within(session.credentials());
    await stage.clock.advance(61_000);

    expect(still).toEqual(first);
    await expect(stage.within(session.credentials())).rejects.toMatchObject({ code: 'AccessDenied' });
  });

  test('says the external id and the tags that it was told', async () => {
    const stage = await openAccounts();

    await stage.within(open(stage, { sessionTags: { team: 'shop' } }).credentials());

    expect(stage.aws.stsCalls).toMatchObject([{ roleArn: SHOP_ROLE, tags: { team: 'shop' }, outcome: 'ok' }]);
    await expect(stage.within(open(stage, { externalId: 'other' }).credentials())).rejects.toMatchObject({
      code: 'AccessDenied',
    });
  });

  test('is not asked for again at once where AWS refuses, because everybody who needs it would', async () => {
    const stage = await openAccounts();
    const session = open(stage, { externalId: undefined });
    const refused = {
      code: 'AccessDenied',
      message: expect.stringMatching(/^EcsAccount shop: its role cannot be assumed: AssumeRole: User: /),
    };

    await expect(stage.within(session.credentials())).rejects.toMatchObject(refused);
    await expect(stage.within(session.credentials())).rejects.toMatchObject(refused);
    const soon = outcomesOf(stage);
    stage.aws.identities.trust(SHOP_ROLE);
    await stage.clock.advance(30_000);
    const credentials = await stage.within(session.credentials());

    expect(soon).toEqual(['AssumeRole AccessDenied']);
    expect(credentials.accessKeyId).toMatch(/^ASIA/);
  });

  test('is counted call by call with what came of it, and not where nobody was asked', async () => {
    const stage = await openAccounts();
    const seen: string[] = [];
    const count: EcsMetrics['onRequest'] = (action, outcome) => void seen.push(`${action} ${outcome}`);

    await stage.within(open(stage, {}, count).identify(new AbortController().signal));
    const refused = open(stage, { externalId: 'other' }, count);
    await expect(stage.within(refused.credentials())).rejects.toBeDefined();
    await expect(stage.within(refused.credentials())).rejects.toBeDefined();

    expect(seen).toEqual(['AssumeRole ok', 'GetCallerIdentity ok', 'AssumeRole AccessDenied']);
  });
});

describe('whether a role can be assumed', () => {
  test('is found out anew each time, and AWS says who it is', async () => {
    const stage = await openAccounts();
    const session = open(stage);
    const { signal } = new AbortController();
    await stage.within(session.credentials());

    const caller = await stage.within(session.identify(signal));
    stage.aws.identities.distrust(SHOP_ROLE);

    expect(caller).toEqual({
      arn: `arn:aws:sts::${SHOP_ACCOUNT}:assumed-role/ecs-operator/ecs-operator-prod`,
      accountId: SHOP_ACCOUNT,
    });
    await expect(stage.within(session.identify(signal))).rejects.toMatchObject({ code: 'AccessDenied' });
    expect(outcomesOf(stage)).toEqual([
      'AssumeRole ok',
      'AssumeRole ok',
      'GetCallerIdentity ok',
      'AssumeRole AccessDenied',
    ]);
  });

  test('lets those go on who were refused before', async () => {
    const stage = await openAccounts();
    const session = open(stage, { externalId: undefined });
    await expect(stage.within(session.credentials())).rejects.toMatchObject({ code: 'AccessDenied' });

    stage.aws.identities.trust(SHOP_ROLE);
    await stage.within(session.identify(new AbortController().signal));

    await expect(stage.within(session.credentials())).resolves.toBeDefined();
  });
});
