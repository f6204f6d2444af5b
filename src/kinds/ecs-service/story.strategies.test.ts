import type { CreateTaskSetResponse } from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import { beginStory, type ServiceStory } from '../../../test/support/service-story.ts';
import type { EcsServiceSpec } from './schema.ts';

const NETWORK = { networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0a1'] } } };
const TG = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup';
const RULE = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener-rule/app/shop/1/2/3';
const BALANCER = {
  targetGroupArn: `${TG}/blue/0123456789abcde1`,
  containerName: 'web',
  containerPort: 80,
  advancedConfiguration: {
    alternateTargetGroupArn: `${TG}/green/0123456789abcde2`,
    productionListenerRule: RULE,
    roleArn: 'arn:aws:iam::123456789012:role/ecs',
  },
};
const BLUE_GREEN: Partial<EcsServiceSpec> = {
  taskDefinition: 'web:1',
  desiredCount: 2,
  launchType: 'FARGATE',
  ...NETWORK,
  loadBalancers: [BALANCER],
  deploymentConfiguration: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 5 },
};

async function running(spec: Partial<EcsServiceSpec>): Promise<ServiceStory> {
  const story = await beginStory(spec);
  story.simulator.world.behaviours.add({ image: /bad/, becomes: 'cannot-pull', afterMs: 500 });
  await story.lookUntil('in-sync');
  story.writes();
  return story;
}

describe('blue and green', () => {
  test('is ready after the bake, and silent with its target groups in either place', async () => {
    const story = await running(BLUE_GREEN);
    await story.define('web:2');
    story.wish({ taskDefinition: 'web:2' });

    await story.lookUntil('wait', 'RolloutInProgress');
    await story.lookUntil('in-sync');
    const [record] = story.simulator.world.services.values();
    const [balancer] = record?.service.loadBalancers ?? [];
    const { targetGroupArn, advancedConfiguration } = BALANCER;
    Object.assign(balancer ?? {}, {
      targetGroupArn: advancedConfiguration.alternateTargetGroupArn,
      advancedConfiguration: { ...advancedConfiguration, alternateTargetGroupArn: targetGroupArn },
    });
    await story.look();

    expect(story.writes()).toEqual(['RegisterTaskDefinition', 'UpdateService']);
  });

  test('that is stopped by somebody is not begun again', async () => {
    const story = await running(BLUE_GREEN);
    await story.define('web:2');
    story.wish({ taskDefinition: 'web:2' });
    await story.look();
    await story.pass(5_000);
    const [record] = story.simulator.world.services.values();
    const serviceDeploymentArn = record?.service.currentServiceDeployment;
    await story.simulator.call('StopServiceDeployment', { serviceDeploymentArn, stopType: 'ROLLBACK' });

    await story.lookUntil('wait', 'RollingBack');
    await story.lookUntil('refuse', 'DeploymentFailed');

    expect(story.status()).toMatchObject({ revision: 'web:1' });
    expect(story.writes().filter((action) => action === 'UpdateService')).toHaveLength(1);
  });
});

describe('capacity', () => {
  test('moves from launch type to strategy and back', async () => {
    const story = await running({ taskDefinition: 'web:1', desiredCount: 1, launchType: 'FARGATE', ...NETWORK });
    await story.simulator.call('PutClusterCapacityProviders', {
      cluster: 'shop',
      capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
      defaultCapacityProviderStrategy: [],
    });
    await story.pass(60_000);
    story.writes();

    story.wish({ launchType: undefined, capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }] });
    await story.look();
    await story.lookUntil('in-sync');
    story.wish({ launchType: 'FARGATE', capacityProviderStrategy: undefined });
    await story.look();
    await story.lookUntil('in-sync');

    expect(story.writes()).toEqual(['UpdateService', 'UpdateService']);
  });
});

describe('a DAEMON service', () => {
  test('comes up, rolls and goes without ever having a count', async () => {
    const story = await beginStory({ taskDefinition: 'agent', schedulingStrategy: 'DAEMON', launchType: 'EC2' });
    for (const image of ['agent:1', 'agent:2']) {
      await story.simulator.call('RegisterTaskDefinition', {
        family: 'agent',
        networkMode: 'bridge',
        containerDefinitions: [{ name: 'agent', image, memory: 64 }],
      });
    }
    story.wish({ taskDefinition: 'agent:1' });
    await story.lookUntil('in-sync');
    story.wish({ taskDefinition: 'agent:2' });
    await story.look();
    await story.lookUntil('in-sync');
    story.writes();

    await story.lookUntilGone();

    expect(story.writes()).toEqual(['DeleteService']);
  });
});

describe('a service that is deployed from outside', () => {
  const EXTERNAL = { taskDefinition: undefined, desiredCount: 2, deploymentController: { type: 'EXTERNAL' as const } };

  test('is made, waits for its task set, and is deleted once that is gone', async () => {
    const story = await beginStory(EXTERNAL);
    await story.lookUntil('wait', 'AwaitingTaskSet');
    const { taskSet }: CreateTaskSetResponse = await story.simulator.call('CreateTaskSet', {
      cluster: 'shop',
      service: 'web',
      taskDefinition: 'web:1',
      launchType: 'FARGATE',
      scale: { unit: 'PERCENT', value: 100 },
      ...NETWORK,
    });
    const address = { cluster: 'shop', service: 'web' };
    await story.simulator.call('UpdateServicePrimaryTaskSet', { ...address, primaryTaskSet: taskSet?.taskSetArn });
    await story.lookUntil('in-sync');

    const gone = story.lookUntilGone();
    await expect(gone).rejects.toThrow('TaskSetsRemain');
    await story.simulator.call('DeleteTaskSet', { ...address, taskSet: taskSet?.taskSetArn, force: true });
    await story.lookUntilGone();

    expect([...story.simulator.world.services.values()].filter(({ service }) => service.status === 'ACTIVE')).toEqual(
      [],
    );
  });
});

describe('a task that is protected', () => {
  test('holds the deletion, also by force, until its protection ends', async () => {
    const story = await running({ taskDefinition: 'web:1', desiredCount: 2, launchType: 'FARGATE', ...NETWORK });
    const [task] = [...story.simulator.world.tasks.keys()];
    await story.simulator.call('UpdateTaskProtection', {
      cluster: 'shop',
      tasks: [task],
      protectionEnabled: true,
      expiresInMinutes: 2880,
    });

    await expect(story.lookUntilGone()).rejects.toThrow('protected');
    story.wish({ forceDelete: true });
    await expect(story.lookUntilGone()).rejects.toThrow('protected');
    await story.pass(48 * 3_600_000);
    await story.lookUntilGone();

    expect(story.writes()).toEqual(['UpdateTaskProtection', 'UpdateService', 'DeleteService']);
  });
});
