import type { Cluster } from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import { clusterArn, createFakeGateway } from '../../../test/support/fake-gateway.ts';
import { lookOnce, managed, settle } from '../../../test/support/settle.ts';
import { ownerTags } from '../../api/ownership.ts';
import { ecsCluster } from './kind.ts';
import type { EcsClusterSpec, EcsClusterStatus } from './schema.ts';

const OURS = ownerTags({ clusterId: 'prod-1', kind: 'EcsCluster', namespace: 'shop', name: 'web' });

function object(spec: EcsClusterSpec = {}, status: Partial<EcsClusterStatus> = {}) {
  return managed(ecsCluster, spec, { status });
}

/** A cluster of ours, as ECS shows a bare one. */
function cluster(members: Partial<Cluster> = {}): Cluster {
  return {
    clusterName: 'web',
    clusterArn: clusterArn('web'),
    status: 'ACTIVE',
    tags: OURS,
    settings: [{ name: 'containerInsights', value: 'disabled' }],
    capacityProviders: [],
    defaultCapacityProviderStrategy: [],
    activeServicesCount: 0,
    runningTasksCount: 0,
    pendingTasksCount: 0,
    registeredContainerInstancesCount: 0,
    ...members,
  };
}

function world(...clusters: Cluster[]) {
  return createFakeGateway({ clusters });
}

const FULL: EcsClusterSpec = {
  settings: [{ name: 'containerInsights', value: 'enhanced' }],
  configuration: {
    executeCommandConfiguration: {
      kmsKeyId: 'key',
      logging: 'OVERRIDE',
      logConfiguration: { cloudWatchLogGroupName: 'exec', cloudWatchEncryptionEnabled: true },
    },
    managedStorageConfiguration: { kmsKeyId: 'ebs' },
  },
  serviceConnectDefaults: { namespace: 'shop.local' },
  capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
  defaultCapacityProviderStrategy: [
    { capacityProvider: 'FARGATE', weight: 1, base: 1 },
    { capacityProvider: 'FARGATE_SPOT' },
  ],
  tags: [{ key: 'team', value: 'a' }],
};

describe('creation', () => {
  test('is one call with everything in it, and nothing afterwards', async () => {
    const gateway = world();

    const settled = await settle({ kind: ecsCluster, object: object(FULL), gateway });

    expect(gateway.writes).toEqual([
      {
        call: 'CreateCluster',
        input: {
          clusterName: 'web',
          settings: [{ name: 'containerInsights', value: 'enhanced' }],
          configuration: FULL.configuration,
          serviceConnectDefaults: { namespace: 'shop.local' },
          capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
          defaultCapacityProviderStrategy: [
            { capacityProvider: 'FARGATE', weight: 1, base: 1 },
            { capacityProvider: 'FARGATE_SPOT' },
          ],
          tags: [{ key: 'team', value: 'a' }, ...OURS],
        },
      },
    ]);
    expect(settled.last).toEqual({ verdict: 'in-sync' });
    expect(settled.object.status).toMatchObject({ arn: clusterArn('web'), state: 'ACTIVE', activeServicesCount: 0 });
  });

  test('takes the stated name', async () => {
    const gateway = world();

    await settle({ kind: ecsCluster, object: object({ clusterName: 'other' }), gateway });

    expect([...gateway.clusters.keys()]).toEqual(['other']);
  });

  test('comes again after somebody deleted the cluster, because INACTIVE is as none', async () => {
    const gateway = world(cluster({ status: 'INACTIVE' }));

    await settle({ kind: ecsCluster, object: object(), gateway });

    expect(gateway.writes.map(({ call }) => call)).toEqual(['CreateCluster']);
  });

  test('remembers what it states before it writes, because a crash must not lose what is to be cleared', async () => {
    const { plan } = await lookOnce({ kind: ecsCluster, object: object(FULL), gateway: world() });

    expect(plan).toMatchObject({
      intents: {
        lastApplied: {
          fields: expect.arrayContaining(['settings.containerInsights', 'capacityProviders']),
          tagKeys: ['team'],
        },
      },
    });
  });
});

describe('comparison', () => {
  test.for<{ name: string; because: string; spec: EcsClusterSpec; found: Partial<Cluster> }>([
    {
      name: 'nothing stated',
      because: 'unset means not ours',
      spec: {},
      found: {
        settings: [{ name: 'containerInsights', value: 'enabled' }],
        capacityProviders: ['FARGATE'],
        configuration: { executeCommandConfiguration: { logging: 'NONE' } },
      },
    },
    {
      name: 'C1 a setting at its default',
      because: 'ECS may not show it',
      spec: { settings: [{ name: 'containerInsights', value: 'disabled' }] },
      found: { settings: [] },
    },
    {
      name: 'C1 no setting named',
      because: "the account's default may be another",
      spec: { settings: [] },
      found: { settings: [{ name: 'containerInsights', value: 'enabled' }] },
    },
    {
      name: 'C2 providers in another order',
      because: 'ECS sorts them anew',
      spec: { capacityProviders: ['FARGATE', 'FARGATE_SPOT'] },
      found: { capacityProviders: ['FARGATE_SPOT', 'FARGATE'] },
    },
    {
      name: 'C2 a provider that is named twice',
      because: 'ECS may show it once, and would be asked for the second one for ever',
      spec: { capacityProviders: ['FARGATE', 'FARGATE'] },
      found: { capacityProviders: ['FARGATE'] },
    },
    {
      name: 'C3 a strategy with defaults and in another order',
      because: 'base and weight are 0 unless said otherwise',
      spec: { defaultCapacityProviderStrategy: [{ capacityProvider: 'a' }, { capacityProvider: 'b', weight: 1 }] },
      found: {
        defaultCapacityProviderStrategy: [
          { capacityProvider: 'b', weight: 1, base: 0 },
          { capacityProvider: 'a', weight: 0, base: 0 },
        ],
      },
    },
    {
      name: 'C4 logging at its default',
      because: 'ECS shows no configuration then',
      spec: { configuration: { executeCommandConfiguration: { logging: 'DEFAULT' } } },
      found: {},
    },
    {
      name: 'C5 a namespace by name, shown by ARN',
      because: 'the ARN does not hold the name',
      spec: { serviceConnectDefaults: { namespace: 'shop' } },
      found: {
        serviceConnectDefaults: { namespace: 'arn:aws:servicediscovery:eu-west-1:123456789012:namespace/ns-1' },
      },
    },
    {
      name: 'C6 counts and attachments',
      because: 'ECS only shows them',
      spec: {},
      found: {
        activeServicesCount: 3,
        statistics: [{ name: 'runningEC2TasksCount', value: '3' }],
        attachmentsStatus: 'UPDATE_COMPLETE',
      },
    },
    {
      name: 'an explicit nothing that is nothing',
      because: 'what ECS leaves out is the same',
      spec: { capacityProviders: [], serviceConnectDefaults: { namespace: '' } },
      found: { capacityProviders: undefined },
    },
    {
      name: "another's tag",
      because: 'only tags that we put are ours',
      spec: {},
      found: { tags: [...OURS, { key: 'cost', value: '1' }] },
    },
  ])('$name is in sync, because $because', async ({ spec, found }) => {
    const { plan } = await lookOnce({ kind: ecsCluster, object: object(spec), gateway: world(cluster(found)) });

    expect(plan).toEqual({ verdict: 'in-sync' });
  });

  test.for<{ name: string; spec: EcsClusterSpec; found: Partial<Cluster>; paths: string[]; input: object }>([
    {
      name: 'a setting',
      spec: { settings: [{ name: 'containerInsights', value: 'enabled' }] },
      found: {},
      paths: ['settings.containerInsights'],
      input: { cluster: 'web', settings: [{ name: 'containerInsights', value: 'enabled' }] },
    },
    {
      name: 'a part of the configuration, with what is not ours sent back as it was',
      spec: { configuration: { executeCommandConfiguration: { kmsKeyId: 'new' } } },
      found: {
        configuration: {
          executeCommandConfiguration: { logging: 'OVERRIDE', logConfiguration: { s3BucketName: 'theirs' } },
          managedStorageConfiguration: { kmsKeyId: 'theirs' },
        },
      },
      paths: ['configuration.executeCommandConfiguration.kmsKeyId'],
      input: {
        cluster: 'web',
        configuration: {
          executeCommandConfiguration: {
            kmsKeyId: 'new',
            logging: 'OVERRIDE',
            logConfiguration: {
              cloudWatchEncryptionEnabled: false,
              s3BucketName: 'theirs',
              s3EncryptionEnabled: false,
            },
          },
          managedStorageConfiguration: { kmsKeyId: 'theirs' },
        },
      },
    },
    {
      name: 'an explicit empty namespace',
      spec: { serviceConnectDefaults: { namespace: '' } },
      found: { serviceConnectDefaults: { namespace: 'shop' } },
      paths: ['serviceConnectDefaults.namespace'],
      input: { cluster: 'web', serviceConnectDefaults: { namespace: '' } },
    },
  ])('UpdateCluster for $name', async ({ spec, found, paths, input }) => {
    const { plan } = await lookOnce({ kind: ecsCluster, object: object(spec), gateway: world(cluster(found)) });

    expect(plan).toMatchObject({
      verdict: 'change',
      because: paths.map((path) => ({ path })),
      steps: [{ call: 'UpdateCluster', input }],
    });
  });

  test('both lists of providers go together, because the call replaces both', async () => {
    const gateway = world(
      cluster({
        capacityProviders: ['FARGATE'],
        defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1 }],
      }),
    );

    await settle({ kind: ecsCluster, object: object({ capacityProviders: ['FARGATE', 'FARGATE_SPOT'] }), gateway });

    expect(gateway.writes).toEqual([
      {
        call: 'PutClusterCapacityProviders',
        input: {
          cluster: 'web',
          capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
          defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1 }],
        },
      },
    ]);
  });
});

describe('clearing', () => {
  test('a field that was stated and is removed goes back to its default', async () => {
    const gateway = world();
    const first = await settle({ kind: ecsCluster, object: object(FULL), gateway });

    const second = await settle({ kind: ecsCluster, object: { ...first.object, spec: {} }, gateway });

    expect(second.last).toEqual({ verdict: 'in-sync' });
    expect(gateway.clusters.get('web')).toMatchObject({
      settings: [{ name: 'containerInsights', value: 'disabled' }],
      configuration: {
        executeCommandConfiguration: { logging: 'DEFAULT' },
        managedStorageConfiguration: { kmsKeyId: 'ebs' },
      },
      serviceConnectDefaults: { namespace: '' },
      capacityProviders: [],
      defaultCapacityProviderStrategy: [],
      tags: OURS,
    });
    expect(second.object.status.lastApplied).toEqual({ fields: [], tagKeys: [] });
  });

  test('nothing is cleared where the memory is lost, because it may not be ours', async () => {
    const gateway = world();
    await settle({ kind: ecsCluster, object: object(FULL), gateway });
    const before = gateway.writes.length;

    await settle({ kind: ecsCluster, object: object({}), gateway });

    expect(gateway.writes).toHaveLength(before);
  });

  test('a crash between memory and write clears in the end all the same', async () => {
    const gateway = world(cluster({ settings: [{ name: 'containerInsights', value: 'enabled' }] }));
    const stated = object({ settings: [{ name: 'containerInsights', value: 'enabled' }] });
    const { object: remembered } = await settle({ kind: ecsCluster, object: stated, gateway });
    const removed = { ...remembered, spec: {} };
    const { plan, status } = await lookOnce({ kind: ecsCluster, object: removed, gateway });
    const intents = plan !== 'not-owned' && 'intents' in plan ? plan.intents : {};

    await settle({ kind: ecsCluster, object: { ...removed, status: { ...status, ...intents } }, gateway });

    expect(gateway.clusters.get('web')?.settings).toEqual([{ name: 'containerInsights', value: 'disabled' }]);
  });
});

function namespaceArn(id: string): string {
  return `arn:aws:servicediscovery:eu-west-1:123456789012:namespace/${id}`;
}

describe('namespaces', () => {
  test('a change of name is seen, although ECS shows ARNs only', async () => {
    const spec = { serviceConnectDefaults: { namespace: 'a' } };
    const gateway = world(cluster({ serviceConnectDefaults: { namespace: namespaceArn('ns-a') } }));
    const { object: settled } = await settle({ kind: ecsCluster, object: object(spec), gateway });
    const renamed = { ...settled, spec: { serviceConnectDefaults: { namespace: 'b' } } };

    const { plan } = await lookOnce({ kind: ecsCluster, object: renamed, gateway });

    expect(plan).toMatchObject({
      steps: [{ call: 'UpdateCluster', input: { serviceConnectDefaults: { namespace: 'b' } } }],
    });
  });

  test('another ARN under the same name is drift', async () => {
    const spec = { serviceConnectDefaults: { namespace: 'a' } };
    const { object: settled } = await settle({
      kind: ecsCluster,
      object: object(spec),
      gateway: world(cluster({ serviceConnectDefaults: { namespace: namespaceArn('ns-a') } })),
    });

    const moved = world(cluster({ serviceConnectDefaults: { namespace: namespaceArn('ns-x') } }));
    const { plan } = await lookOnce({ kind: ecsCluster, object: settled, gateway: moved });

    expect(plan).toMatchObject({ verdict: 'change', because: [{ path: 'serviceConnectDefaults.namespace' }] });
  });
});

describe('states of ECS', () => {
  test.for<[string, Partial<Cluster>, EcsClusterSpec, object]>([
    ['PROVISIONING waits', { status: 'PROVISIONING' }, {}, { verdict: 'wait', reason: 'ClusterUpdating' }],
    ['DEPROVISIONING waits', { status: 'DEPROVISIONING' }, {}, { verdict: 'wait', reason: 'ClusterUpdating' }],
    ['FAILED needs a person', { status: 'FAILED' }, {}, { verdict: 'refuse', reason: 'ClusterFailed' }],
    [
      'attachments under way wait',
      { attachmentsStatus: 'UPDATE_IN_PROGRESS' },
      {},
      { verdict: 'wait', reason: 'ClusterUpdating' },
    ],
    [
      'attachments that failed need a person where providers are ours',
      {
        attachmentsStatus: 'UPDATE_FAILED',
        capacityProviders: ['mine'],
        attachments: [{ id: 'as-1', status: 'FAILED' }],
      },
      { capacityProviders: ['mine'] },
      { verdict: 'refuse', reason: 'CapacityProvidersFailed', message: expect.stringContaining('as-1') },
    ],
    [
      'attachments that failed are not ours otherwise',
      { attachmentsStatus: 'UPDATE_FAILED' },
      {},
      { verdict: 'in-sync' },
    ],
    [
      'providers are not put while ECS attaches others',
      { attachmentsStatus: 'UPDATE_IN_PROGRESS' },
      { capacityProviders: ['mine'] },
      { verdict: 'wait', reason: 'ClusterUpdating' },
    ],
  ])('%s', async ([, found, spec, expected]) => {
    const { plan } = await lookOnce({ kind: ecsCluster, object: object(spec), gateway: world(cluster(found)) });

    expect(plan).toMatchObject(expected);
  });
});

describe('ownership', () => {
  test('adopting an equal cluster only tags it', async () => {
    const gateway = world(cluster({ tags: [{ key: 'cost', value: '1' }], capacityProviders: ['FARGATE'] }));

    const settled = await settle({
      kind: ecsCluster,
      object: object({ adoptionPolicy: 'Adopt', capacityProviders: ['FARGATE'] }),
      gateway,
    });

    expect(gateway.writes).toEqual([{ call: 'TagResource', input: { resourceArn: clusterArn('web'), tags: OURS } }]);
    expect(settled.last).toEqual({ verdict: 'in-sync' });
  });

  test('tags of ours that were lost come back, and those of others stay', async () => {
    const first = await settle({
      kind: ecsCluster,
      object: object({ tags: [{ key: 'a', value: '1' }] }),
      gateway: world(),
    });
    const gateway = world(cluster({ tags: [...OURS, { key: 'theirs', value: '1' }, { key: 'a', value: '1' }] }));

    await settle({
      kind: ecsCluster,
      object: { ...first.object, spec: { tags: [{ key: 'b', value: '1' }] } },
      gateway,
    });

    expect(gateway.clusters.get('web')?.tags).toEqual([
      ...OURS,
      { key: 'theirs', value: '1' },
      { key: 'b', value: '1' },
    ]);
  });

  test('Observe compares without our tags', async () => {
    const gateway = world(cluster({ tags: [] }));

    const { plan } = await lookOnce({ kind: ecsCluster, object: object({ managementPolicy: 'Observe' }), gateway });

    expect(plan).toEqual({ verdict: 'in-sync' });
  });

  test('Observe remembers nothing, because it never put anything that could be cleared', async () => {
    const gateway = world(cluster({ tags: [{ key: 'team', value: 'a' }], capacityProviders: ['FARGATE'] }));
    const lastApplied = { fields: ['capacityProviders'], tagKeys: ['team'] };

    const { plan, status } = await lookOnce({
      kind: ecsCluster,
      object: object({ managementPolicy: 'Observe' }, { lastApplied }),
      gateway,
    });

    expect(plan).toEqual({ verdict: 'in-sync' });
    expect(status).not.toHaveProperty('lastApplied');
  });

  test('the command of release names every tag of ours', () => {
    const command = ecsCluster.releaseCommand({ cluster: 'web', group: '/' }, { cluster: cluster(), occupants: [] });

    expect(command).toContain(`aws ecs untag-resource --region eu-west-1 --resource-arn ${clusterArn('web')}`);
  });
});

describe('deletion', () => {
  test('deletes what is empty and ours', async () => {
    const gateway = world(cluster());

    const settled = await settle({ kind: ecsCluster, object: object(), gateway, isDeleting: true });

    expect(gateway.writes).toEqual([{ call: 'DeleteCluster', input: { cluster: clusterArn('web') } }]);
    expect(settled.last).toEqual({ verdict: 'in-sync' });
  });

  test.for<[string, Partial<Cluster>, string]>([
    ['services', { activeServicesCount: 1 }, 'services: 1 (service/web/web)'],
    ['tasks', { runningTasksCount: 2 }, 'tasks: 2 (task/web/0123456789abcdef)'],
    ['services that drain', { statistics: [{ name: 'drainingEC2ServiceCount', value: '1' }] }, 'services: 1'],
  ])('waits for %s and names them', async ([, found, words]) => {
    const gateway = world(cluster(found));

    const { plan } = await lookOnce({ kind: ecsCluster, object: object(), gateway, isDeleting: true });

    expect(plan).toMatchObject({ verdict: 'wait', reason: 'ClusterNotEmpty', message: expect.stringContaining(words) });
  });

  test('asks for no names where there is nothing to name', async () => {
    const gateway = world(cluster());

    await lookOnce({ kind: ecsCluster, object: object(), gateway, isDeleting: true });

    expect(gateway.reads).toEqual(['describeCluster web']);
  });

  test('Retain takes our tags off and leaves the rest', async () => {
    const gateway = world(cluster({ tags: [...OURS, { key: 'team', value: 'a' }], activeServicesCount: 3 }));

    const settled = await settle({
      kind: ecsCluster,
      object: object({ deletionPolicy: 'Retain' }),
      gateway,
      isDeleting: true,
    });

    expect(gateway.clusters.get('web')).toMatchObject({ status: 'ACTIVE', tags: [{ key: 'team', value: 'a' }] });
    expect(settled.last).toEqual({ verdict: 'in-sync' });
  });

  test.for<[string, Cluster[]]>([
    ['is nowhere', []],
    ['is gone', [cluster({ status: 'INACTIVE' })]],
    [
      "is somebody else's",
      [cluster({ tags: ownerTags({ clusterId: 'x', kind: 'EcsCluster', namespace: 'shop', name: 'web' }) })],
    ],
    ["is nobody's", [cluster({ tags: [] })]],
  ])('has nothing to do where the cluster %s', async ([, clusters]) => {
    const gateway = world(...clusters);

    const settled = await settle({ kind: ecsCluster, object: object(), gateway, isDeleting: true });

    expect(settled.last).toEqual({ verdict: 'in-sync' });
    expect(gateway.writes).toEqual([]);
  });

  test('waits while ECS is at work on the cluster, because it would refuse', async () => {
    const gateway = world(cluster({ attachmentsStatus: 'UPDATE_IN_PROGRESS' }));

    const { plan } = await lookOnce({ kind: ecsCluster, object: object(), gateway, isDeleting: true });

    expect(plan).toMatchObject({ verdict: 'wait', reason: 'ClusterUpdating' });
  });
});
