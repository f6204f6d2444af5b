import { beforeEach, describe, expect, test } from 'vitest';
import { NETWORK, openShop, type Shop } from './simulated-shop.ts';

let shop: Shop;

const HERE = { cluster: 'shop', service: 'web' };

beforeEach(async () => {
  shop = await openShop();
});

async function addTaskSet(percent: number) {
  const { taskSet } = await shop.ecs.createTaskSet({
    ...HERE,
    taskDefinition: 'web',
    launchType: 'FARGATE',
    networkConfiguration: NETWORK,
    scale: { unit: 'PERCENT', value: percent },
    tags: [{ key: 'team', value: 'a' }],
  });
  return taskSet ?? {};
}

describe('a service with the EXTERNAL controller', () => {
  beforeEach(async () => {
    const cluster = 'shop';
    await shop.ecs.createService({
      cluster,
      serviceName: 'web',
      desiredCount: 3,
      deploymentController: { type: 'EXTERNAL' },
    });
  });

  test('runs the share of its count that a task set has, rounded up, because AWS says so', async () => {
    const { id } = await addTaskSet(50);
    const created = await shop.ecs.describeTaskSets({ ...HERE, taskSets: [id ?? ''] });
    await shop.pass(10_000);

    const { taskSets } = await shop.ecs.describeTaskSets({ ...HERE, include: ['TAGS'] });

    expect(created.taskSets).toMatchObject([{ stabilityStatus: 'STABILIZING', status: 'ACTIVE' }]);
    expect(taskSets).toMatchObject([
      {
        computedDesiredCount: 2,
        runningCount: 2,
        stabilityStatus: 'STEADY_STATE',
        platformVersion: '1.4.0',
        tags: [{ key: 'team', value: 'a' }],
      },
    ]);
    expect(await shop.see()).toMatchObject({ runningCount: 2, deployments: [], taskSets: [{ id }] });
  });

  test('has one primary task set, because only one serves', async () => {
    const first = await addTaskSet(100);
    const second = await addTaskSet(100);
    await shop.ecs.updateServicePrimaryTaskSet({ ...HERE, primaryTaskSet: first.id });
    await shop.ecs.updateServicePrimaryTaskSet({ ...HERE, primaryTaskSet: second.taskSetArn });

    const { taskSets } = await shop.see();

    expect(taskSets).toMatchObject([
      { id: second.id, status: 'PRIMARY' },
      { id: first.id, status: 'ACTIVE' },
    ]);
  });

  test('drops a task set once its tasks are gone, because it drains first', async () => {
    const { id } = await addTaskSet(100);
    await shop.pass(10_000);

    await expect(shop.ecs.deleteTaskSet({ ...HERE, taskSet: id })).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
    await shop.ecs.updateTaskSet({ ...HERE, taskSet: id, scale: { unit: 'PERCENT', value: 0 } });
    const { taskSet } = await shop.ecs.deleteTaskSet({ ...HERE, taskSet: id });
    await shop.pass(10_000);

    expect(taskSet?.status).toBe('DRAINING');
    expect((await shop.see()).taskSets).toEqual([]);
  });

  test('is tagged by its ARN, because task sets are resources too', async () => {
    const { id, taskSetArn: resourceArn } = await addTaskSet(0);
    await shop.ecs.tagResource({ resourceArn, tags: [{ key: 'stage', value: 'green' }] });

    const { taskSets } = await shop.ecs.describeTaskSets({ ...HERE, taskSets: [id ?? ''], include: ['TAGS'] });

    expect(taskSets?.[0]?.tags).toContainEqual({ key: 'stage', value: 'green' });
  });

  test('does not know a strange task set, because it was never made', async () => {
    const updated = shop.ecs.updateTaskSet({ ...HERE, taskSet: 'ecs-svc/1', scale: { unit: 'PERCENT', value: 1 } });

    await expect(updated).rejects.toMatchObject({ name: 'TaskSetNotFoundException' });
  });
});

test('a service of CodeDeploy begins with a primary task set, because it deploys by them', async () => {
  await shop.create({ deploymentController: { type: 'CODE_DEPLOY' } });
  await shop.pass(10_000);

  expect(await shop.see()).toMatchObject({
    runningCount: 2,
    deployments: [],
    taskSets: [{ status: 'PRIMARY', startedBy: 'CODE_DEPLOY', stabilityStatus: 'STEADY_STATE' }],
  });
});
