import { beforeEach, describe, expect, test } from 'vitest';
import { BREAKER, openShop, type Shop } from './simulated-shop.ts';

let shop: Shop;

beforeEach(async () => {
  shop = await openShop();
});

async function roll(image: string) {
  return shop.ecs.updateService({ cluster: 'shop', service: 'web', taskDefinition: await shop.define(image) });
}

async function newestDeployment() {
  const { serviceDeployments } = await shop.ecs.listServiceDeployments({ cluster: 'shop', service: 'web' });
  const serviceDeploymentArns = [serviceDeployments?.[0]?.serviceDeploymentArn ?? ''];
  return (await shop.ecs.describeServiceDeployments({ serviceDeploymentArns })).serviceDeployments?.[0];
}

describe('a first rollout', () => {
  test('takes time and ends in a steady state, because tasks have to start', async () => {
    await shop.create();

    await shop.pass(1_000);
    const starting = await shop.see();
    await shop.pass(2_500);
    const running = await shop.see();
    await shop.pass(5_000);
    const steady = await shop.see();

    expect(starting).toMatchObject({
      runningCount: 0,
      pendingCount: 2,
      deployments: [{ rolloutState: 'IN_PROGRESS' }],
    });
    expect(running).toMatchObject({ runningCount: 2, pendingCount: 0, deployments: [{ rolloutState: 'IN_PROGRESS' }] });
    expect(steady.deployments).toMatchObject([
      {
        rolloutState: 'COMPLETED',
        rolloutStateReason: expect.stringMatching(/^ECS deployment ecs-svc\/\d+ completed\.$/) as string,
      },
    ]);
    expect(await shop.events()).toEqual([
      expect.stringMatching(/^\(service web\) has started 2 tasks: \(task \w{32}\) \(task \w{32}\)\.$/),
      expect.stringMatching(/^\(service web\) \(deployment ecs-svc\/\d+\) deployment completed\.$/),
      '(service web) has reached a steady state.',
    ]);
  });

  test('fails for good without anything to roll back to, because it is the first', async () => {
    shop.simulator.world.behaviours.add({ image: /web:1/, becomes: 'cannot-pull', afterMs: 1_000 });
    await shop.create({ deploymentConfiguration: BREAKER });

    await shop.pass(30_000);

    expect((await shop.see()).deployments).toMatchObject([
      { rolloutState: 'FAILED', rolloutStateReason: 'ECS deployment circuit breaker: tasks failed to start.' },
    ]);
    expect(await newestDeployment()).toMatchObject({
      status: 'ROLLBACK_FAILED',
      statusReason: 'No rollback candidate was found to run the rollback.',
      deploymentCircuitBreaker: { status: 'TRIGGERED', threshold: 3 },
    });
  });
});

describe('a later rollout', () => {
  beforeEach(async () => {
    await shop.create({ deploymentConfiguration: BREAKER });
    await shop.pass(10_000);
  });

  test('keeps the old tasks until the new ones run, because 100 percent must stay healthy', async () => {
    await roll('web:2');

    await shop.pass(2_000);
    const during = await shop.see();
    await shop.pass(1_500);
    const draining = await shop.see();
    await shop.pass(10_000);

    expect(during.deployments).toMatchObject([
      { status: 'PRIMARY', runningCount: 0, pendingCount: 2 },
      { status: 'ACTIVE', runningCount: 2 },
    ]);
    expect(draining.deployments).toMatchObject([
      { status: 'PRIMARY', runningCount: 2 },
      { status: 'ACTIVE', runningCount: 0 },
    ]);
    expect(await shop.see()).toMatchObject({ runningCount: 2, deployments: [{ rolloutState: 'COMPLETED' }] });
    expect(await newestDeployment()).toMatchObject({ status: 'SUCCESSFUL' });
  });

  test('rolls back by the circuit breaker, because three tasks failed to start', async () => {
    shop.simulator.world.behaviours.add({ image: /web:bad/, becomes: 'cannot-pull', afterMs: 1_000 });
    const before = await shop.see();
    await roll('web:bad');

    await shop.pass(30_000);
    const after = await shop.see();

    expect(after.taskDefinition).toBe(before.taskDefinition);
    expect(after.deployments).toMatchObject([{ status: 'PRIMARY', rolloutState: 'COMPLETED', runningCount: 2 }]);
    expect(await newestDeployment()).toMatchObject({
      status: 'ROLLBACK_SUCCESSFUL',
      statusReason: 'Service deployment rolled back because the circuit breaker threshold was exceeded.',
      rollback: { serviceRevisionArn: before.currentServiceRevisions?.[0]?.arn },
      deploymentCircuitBreaker: { status: 'TRIGGERED', threshold: 3 },
    });
    expect(await shop.events()).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/deployment failed: tasks failed to start\.$/),
        expect.stringMatching(/rolling back to deployment ecs-svc\/\d+\.$/),
      ]),
    );
  });

  test('says so while it rolls back, because the failed deployment is still drained', async () => {
    shop.simulator.world.behaviours.add({ image: /web:bad/, becomes: 'cannot-pull', afterMs: 1_000 });
    await roll('web:bad');

    await shop.pass(3_500);

    expect((await shop.see()).deployments).toMatchObject([
      {
        status: 'PRIMARY',
        rolloutStateReason: expect.stringMatching(
          /^ECS deployment circuit breaker: rolling back to deploymentId ecs-svc\/\d+\.$/,
        ) as string,
      },
      { status: 'ACTIVE', rolloutState: 'FAILED' },
    ]);
  });

  test('is replaced by a newer one, because UpdateService supersedes it', async () => {
    shop.simulator.world.behaviours.add({ image: /web:slow/, becomes: 'stuck-pending', afterMs: 1_000 });
    await roll('web:slow');
    await shop.pass(5_000);
    await roll('web:3');
    const during = await newestDeployment();
    await shop.pass(20_000);

    const { serviceDeployments } = await shop.ecs.listServiceDeployments({ cluster: 'shop', service: 'web' });

    expect(during?.sourceServiceRevisions).toHaveLength(2);
    expect(serviceDeployments?.map(({ status }) => status)).toEqual(['SUCCESSFUL', 'STOPPED', 'SUCCESSFUL']);
    expect(await shop.see()).toMatchObject({ runningCount: 2, deployments: [{ rolloutState: 'COMPLETED' }] });
  });

  test('counts tasks that exit, because they never were healthy', async () => {
    shop.simulator.world.behaviours.add({ image: /web:crash/, becomes: 'exits', afterMs: 1_000, exitCode: 137 });
    await roll('web:crash');
    await shop.pass(2_500);
    const { taskArns } = await shop.ecs.listTasks({ cluster: 'shop', serviceName: 'web', desiredStatus: 'STOPPED' });

    const { tasks } = await shop.ecs.describeTasks({ cluster: 'shop', tasks: taskArns });

    expect(tasks?.[0]).toMatchObject({
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      containers: [{ exitCode: 137 }],
    });
  });

  test('stops tasks that fail their health checks, because they do not serve', async () => {
    shop.simulator.world.behaviours.add({ image: /web:ill/, becomes: 'unhealthy', afterMs: 1_000 });
    await roll('web:ill');
    await shop.pass(2_000);
    const during = await shop.see();
    await shop.pass(30_000);

    expect(during.deployments).toMatchObject([{ runningCount: 2 }, { runningCount: 2 }]);
    expect(await newestDeployment()).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL' });
    expect(await shop.events()).toContainEqual(expect.stringMatching(/\(task \w+\) failed container health checks\.$/));
  });
});

describe('without a circuit breaker', () => {
  test('failing tasks are tried for ever, because nothing ends the rollout', async () => {
    await shop.create();
    await shop.pass(10_000);
    shop.simulator.world.behaviours.add({ image: /web:bad/, becomes: 'cannot-pull', afterMs: 1_000 });
    await roll('web:bad');

    await shop.pass(30_000);
    const early = (await shop.see()).deployments?.[0];
    await shop.pass(3_600_000);
    const late = (await shop.see()).deployments?.[0];

    expect(early).toMatchObject({ status: 'PRIMARY', rolloutState: 'IN_PROGRESS' });
    expect(late?.rolloutState).toBe('IN_PROGRESS');
    expect(late?.failedTasks).toBeGreaterThan(early?.failedTasks ?? 0);
    expect(await shop.see()).toMatchObject({ runningCount: 2 });
    expect(await shop.events()).toContainEqual(
      expect.stringContaining('is unable to consistently start tasks successfully.'),
    );
  });

  test('missing capacity is told, because no task can be placed', async () => {
    shop.simulator.world.behaviours.add({ image: /web:1/, becomes: 'no-capacity', afterMs: 0 });
    await shop.create();

    await shop.pass(10_000);

    expect(await shop.see()).toMatchObject({ runningCount: 0, pendingCount: 0 });
    expect(await shop.events()).toContainEqual(
      expect.stringContaining('was unable to place a task. Reason: Capacity is unavailable'),
    );
  });
});

test('a cluster without instances places nothing, because EC2 tasks need one', async () => {
  await shop.define('agent:1', { family: 'agent', networkMode: 'bridge' });
  await shop.create({ taskDefinition: 'agent', launchType: 'EC2', networkConfiguration: undefined });

  await shop.pass(10_000);

  expect(await shop.see()).toMatchObject({ runningCount: 0, pendingCount: 0 });
  expect(await shop.events()).toContainEqual(
    expect.stringContaining(
      'was unable to place a task because no container instance met all of its requirements. Reason: No Container Instances were found in your cluster.',
    ),
  );
});

test('a service tells its hundred newest events, because ECS keeps no more', async () => {
  await shop.create();
  for (let count = 0; count < 120; count += 1) {
    await shop.ecs.updateService({ cluster: 'shop', service: 'web', desiredCount: count % 2 });
    await shop.pass(10_000);
  }

  const { events = [] } = await shop.see();

  expect(events).toHaveLength(100);
  expect(events[0]?.createdAt?.getTime()).toBeGreaterThan(events[99]?.createdAt?.getTime() ?? 0);
});

describe('in the steady state', () => {
  beforeEach(async () => {
    await shop.create();
    await shop.pass(10_000);
  });

  test('scales without a new deployment, because the revision stays', async () => {
    await shop.ecs.updateService({ cluster: 'shop', service: 'web', desiredCount: 5 });
    await shop.pass(10_000);
    const more = await shop.see();
    await shop.ecs.updateService({ cluster: 'shop', service: 'web', desiredCount: 1 });
    await shop.pass(10_000);

    expect(more).toMatchObject({ runningCount: 5, deployments: [{ desiredCount: 5, rolloutState: 'COMPLETED' }] });
    expect(await shop.see()).toMatchObject({ runningCount: 1 });
  });

  test('replaces a task that was stopped, because the count has to be kept', async () => {
    const { taskArns } = await shop.ecs.listTasks({ cluster: 'shop', serviceName: 'web' });
    const { task } = await shop.ecs.stopTask({ cluster: 'shop', task: taskArns?.[0], reason: 'by hand' });
    await shop.pass(10_000);

    expect(task).toMatchObject({ stopCode: 'UserInitiated', stoppedReason: 'by hand', desiredStatus: 'STOPPED' });
    expect(await shop.see()).toMatchObject({ runningCount: 2, deployments: [{ rolloutState: 'COMPLETED' }] });
  });
});

test('a daemon runs one task on each container instance, because instances are its count', async () => {
  await shop.define('agent:1', { family: 'agent', networkMode: 'bridge' });
  shop.registerInstances(3);
  await shop.create({
    taskDefinition: 'agent',
    schedulingStrategy: 'DAEMON',
    desiredCount: undefined,
    launchType: 'EC2',
    networkConfiguration: undefined,
  });
  await shop.pass(10_000);
  const { taskArns } = await shop.ecs.listTasks({ cluster: 'shop', serviceName: 'web' });

  const { tasks } = await shop.ecs.describeTasks({ cluster: 'shop', tasks: taskArns });

  expect(await shop.see()).toMatchObject({
    desiredCount: 3,
    runningCount: 3,
    deploymentConfiguration: { maximumPercent: 100, minimumHealthyPercent: 0 },
  });
  expect(new Set(tasks?.map(({ containerInstanceArn }) => containerInstanceArn)).size).toBe(3);
});

test('a strategy spreads tasks by base and weight, because AWS counts that way', async () => {
  await shop.ecs.putClusterCapacityProviders({
    cluster: 'shop',
    capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
    defaultCapacityProviderStrategy: [],
  });
  await shop.pass(60_000);
  await shop.create({
    desiredCount: 5,
    launchType: undefined,
    capacityProviderStrategy: [
      { capacityProvider: 'FARGATE', base: 1, weight: 1 },
      { capacityProvider: 'FARGATE_SPOT', weight: 3 },
    ],
  });
  await shop.pass(10_000);
  const { taskArns } = await shop.ecs.listTasks({ cluster: 'shop', serviceName: 'web' });

  const { tasks } = await shop.ecs.describeTasks({ cluster: 'shop', tasks: taskArns });

  expect(tasks?.filter(({ capacityProviderName }) => capacityProviderName === 'FARGATE')).toHaveLength(2);
  expect(tasks?.filter(({ capacityProviderName }) => capacityProviderName === 'FARGATE_SPOT')).toHaveLength(3);
});

test('a task tells the kind of its capacity, because a strategy names providers only', async () => {
  const role = 'arn:aws:iam::123456789012:role/x';
  await shop.ecs.createCapacityProvider({
    name: 'managed',
    cluster: 'shop',
    managedInstancesProvider: {
      infrastructureRoleArn: role,
      instanceLaunchTemplate: {
        ec2InstanceProfileArn: 'arn:aws:iam::123456789012:instance-profile/x',
        networkConfiguration: { subnets: ['subnet-0a1'] },
      },
    },
  });
  await shop.ecs.putClusterCapacityProviders({
    cluster: 'shop',
    capacityProviders: ['managed'],
    defaultCapacityProviderStrategy: [],
  });
  await shop.pass(60_000);
  const capacityProviderStrategy = [{ capacityProvider: 'managed', weight: 1 }];
  await shop.create({ desiredCount: 1, launchType: undefined, capacityProviderStrategy });
  await shop.pass(10_000);
  const { taskArns } = await shop.ecs.listTasks({ cluster: 'shop', serviceName: 'web' });

  const { tasks } = await shop.ecs.describeTasks({ cluster: 'shop', tasks: taskArns });

  expect(tasks).toMatchObject([{ launchType: 'MANAGED_INSTANCES', capacityProviderName: 'managed' }]);
  expect((await shop.see()).platformVersion).toBeUndefined();
});
