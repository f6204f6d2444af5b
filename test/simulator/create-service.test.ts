import type { CreateServiceCommandInput } from '@aws-sdk/client-ecs';
import { beforeEach, describe, expect, test } from 'vitest';
import { NETWORK, openShop, type Shop } from './simulated-shop.ts';

let shop: Shop;

beforeEach(async () => {
  shop = await openShop();
});

describe('CreateService', () => {
  test('fills in what was not said, because ECS answers a service whole', async () => {
    const service = await shop.create();

    expect(service).toMatchObject({
      status: 'ACTIVE',
      schedulingStrategy: 'REPLICA',
      launchType: 'FARGATE',
      platformVersion: 'LATEST',
      platformFamily: 'Linux',
      deploymentController: { type: 'ECS' },
      propagateTags: 'NONE',
      enableECSManagedTags: false,
      enableExecuteCommand: false,
      healthCheckGracePeriodSeconds: 0,
      availabilityZoneRebalancing: 'ENABLED',
      placementConstraints: [],
      placementStrategy: [],
      loadBalancers: [],
      serviceRegistries: [],
      networkConfiguration: {
        awsvpcConfiguration: { subnets: ['subnet-0a1'], securityGroups: [], assignPublicIp: 'DISABLED' },
      },
      deploymentConfiguration: {
        maximumPercent: 200,
        minimumHealthyPercent: 100,
        strategy: 'ROLLING',
        bakeTimeInMinutes: 0,
        deploymentCircuitBreaker: {
          enable: false,
          rollback: false,
          resetOnHealthyTask: true,
          thresholdConfiguration: { type: 'BOUNDED_PERCENT', value: 50 },
        },
        alarms: { alarmNames: [], enable: false, rollback: false },
      },
    });
    expect(service.roleArn).toMatch(/role\/aws-service-role\/ecs\.amazonaws\.com\/AWSServiceRoleForECS$/);
    expect(service.taskDefinition).toMatch(/:task-definition\/web:1$/);
    expect(service.capacityProviderStrategy).toBeUndefined();
    expect(service.deployments).toMatchObject([
      { status: 'PRIMARY', platformVersion: '1.4.0', rolloutState: 'IN_PROGRESS' },
    ]);
  });

  test('shows Service Connect on the deployment only, because DescribeServices does not echo it', async () => {
    const serviceConnectConfiguration = { enabled: true, services: [{ portName: 'http' }] };
    await shop.create({ serviceConnectConfiguration: { ...serviceConnectConfiguration, namespace: 'shop' } });

    const service = await shop.see();

    expect(service).not.toHaveProperty('serviceConnectConfiguration');
    expect(service.deployments?.[0]).toMatchObject({ serviceConnectConfiguration });
  });

  test('takes the default strategy of the cluster, because neither launch type nor strategy was said', async () => {
    await shop.ecs.createCluster({
      clusterName: 'spot',
      capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
      defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }],
    });
    await shop.pass(60_000);

    const { launchType: _, ...rest } = {
      cluster: 'spot',
      serviceName: 'web',
      taskDefinition: 'web',
      desiredCount: 1,
      networkConfiguration: NETWORK,
      launchType: undefined,
    };
    const { service } = await shop.ecs.createService(rest);

    expect(service?.launchType).toBeUndefined();
    expect(service?.capacityProviderStrategy).toEqual([{ capacityProvider: 'FARGATE_SPOT', weight: 1, base: 0 }]);
  });

  test('answers a placement strategy in its canonical form, because ECS rewrites host and CPU', async () => {
    await shop.define('web:1', { family: 'bridged', networkMode: 'bridge' });

    const service = await shop.create({
      taskDefinition: 'bridged',
      launchType: 'EC2',
      networkConfiguration: undefined,
      placementStrategy: [
        { type: 'spread', field: 'host' },
        { type: 'binpack', field: 'CPU' },
      ],
    });

    expect(service.placementStrategy).toEqual([
      { type: 'spread', field: 'instanceId' },
      { type: 'binpack', field: 'cpu' },
    ]);
    expect(service.availabilityZoneRebalancing).toBe('DISABLED');
  });

  test.for<{
    name: string;
    because: string;
    input: Partial<CreateServiceCommandInput>;
    error: string;
    message: RegExp;
  }>([
    {
      name: 'an unknown definition',
      because: 'there is nothing to run',
      input: { taskDefinition: 'nope' },
      error: 'ClientException',
      message: /^TaskDefinition not found\.$/,
    },
    {
      name: 'no definition',
      because: 'the controller ECS needs one',
      input: { taskDefinition: undefined },
      error: 'InvalidParameterException',
      message: /TaskDefinition can not be blank/,
    },
    {
      name: 'an unknown cluster',
      because: 'it cannot hold services',
      input: { cluster: 'nope' },
      error: 'ClusterNotFoundException',
      message: /^Cluster not found\.$/,
    },
    {
      name: 'launch type and strategy together',
      because: 'they exclude each other',
      input: { capacityProviderStrategy: [{ capacityProvider: 'FARGATE' }] },
      error: 'InvalidParameterException',
      message: /Specifying both a launch type and capacity provider strategy/,
    },
    {
      name: 'a provider that the cluster lacks',
      because: 'it is not associated',
      input: { launchType: undefined, capacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1 }] },
      error: 'InvalidParameterException',
      message: /not associated with the cluster/,
    },
    {
      name: 'awsvpc without a network',
      because: 'tasks need subnets',
      input: { networkConfiguration: undefined },
      error: 'InvalidParameterException',
      message: /Network Configuration must be provided when networkMode 'awsvpc' is specified/,
    },
    {
      name: 'an unknown platform',
      because: 'it does not exist',
      input: { platformVersion: '9.9.9' },
      error: 'PlatformUnknownException',
      message: /platform/,
    },
    {
      name: 'a platform on EC2',
      because: 'it is for Fargate',
      input: { launchType: 'EC2', platformVersion: 'LATEST' },
      error: 'InvalidParameterException',
      message: /platform version must be null/,
    },
    {
      name: 'a container that is not there',
      because: 'it cannot be balanced',
      input: {
        loadBalancers: [
          {
            targetGroupArn: 'arn:aws:elasticloadbalancing:eu-central-1:1:targetgroup/a/1',
            containerName: 'api',
            containerPort: 80,
          },
        ],
      },
      error: 'InvalidParameterException',
      message: /The container api does not exist in the task definition/,
    },
    {
      name: 'a port that is not mapped',
      because: 'it cannot be balanced',
      input: {
        loadBalancers: [
          {
            targetGroupArn: 'arn:aws:elasticloadbalancing:eu-central-1:1:targetgroup/a/1',
            containerName: 'web',
            containerPort: 81,
          },
        ],
      },
      error: 'InvalidParameterException',
      message: /did not have a container port 81 defined/,
    },
    {
      name: 'a grace period without a balancer',
      because: 'nothing checks',
      input: { healthCheckGracePeriodSeconds: 5 },
      error: 'InvalidParameterException',
      message: /Health check grace period is only valid/,
    },
    {
      name: 'no desired count',
      because: 'REPLICA needs one',
      input: { desiredCount: undefined },
      error: 'InvalidParameterException',
      message: /DesiredCount/i,
    },
    {
      name: 'a daemon with a count',
      because: 'instances decide',
      input: { schedulingStrategy: 'DAEMON', launchType: 'EC2' },
      error: 'InvalidParameterException',
      message: /does not support a desired count/,
    },
    {
      name: 'a daemon on Fargate',
      because: 'there are no instances',
      input: { schedulingStrategy: 'DAEMON', desiredCount: undefined },
      error: 'InvalidParameterException',
      message: /daemon scheduling strategy does not support/,
    },
    {
      name: 'placement on Fargate',
      because: 'AWS places',
      input: { placementConstraints: [{ type: 'distinctInstance' }] },
      error: 'InvalidParameterException',
      message: /not supported with FARGATE launch type/,
    },
    {
      name: 'a port name that is not mapped',
      because: 'Service Connect finds nothing',
      input: { serviceConnectConfiguration: { enabled: true, namespace: 'shop', services: [{ portName: 'nope' }] } },
      error: 'InvalidParameterException',
      message: /does not refer to any named PortMapping/,
    },
  ])('refuses $name, because $because', async ({ input, error, message }) => {
    const refused = shop.create(input);

    await expect(refused).rejects.toMatchObject({ name: error, message: expect.stringMatching(message) as string });
  });

  test('refuses an inactive definition, because it is no longer offered', async () => {
    await shop.ecs.deregisterTaskDefinition({ taskDefinition: 'web:1' });

    await expect(shop.create({ taskDefinition: 'web:1' })).rejects.toMatchObject({
      name: 'ClientException',
      message: 'TaskDefinition is inactive',
    });
  });
});

describe('a client token', () => {
  test('gets the old answer again, because the first one may have been lost', async () => {
    const first = await shop.create({ clientToken: 'once' });
    await shop.pass(10_000);

    const second = await shop.create({ clientToken: 'once' });

    expect(second).toEqual(first);
  });

  test('gets the old answer even after the service is gone, because ECS replays it for a day', async () => {
    const first = await shop.create({ clientToken: 'once' });
    await shop.ecs.deleteService({ cluster: 'shop', service: 'web', force: true });
    await shop.pass(60_000);

    const second = await shop.create({ clientToken: 'once' });

    expect(second.createdAt).toEqual(first.createdAt);
    expect(await shop.see()).toMatchObject({ status: 'INACTIVE' });
  });

  test('makes a new service after a day, because the answer is forgotten', async () => {
    const first = await shop.create({ clientToken: 'once' });
    await shop.ecs.deleteService({ cluster: 'shop', service: 'web', force: true });
    await shop.pass(25 * 3_600_000);

    const second = await shop.create({ clientToken: 'once' });

    expect(second.createdAt).not.toEqual(first.createdAt);
    expect(await shop.see()).toMatchObject({ status: 'ACTIVE' });
  });

  test.for([
    { name: 'another input', because: 'it is another service', token: 'once' },
    { name: 'another token', because: 'the name is taken', token: 'twice' },
    { name: 'no token', because: 'the name is taken', token: undefined },
  ])('does not help with $name, because $because', async ({ token }) => {
    await shop.create({ clientToken: 'once' });

    await expect(shop.create({ clientToken: token, desiredCount: 3 })).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'Creation of service was not idempotent.',
    });
  });
});

describe('a deployment controller that is not ECS', () => {
  test.for([
    {
      name: 'a network under EXTERNAL',
      because: 'task sets have their own',
      input: { deploymentController: { type: 'EXTERNAL' as const }, taskDefinition: undefined, launchType: undefined },
      message: /^networkConfiguration cannot be specified/,
    },
    {
      name: 'the circuit breaker under CODE_DEPLOY',
      because: 'it belongs to rolling updates',
      input: {
        deploymentController: { type: 'CODE_DEPLOY' as const },
        deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: false } },
      },
      message: /^The deployment circuit breaker is not supported/,
    },
  ])('refuses $name, because $because', async ({ input, message }) => {
    await expect(shop.create(input)).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringMatching(message) as string,
    });
  });
});
