import type { Cluster, ClusterField } from '@aws-sdk/client-ecs';
import { beforeEach, describe, expect, test } from 'vitest';
import { NETWORK, openShop, type Shop } from './simulated-shop.ts';

let shop: Shop;

beforeEach(async () => {
  shop = await openShop();
});

async function see(name: string, include: ClusterField[] = []): Promise<Cluster> {
  const { clusters } = await shop.ecs.describeClusters({ clusters: [name], include });
  return clusters?.[0] ?? {};
}

describe('CreateCluster', () => {
  test('is called default without a name, because the SDK says so', async () => {
    expect((await shop.ecs.createCluster({})).cluster?.clusterName).toBe('default');
  });

  test('answers with the cluster that is there, unchanged, because only its tags tell whose it is', async () => {
    await shop.ecs.createCluster({ clusterName: 'a', tags: [{ key: 'owner', value: 'me' }] });

    const { cluster } = await shop.ecs.createCluster({ clusterName: 'a', tags: [{ key: 'owner', value: 'you' }] });

    expect(cluster?.tags).toEqual([{ key: 'owner', value: 'me' }]);
  });

  test('is PROVISIONING at first with capacity providers, because they have to be attached', async () => {
    const { cluster } = await shop.ecs.createCluster({ clusterName: 'a', capacityProviders: ['FARGATE'] });
    await shop.pass(5_000);

    expect([cluster?.status, (await see('a')).status]).toEqual(['PROVISIONING', 'ACTIVE']);
  });

  test('answers a namespace by its ARN, because a name is only another way to say it', async () => {
    const { cluster } = await shop.ecs.createCluster({
      clusterName: 'a',
      serviceConnectDefaults: { namespace: 'internal' },
    });

    expect(cluster?.serviceConnectDefaults?.namespace).toMatch(/^arn:aws:servicediscovery:.*:namespace\/ns-\w{16}$/);
  });

  test.for([
    ['bad name!', 'the name has a pattern', { clusterName: 'bad name!' }],
    ['an unknown provider', 'it must exist', { clusterName: 'a', capacityProviders: ['none'] }],
    [
      'a strategy with a provider that the cluster lacks',
      'only attached ones can be used',
      {
        clusterName: 'a',
        capacityProviders: ['FARGATE'],
        defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }],
      },
    ],
    [
      'OVERRIDE without a log configuration',
      'there is nothing to log to',
      { clusterName: 'a', configuration: { executeCommandConfiguration: { logging: 'OVERRIDE' as const } } },
    ],
  ] as const)('refuses %s, because %s', async ([, , input]) => {
    await expect(shop.ecs.createCluster(structuredClone(input) as never)).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });
});

describe('DescribeClusters', () => {
  test('shows settings, tags, configuration and attachments only where asked, because a reader may forget to', async () => {
    await shop.ecs.createCluster({
      clusterName: 'a',
      tags: [{ key: 'owner', value: 'me' }],
      configuration: { executeCommandConfiguration: { logging: 'NONE' } },
    });

    const plain = await see('a');
    const whole = await see('a', ['TAGS', 'SETTINGS', 'CONFIGURATIONS', 'ATTACHMENTS', 'STATISTICS']);

    expect(plain).toMatchObject({ tags: [], settings: [], statistics: [] });
    expect(plain.configuration).toBeUndefined();
    expect(whole).toMatchObject({
      tags: [{ key: 'owner', value: 'me' }],
      settings: [{ name: 'containerInsights', value: 'disabled' }],
      configuration: { executeCommandConfiguration: { logging: 'NONE' } },
      attachments: [],
    });
    expect(whole.statistics).toContainEqual({ name: 'runningFargateTasksCount', value: '0' });
  });

  test('counts services and tasks, because people look at it', async () => {
    await shop.create();
    await shop.pass(30_000);

    expect(await see('shop')).toMatchObject({ activeServicesCount: 1, runningTasksCount: 2, pendingTasksCount: 0 });
  });

  test('takes a hundred names, because that is the size of a batch', async () => {
    const clusters = Array.from({ length: 101 }, (_, at) => `c-${at}`);

    await expect(shop.ecs.describeClusters({ clusters })).rejects.toMatchObject({ name: 'InvalidParameterException' });
    const { failures } = await shop.ecs.describeClusters({ clusters: clusters.slice(0, 100) });
    expect(failures).toHaveLength(100);
  });
});

describe('UpdateCluster', () => {
  test('leaves what it does not name, and an empty namespace removes the default', async () => {
    await shop.ecs.createCluster({ clusterName: 'a', serviceConnectDefaults: { namespace: 'internal' } });

    await shop.ecs.updateClusterSettings({
      cluster: 'a',
      settings: [{ name: 'containerInsights', value: 'enhanced' }],
    });
    const before = await see('a', ['SETTINGS']);
    await shop.ecs.updateCluster({ cluster: 'a', serviceConnectDefaults: { namespace: '' } });
    const after = await see('a', ['SETTINGS']);

    expect(before.serviceConnectDefaults).toBeDefined();
    expect(after.serviceConnectDefaults).toBeUndefined();
    expect(after.settings).toEqual([{ name: 'containerInsights', value: 'enhanced' }]);
  });
});

describe('PutClusterCapacityProviders', () => {
  const both = {
    cluster: 'shop',
    capacityProviders: ['FARGATE_SPOT', 'FARGATE'],
    defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }],
  };

  test('is refused while one is in progress, because ECS attaches one list at a time', async () => {
    const { cluster } = await shop.ecs.putClusterCapacityProviders(both);
    const again = shop.ecs.putClusterCapacityProviders(both);

    await expect(again).rejects.toMatchObject({ name: 'UpdateInProgressException' });
    expect(cluster?.attachmentsStatus).toBe('UPDATE_IN_PROGRESS');
    await shop.pass(5_000);
    await expect(shop.ecs.putClusterCapacityProviders(both)).resolves.toBeDefined();
  });

  test('answers its own order and fills the strategy, because comparisons must not lean on either', async () => {
    const { cluster } = await shop.ecs.putClusterCapacityProviders(both);

    expect(cluster?.capacityProviders).toEqual(['FARGATE', 'FARGATE_SPOT']);
    expect(cluster?.defaultCapacityProviderStrategy).toEqual([
      { capacityProvider: 'FARGATE_SPOT', weight: 1, base: 0 },
    ]);
  });

  test('keeps a provider that a service uses, because its tasks would have nowhere to go', async () => {
    await shop.ecs.putClusterCapacityProviders(both);
    await shop.pass(5_000);
    await shop.ecs.createService({
      cluster: 'shop',
      serviceName: 'web',
      taskDefinition: 'web',
      desiredCount: 1,
      capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }],
      networkConfiguration: NETWORK,
    });

    const removal = shop.ecs.putClusterCapacityProviders({
      cluster: 'shop',
      capacityProviders: ['FARGATE'],
      defaultCapacityProviderStrategy: [],
    });

    await expect(removal).rejects.toMatchObject({ name: 'ResourceInUseException' });
  });
});

describe('DeleteCluster', () => {
  test('refuses services first and then tasks, because they would be orphans', async () => {
    await shop.create();
    await shop.pass(30_000);
    await expect(shop.ecs.deleteCluster({ cluster: 'shop' })).rejects.toMatchObject({
      name: 'ClusterContainsServicesException',
    });

    await shop.ecs.deleteService({ cluster: 'shop', service: 'web', force: true });
    await shop.pass(60_000);

    await expect(shop.ecs.deleteCluster({ cluster: 'shop' })).resolves.toMatchObject({
      cluster: { status: 'INACTIVE' },
    });
  });

  test('leaves it INACTIVE and unlisted for a while, with its name free, as AWS does', async () => {
    await shop.ecs.deleteCluster({ cluster: 'shop' });

    expect((await see('shop')).status).toBe('INACTIVE');
    expect((await shop.ecs.listClusters({})).clusterArns).toEqual([]);
    await expect(shop.ecs.deleteCluster({ cluster: 'shop' })).rejects.toMatchObject({
      name: 'ClusterNotFoundException',
    });

    await shop.ecs.createCluster({ clusterName: 'shop' });
    await shop.pass(2 * 3_600_000);

    expect((await see('shop')).status).toBe('ACTIVE');
  });
});

describe('capacity providers', () => {
  const create = { name: 'ours', autoScalingGroupProvider: { autoScalingGroupArn: 'arn:aws:autoscaling:x' } };

  test('get the defaults that were seen on live ones', async () => {
    const { capacityProvider } = await shop.ecs.createCapacityProvider(create);

    expect(capacityProvider?.autoScalingGroupProvider).toMatchObject({
      managedTerminationProtection: 'DISABLED',
      managedDraining: 'ENABLED',
      managedScaling: { targetCapacity: 100, instanceWarmupPeriod: 300 },
    });
  });

  test('cannot be deleted while a cluster has them, and those of Fargate never', async () => {
    await shop.ecs.createCapacityProvider(create);
    await shop.ecs.createCluster({ clusterName: 'a', capacityProviders: ['ours'] });

    await expect(shop.ecs.deleteCapacityProvider({ capacityProvider: 'ours' })).rejects.toMatchObject({
      name: 'ResourceInUseException',
    });
    await expect(shop.ecs.deleteCapacityProvider({ capacityProvider: 'FARGATE' })).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });
});
