import { beforeEach, expect, test } from 'vitest';
import { createManualClock } from './clock.ts';
import { openShop, type Shop } from './simulated-shop.ts';
import { createSimulator } from './simulator.ts';

let shop: Shop;

beforeEach(async () => {
  shop = await openShop();
});

async function runDaemon(): Promise<void> {
  shop.registerInstances(2);
  await shop.define('agent:1', { family: 'agent', networkMode: 'bridge' });
  await shop.create({
    taskDefinition: 'agent',
    schedulingStrategy: 'DAEMON',
    desiredCount: undefined,
    launchType: 'EC2',
    networkConfiguration: undefined,
  });
  await shop.pass(30_000);
}

async function instances(): Promise<string[]> {
  return (await shop.ecs.listContainerInstances({ cluster: 'shop' })).containerInstanceArns ?? [];
}

test('there are none unless stated, because a cluster begins without', async () => {
  const { clusters } = await shop.ecs.describeClusters({ clusters: ['shop'] });

  expect(clusters?.[0]?.registeredContainerInstancesCount).toBe(0);
  expect(await instances()).toEqual([]);
});

test('a number of them comes with each cluster where that is asked for', async () => {
  const simulator = createSimulator({ clock: createManualClock(0), containerInstances: 2 });

  const answers = [
    await simulator.call('CreateCluster', { clusterName: 'a' }),
    await simulator.call('CreateCluster', { clusterName: 'b' }),
  ];

  expect(answers).toMatchObject([
    { cluster: { registeredContainerInstancesCount: 2 } },
    { cluster: { registeredContainerInstancesCount: 2 } },
  ]);
});

test('they hold the deletion of their cluster until the last is deregistered, as in ECS', async () => {
  shop.registerInstances(2);
  await expect(shop.ecs.deleteCluster({ cluster: 'shop' })).rejects.toMatchObject({
    name: 'ClusterContainsContainerInstancesException',
  });

  for (const containerInstance of await instances()) {
    await shop.ecs.deregisterContainerInstance({ cluster: 'shop', containerInstance });
  }

  await expect(shop.ecs.deleteCluster({ cluster: 'shop' })).resolves.toBeDefined();
});

test('one with tasks goes only by force, and a daemon then wants one task less', async () => {
  await runDaemon();
  const [containerInstance = ''] = await instances();

  const deregister = { cluster: 'shop', containerInstance };
  const refused = shop.ecs.deregisterContainerInstance(deregister);
  await expect(refused).rejects.toMatchObject({ name: 'InvalidParameterException' });
  await shop.ecs.deregisterContainerInstance({ ...deregister, force: true });
  await shop.pass(60_000);

  expect(await shop.see()).toMatchObject({ desiredCount: 1, runningCount: 1 });
});

test('each tells its tasks, and one that is not there is a failure', async () => {
  await runDaemon();
  const [first = ''] = await instances();

  const answer = await shop.ecs.describeContainerInstances({ cluster: 'shop', containerInstances: [first, 'none'] });

  expect(answer).toMatchObject({
    containerInstances: [{ containerInstanceArn: first, status: 'ACTIVE', runningTasksCount: 1 }],
    failures: [{ arn: 'none', reason: 'MISSING' }],
  });
});
