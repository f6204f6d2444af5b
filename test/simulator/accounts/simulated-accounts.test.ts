import { ECS } from '@aws-sdk/client-ecs';
import { STS } from '@aws-sdk/client-sts';
import { beforeEach, describe, expect, test } from 'vitest';
import { createManualClock, type ManualClock } from '../clock.ts';
import { createWireHandler } from '../sdk-handler.ts';
import { createSimulator, type Simulator } from '../simulator.ts';
import { createSimulatedAccounts, type SimulatedAccounts } from './simulated-accounts.ts';

const HOME = '123456789012';
const SHOP = '111122223333';
const ROLE = `arn:aws:iam::${SHOP}:role/ecs/operator`;
/** The SDK looks at its own clock whether credentials still hold. */
const START = Date.now();

let clock: ManualClock;
let home: Simulator;
let shop: Simulator;
let accounts: SimulatedAccounts;

beforeEach(() => {
  clock = createManualClock(START);
  home = createSimulator({ clock, accountId: HOME });
  shop = createSimulator({ clock, accountId: SHOP, region: 'eu-west-1' });
  accounts = createSimulatedAccounts(clock, [home, shop]);
  accounts.identities.add('operator', HOME);
});

function clients(accessKeyId: string, region = 'eu-central-1') {
  const shared = {
    region,
    credentials: { accessKeyId, secretAccessKey: 'secret' },
    maxAttempts: 1,
    requestHandler: createWireHandler((request, id) => accounts.answer(request, id)),
  };
  return { ecs: new ECS(shared), sts: new STS(shared) };
}

describe('several accounts at one address', () => {
  test('are told apart by access key and Region, because that is all that a request says', async () => {
    accounts.identities.trust(ROLE, { externalId: 'x' });
    const { Credentials } = await clients('operator').sts.assumeRole({
      RoleArn: ROLE,
      RoleSessionName: 'here',
      ExternalId: 'x',
      Tags: [{ Key: 'team', Value: 'shop & co' }],
    });
    const session = clients(Credentials?.AccessKeyId ?? '', 'eu-west-1');

    await session.ecs.createCluster({ clusterName: 'shop' });
    const caller = await session.sts.getCallerIdentity({});

    expect([...shop.world.clusters.keys()]).toEqual(['shop']);
    expect([...home.world.clusters.keys()]).toEqual([]);
    expect(caller).toMatchObject({ Account: SHOP, Arn: `arn:aws:sts::${SHOP}:assumed-role/operator/here` });
    expect(accounts.calls).toMatchObject([{ action: 'CreateCluster', by: { tags: { team: 'shop & co' } } }]);
    expect(accounts.stsCalls.map(({ action, outcome }) => [action, outcome])).toEqual([
      ['AssumeRole', 'ok'],
      ['GetCallerIdentity', 'ok'],
    ]);
  });

  test('lend no role that does not trust, because a broken account must look broken', async () => {
    accounts.identities.trust(ROLE, { externalId: 'x' });
    const { sts } = clients('operator');
    const input = { RoleArn: ROLE, RoleSessionName: 'here' };

    await expect(sts.assumeRole(input)).rejects.toMatchObject({ name: 'AccessDenied' });
    accounts.identities.distrust(ROLE);
    await expect(sts.assumeRole({ ...input, ExternalId: 'x' })).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining(`sts:AssumeRole on resource: ${ROLE}`),
    });
  });

  test('know nobody else, and a session for an hour only', async () => {
    accounts.identities.trust(ROLE);
    const { Credentials } = await clients('operator').sts.assumeRole({ RoleArn: ROLE, RoleSessionName: 'here' });
    await clock.advance(3_600_000);

    await expect(clients('stranger').ecs.listClusters({})).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
    });
    await expect(clients(Credentials?.AccessKeyId ?? '', 'eu-west-1').ecs.listClusters({})).rejects.toMatchObject({
      name: 'ExpiredTokenException',
    });
  });
});
