import type { UpdateServiceCommandInput } from '@aws-sdk/client-ecs';
import { beforeEach, describe, expect, test } from 'vitest';
import { NETWORK, openShop, type Shop } from './simulated-shop.ts';

let shop: Shop;

const BALANCER = {
  targetGroupArn: 'arn:aws:elasticloadbalancing:eu-central-1:1:targetgroup/a/1',
  containerName: 'web',
  containerPort: 80,
};

beforeEach(async () => {
  shop = await openShop();
  await shop.define('web:2');
});

async function update(input: Partial<UpdateServiceCommandInput>) {
  return shop.ecs.updateService({ cluster: 'shop', service: 'web', ...input });
}

describe('UpdateService', () => {
  test.for<{ name: string; because: string; input: Partial<UpdateServiceCommandInput>; deploys: boolean }>([
    { name: 'another definition', because: 'tasks are made of it', input: { taskDefinition: 'web:2' }, deploys: true },
    { name: 'the same definition', because: 'nothing differs', input: { taskDefinition: 'web:1' }, deploys: false },
    {
      name: 'another network',
      because: 'tasks are made of it',
      input: { networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-2'] } } },
      deploys: true,
    },
    { name: 'the same network', because: 'nothing differs', input: { networkConfiguration: NETWORK }, deploys: false },
    {
      name: 'another platform version',
      because: 'tasks run on it',
      input: { platformVersion: '1.4.0' },
      deploys: true,
    },
    {
      name: 'a load balancer',
      because: 'tasks are registered with it',
      input: { loadBalancers: [BALANCER] },
      deploys: true,
    },
    {
      name: 'a registry',
      because: 'tasks are registered with it',
      input: { serviceRegistries: [{ registryArn: 'arn:aws:servicediscovery:eu-central-1:1:service/a' }] },
      deploys: true,
    },
    {
      name: 'Service Connect',
      because: 'tasks get a proxy',
      input: { serviceConnectConfiguration: { enabled: true, namespace: 'shop' } },
      deploys: true,
    },
    { name: 'force', because: 'it was asked for', input: { forceNewDeployment: true }, deploys: true },
    { name: 'a count', because: 'the revision stays', input: { desiredCount: 3 }, deploys: false },
    {
      name: 'the deployment configuration',
      because: 'the revision stays',
      input: { deploymentConfiguration: { maximumPercent: 150 } },
      deploys: false,
    },
    {
      name: 'execute command',
      because: 'only new tasks have it',
      input: { enableExecuteCommand: true },
      deploys: false,
    },
    { name: 'tag propagation', because: 'only new tasks have it', input: { propagateTags: 'SERVICE' }, deploys: false },
    {
      name: 'rebalancing',
      because: 'the revision stays',
      input: { availabilityZoneRebalancing: 'DISABLED' },
      deploys: false,
    },
  ])('with $name deploys: $deploys, because $because', async ({ input, deploys }) => {
    await shop.create({ taskDefinition: 'web:1' });
    await shop.pass(10_000);
    const before = (await shop.see()).deployments?.[0]?.id;

    await update(input);

    expect((await shop.see()).deployments?.[0]?.id !== before).toBe(deploys);
  });

  test('leaves what it is not told, because an omitted member means unchanged', async () => {
    const created = await shop.create({ deploymentConfiguration: { maximumPercent: 150 }, propagateTags: 'SERVICE' });

    const { service } = await update({ desiredCount: 3 });

    expect(service).toMatchObject({
      desiredCount: 3,
      propagateTags: 'SERVICE',
      taskDefinition: created.taskDefinition,
      networkConfiguration: created.networkConfiguration,
      deploymentConfiguration: created.deploymentConfiguration,
    });
  });

  test('clears lists with an empty one, because that is the way to remove them', async () => {
    await shop.create({ loadBalancers: [BALANCER] });

    await update({ loadBalancers: [], serviceRegistries: [] });

    expect(await shop.see()).toMatchObject({ loadBalancers: [], serviceRegistries: [] });
  });

  test('merges the deployment configuration by its blocks, because each is replaced whole', async () => {
    await shop.create({
      deploymentConfiguration: { maximumPercent: 150, deploymentCircuitBreaker: { enable: true, rollback: true } },
    });

    await update({ deploymentConfiguration: { minimumHealthyPercent: 50 } });

    expect((await shop.see()).deploymentConfiguration).toMatchObject({
      maximumPercent: 150,
      minimumHealthyPercent: 50,
      deploymentCircuitBreaker: { enable: true, rollback: true },
    });
  });

  test('moves to a capacity provider strategy by force only, because ECS insists', async () => {
    await shop.ecs.putClusterCapacityProviders({
      cluster: 'shop',
      capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
      defaultCapacityProviderStrategy: [],
    });
    await shop.pass(60_000);
    await shop.create();
    const capacityProviderStrategy = [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }];

    await expect(update({ capacityProviderStrategy })).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringMatching(/you must force a new deployment\.$/) as string,
    });
    await update({ capacityProviderStrategy, forceNewDeployment: true });
    const moved = await shop.see();
    await update({ capacityProviderStrategy: [], forceNewDeployment: true });

    expect(moved.launchType).toBeUndefined();
    expect(moved.capacityProviderStrategy).toEqual([{ capacityProvider: 'FARGATE_SPOT', weight: 1, base: 0 }]);
    expect(await shop.see()).toMatchObject({ launchType: 'FARGATE' });
    expect((await shop.see()).capacityProviderStrategy).toBeUndefined();
  });

  test.for<{ name: string; because: string; input: Partial<UpdateServiceCommandInput>; message: string }>([
    {
      name: 'the definition',
      because: 'CodeDeploy changes it',
      input: { taskDefinition: 'web:2' },
      message:
        'Unable to update task definition on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment.',
    },
    {
      name: 'the network',
      because: 'CodeDeploy changes it',
      input: { networkConfiguration: NETWORK },
      message:
        'Unable to update network parameters on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment.',
    },
    {
      name: 'a forced deployment',
      because: 'CodeDeploy deploys',
      input: { forceNewDeployment: true },
      message:
        'Cannot force a new deployment on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment.',
    },
  ])('refuses $name under CODE_DEPLOY, because $because', async ({ input, message }) => {
    await shop.create({ deploymentController: { type: 'CODE_DEPLOY' }, loadBalancers: [BALANCER] });

    await expect(update(input)).rejects.toMatchObject({ name: 'InvalidParameterException', message });
    expect((await update({ desiredCount: 5 })).service).toMatchObject({ desiredCount: 5 });
  });

  test('refuses what is not ACTIVE, because it will never run again', async () => {
    await expect(update({ desiredCount: 1 })).rejects.toMatchObject({
      name: 'ServiceNotFoundException',
      message: 'Service not found.',
    });
    await shop.create({ desiredCount: 0 });
    await shop.ecs.deleteService({ cluster: 'shop', service: 'web' });
    await shop.pass(5_000);

    await expect(update({ desiredCount: 1 })).rejects.toMatchObject({
      name: 'ServiceNotActiveException',
      message: 'Service was not ACTIVE.',
    });
  });
});
