import { beforeEach, describe, expect, test } from 'vitest';
import { NETWORK, openShop, type Shop } from './simulated-shop.ts';

let shop: Shop;

beforeEach(async () => {
  shop = await openShop();
});

async function run(input: object = {}) {
  const { tasks = [] } = await shop.ecs.runTask({
    cluster: 'shop',
    taskDefinition: 'web',
    launchType: 'FARGATE',
    networkConfiguration: NETWORK,
    ...input,
  });
  return tasks;
}

async function look(arn: string | undefined) {
  const { tasks } = await shop.ecs.describeTasks({ cluster: 'shop', tasks: [arn ?? ''], include: ['TAGS'] });
  return tasks?.[0];
}

describe('a task', () => {
  test('passes through its states, because it has to be pulled and started', async () => {
    const [task] = await run();

    await shop.pass(1_500);
    const pending = await look(task?.taskArn);
    await shop.pass(2_000);

    expect(task).toMatchObject({
      lastStatus: 'PROVISIONING',
      desiredStatus: 'RUNNING',
      group: 'family:web',
      launchType: 'FARGATE',
    });
    expect(pending).toMatchObject({ lastStatus: 'PENDING' });
    expect(await look(task?.taskArn)).toMatchObject({
      lastStatus: 'RUNNING',
      connectivity: 'CONNECTED',
      containers: [{ lastStatus: 'RUNNING' }],
      attachments: [{ type: 'ElasticNetworkInterface', status: 'ATTACHED' }],
    });
  });

  test('is visible for an hour after it stopped, because people ask why', async () => {
    const [task] = await run();
    await shop.pass(5_000);
    await shop.ecs.stopTask({ cluster: 'shop', task: task?.taskArn });
    const stopping = await look(task?.taskArn);
    await shop.pass(5_000);
    const stopped = await look(task?.taskArn);
    await shop.pass(3_600_000);

    expect(stopping).toMatchObject({ lastStatus: 'STOPPING', desiredStatus: 'STOPPED' });
    expect(stopped).toMatchObject({
      lastStatus: 'STOPPED',
      stopCode: 'UserInitiated',
      containers: [{ lastStatus: 'STOPPED' }],
    });
    expect(await look(task?.taskArn)).toBeUndefined();
  });

  test('says why it could not be pulled, because that is what people look for', async () => {
    shop.simulator.world.behaviours.add({ image: /web:1/, becomes: 'cannot-pull', afterMs: 1_000 });
    const [task] = await run();
    await shop.pass(5_000);

    expect(await look(task?.taskArn)).toMatchObject({
      lastStatus: 'STOPPED',
      stopCode: 'TaskFailedToStart',
      stoppedReason: expect.stringMatching(/^CannotPullContainerError: .*web:1.*not found$/) as string,
      containers: [{ reason: expect.stringMatching(/^CannotPullContainerError/) as string }],
    });
  });

  test('becomes healthy where its containers are checked, because ECS reports the checks', async () => {
    await shop.define('web:2', { isChecked: true });
    const [task] = await run();
    await shop.pass(5_000);

    expect((await look(task?.taskArn))?.healthStatus).toBe('HEALTHY');
  });
});

describe('RunTask', () => {
  test('repeats its answer to a token, because the first answer may have been lost', async () => {
    const first = await run({ clientToken: 'once' });

    expect(await run({ clientToken: 'once' })).toEqual(first);
    await expect(run({ clientToken: 'once', count: 2 })).rejects.toMatchObject({ name: 'ConflictException' });
  });

  test('reports missing capacity as a failure, because the call itself was right', async () => {
    shop.simulator.world.behaviours.add({ image: /web:1/, becomes: 'no-capacity', afterMs: 0 });

    const { tasks, failures } = await shop.ecs.runTask({
      cluster: 'shop',
      taskDefinition: 'web',
      launchType: 'FARGATE',
      networkConfiguration: NETWORK,
    });

    expect(tasks).toEqual([]);
    expect(failures).toHaveLength(1);
  });
});

describe('ListTasks', () => {
  test('finds tasks by service, family, starter and state, because each is a way to look', async () => {
    await shop.create();
    const [other] = await run({ startedBy: 'me' });
    await shop.pass(10_000);
    await shop.ecs.stopTask({ cluster: 'shop', task: other?.taskArn });

    const list = async (filter: object) => (await shop.ecs.listTasks({ cluster: 'shop', ...filter })).taskArns;

    expect(await list({})).toHaveLength(2);
    expect(await list({ serviceName: 'web' })).toHaveLength(2);
    expect(await list({ family: 'web', desiredStatus: 'STOPPED' })).toEqual([other?.taskArn]);
    expect(await list({ startedBy: 'me', desiredStatus: 'STOPPED' })).toEqual([other?.taskArn]);
    expect(await list({ family: 'nope' })).toEqual([]);
  });
});

describe('tags of a service task', () => {
  test.for([
    {
      name: 'come from the service',
      because: 'propagateTags says SERVICE',
      propagateTags: 'SERVICE' as const,
      managed: false,
      keys: ['team'],
    },
    {
      name: 'are those that ECS manages',
      because: 'they were asked for',
      propagateTags: 'NONE' as const,
      managed: true,
      keys: ['aws:ecs:clusterName', 'aws:ecs:serviceName'],
    },
    { name: 'are none', because: 'nothing was asked for', propagateTags: 'NONE' as const, managed: false, keys: [] },
  ])('$name, because $because', async ({ propagateTags, managed, keys }) => {
    await shop.create({ tags: [{ key: 'team', value: 'a' }], propagateTags, enableECSManagedTags: managed });
    await shop.pass(5_000);
    const { taskArns } = await shop.ecs.listTasks({ cluster: 'shop', serviceName: 'web' });

    const task = await look(taskArns?.[0]);

    expect(task?.tags?.map(({ key }) => key)).toEqual(keys);
    expect(task).toMatchObject({ group: 'service:web', startedBy: expect.stringMatching(/^ecs-svc\/\d+$/) as string });
  });
});

describe('task protection', () => {
  test('ends by itself, because it is bounded', async () => {
    await shop.create();
    await shop.pass(10_000);
    const { taskArns: tasks } = await shop.ecs.listTasks({ cluster: 'shop', serviceName: 'web' });
    await shop.ecs.updateTaskProtection({ cluster: 'shop', tasks, protectionEnabled: true, expiresInMinutes: 1 });
    const during = await shop.ecs.getTaskProtection({ cluster: 'shop', tasks });
    await shop.ecs.updateService({ cluster: 'shop', service: 'web', desiredCount: 0 });
    await shop.pass(30_000);
    const held = await shop.see();
    await shop.pass(60_000);

    expect(during.protectedTasks).toMatchObject([{ protectionEnabled: true }, { protectionEnabled: true }]);
    expect(held.runningCount).toBe(2);
    expect((await shop.see()).runningCount).toBe(0);
  });

  test('is refused for a task of nobody, because only the scheduler scales in', async () => {
    const [task] = await run();

    const { failures } = await shop.ecs.updateTaskProtection({
      cluster: 'shop',
      tasks: [task?.taskArn ?? ''],
      protectionEnabled: true,
    });

    expect(failures).toMatchObject([{ reason: 'TASK_NOT_VALID' }]);
  });
});
