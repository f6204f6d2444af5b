import {
  CreateClusterCommand,
  DeleteClusterCommand,
  DescribeClustersCommand,
  PutClusterCapacityProvidersCommand,
  UpdateClusterCommand,
} from '@aws-sdk/client-ecs';
import { expect } from 'vitest';
import { type Case, createService, errorOf, expectTagsAfter, retag, TAGS_BEFORE } from './ecs-case.ts';

export const CLUSTER_CASES: readonly Case[] = [
  {
    id: 'cluster-missing',
    fact: 'DescribeClusters answers an unknown name with a failure MISSING whose ARN holds the account',
    async run(ecs, name) {
      const { clusters, failures } = await ecs.send(new DescribeClustersCommand({ clusters: [name] }));
      expect(clusters).toEqual([]);
      expect(failures).toMatchObject([{ reason: 'MISSING' }]);
      expect(failures?.[0]?.arn).toMatch(/^arn:aws:ecs:[a-z0-9-]+:\d{12}:cluster\//);
    },
  },
  {
    id: 'cluster-tags-on-request',
    fact: 'DescribeClusters shows tags only where TAGS is included',
    async run(ecs, name) {
      await ecs.send(new CreateClusterCommand({ clusterName: name, tags: [{ key: 'team', value: 'shop' }] }));
      const without = await ecs.send(new DescribeClustersCommand({ clusters: [name] }));
      const withTags = await ecs.send(new DescribeClustersCommand({ clusters: [name], include: ['TAGS'] }));
      expect(without.clusters?.[0]?.tags ?? []).toEqual([]);
      expect(withTags.clusters?.[0]?.tags).toEqual([{ key: 'team', value: 'shop' }]);
    },
  },
  {
    id: 'cluster-create-again',
    fact: 'CreateCluster with the name of an ACTIVE cluster answers with that cluster',
    async run(ecs, name) {
      const first = await ecs.send(new CreateClusterCommand({ clusterName: name }));
      const second = await ecs.send(new CreateClusterCommand({ clusterName: name }));
      expect(second.cluster?.clusterArn).toBe(first.cluster?.clusterArn);
    },
  },
  {
    id: 'cluster-update-settings',
    fact: 'UpdateCluster changes a setting, shown where SETTINGS is included',
    async run(ecs, name) {
      await ecs.send(new CreateClusterCommand({ clusterName: name }));
      const settings = [{ name: 'containerInsights', value: 'enabled' } as const];
      await ecs.send(new UpdateClusterCommand({ cluster: name, settings }));
      const { clusters } = await ecs.send(new DescribeClustersCommand({ clusters: [name], include: ['SETTINGS'] }));
      expect(clusters?.[0]?.settings).toEqual(settings);
    },
  },
  {
    id: 'cluster-capacity-providers',
    fact: 'PutClusterCapacityProviders sets both lists',
    async run(ecs, name) {
      await ecs.send(new CreateClusterCommand({ clusterName: name }));
      await ecs.send(
        new PutClusterCapacityProvidersCommand({
          cluster: name,
          capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
          defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1 }],
        }),
      );
      const { clusters } = await ecs.send(new DescribeClustersCommand({ clusters: [name] }));
      expect(clusters?.[0]?.capacityProviders?.toSorted()).toEqual(['FARGATE', 'FARGATE_SPOT']);
      expect(clusters?.[0]?.defaultCapacityProviderStrategy).toEqual([
        { capacityProvider: 'FARGATE', weight: 1, base: 0 },
      ]);
    },
  },
  {
    id: 'cluster-deleted-lingers',
    fact: 'a deleted cluster is INACTIVE or MISSING, and its name can be used again',
    async run(ecs, name) {
      await ecs.send(new CreateClusterCommand({ clusterName: name }));
      await ecs.send(new DeleteClusterCommand({ cluster: name }));
      const { clusters, failures } = await ecs.send(new DescribeClustersCommand({ clusters: [name] }));
      expect(clusters?.[0]?.status ?? failures?.[0]?.reason).toMatch(/^(?:INACTIVE|MISSING)$/);
      const again = await ecs.send(new CreateClusterCommand({ clusterName: name }));
      expect(again.cluster?.status).toBe('ACTIVE');
    },
  },
  {
    id: 'cluster-with-services',
    fact: 'DeleteCluster refuses while services are in it',
    async run(ecs, name) {
      await createService(ecs, name);
      expect(await errorOf(ecs.send(new DeleteClusterCommand({ cluster: name })))).toBe(
        'ClusterContainsServicesException',
      );
    },
  },
  {
    id: 'cluster-tags-changed',
    fact: 'TagResource adds to and overwrites the tags of a cluster, UntagResource takes off those it names',
    async run(ecs, name) {
      const { cluster } = await ecs.send(new CreateClusterCommand({ clusterName: name, tags: TAGS_BEFORE }));
      await retag(ecs, cluster?.clusterArn);
      const { clusters } = await ecs.send(new DescribeClustersCommand({ clusters: [name], include: ['TAGS'] }));
      expectTagsAfter(clusters?.[0]?.tags);
    },
  },
  {
    id: 'cluster-by-arn',
    fact: 'DescribeClusters takes an ARN as well as a name',
    async run(ecs, name) {
      const { cluster } = await ecs.send(new CreateClusterCommand({ clusterName: name }));
      const { clusters } = await ecs.send(new DescribeClustersCommand({ clusters: [cluster?.clusterArn ?? ''] }));
      expect(clusters).toMatchObject([{ clusterName: name, status: 'ACTIVE' }]);
    },
  },
  {
    id: 'cluster-some-missing',
    fact: 'DescribeClusters answers what is there, and a failure for each that is not',
    async run(ecs, name) {
      await ecs.send(new CreateClusterCommand({ clusterName: name }));
      const command = new DescribeClustersCommand({ clusters: [name, `${name}-none`] });
      const { clusters, failures } = await ecs.send(command);
      expect(clusters).toMatchObject([{ clusterName: name }]);
      expect(failures).toMatchObject([{ arn: expect.stringMatching(`cluster/${name}-none$`), reason: 'MISSING' }]);
    },
  },
  {
    id: 'cluster-provider-unknown',
    fact: 'PutClusterCapacityProviders refuses a provider that does not exist',
    async run(ecs, name) {
      await ecs.send(new CreateClusterCommand({ clusterName: name }));
      const command = new PutClusterCapacityProvidersCommand({
        cluster: name,
        capacityProviders: [`${name}-none`],
        defaultCapacityProviderStrategy: [],
      });
      expect(await errorOf(ecs.send(command))).toBe('InvalidParameterException');
    },
  },
  {
    id: 'cluster-strategy-of-others',
    fact: 'PutClusterCapacityProviders refuses a strategy with a provider that is not in its list',
    async run(ecs, name) {
      await ecs.send(new CreateClusterCommand({ clusterName: name }));
      const command = new PutClusterCapacityProvidersCommand({
        cluster: name,
        capacityProviders: ['FARGATE'],
        defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }],
      });
      expect(await errorOf(ecs.send(command))).toBe('InvalidParameterException');
    },
  },
  {
    id: 'cluster-statistics',
    fact: 'STATISTICS counts services that are deleted and still have tasks, by launch type',
    async run(ecs, name) {
      await ecs.send(new CreateClusterCommand({ clusterName: name }));
      const command = new DescribeClustersCommand({ clusters: [name], include: ['STATISTICS'] });
      const { statistics = [] } = (await ecs.send(command)).clusters?.[0] ?? {};
      expect(statistics).toContainEqual({ name: 'drainingEC2ServiceCount', value: '0' });
      expect(statistics).toContainEqual({ name: 'drainingFargateServiceCount', value: '0' });
    },
  },
  {
    id: 'cluster-counts-services',
    fact: 'a cluster counts the services that are ACTIVE in it, without being asked',
    async run(ecs, name) {
      await createService(ecs, name);
      const { clusters } = await ecs.send(new DescribeClustersCommand({ clusters: [name] }));
      expect(clusters?.[0]?.activeServicesCount).toBe(1);
    },
  },
  {
    id: 'cluster-delete-missing',
    fact: 'DeleteCluster of a name that is not there is a ClusterNotFoundException',
    async run(ecs, name) {
      expect(await errorOf(ecs.send(new DeleteClusterCommand({ cluster: name })))).toBe('ClusterNotFoundException');
    },
  },
  {
    id: 'cluster-delete-twice',
    fact: 'DeleteCluster of an INACTIVE cluster is a ClusterNotFoundException, or changes nothing',
    async run(ecs, name) {
      await ecs.send(new CreateClusterCommand({ clusterName: name }));
      await ecs.send(new DeleteClusterCommand({ cluster: name }));
      const again = await errorOf(ecs.send(new DeleteClusterCommand({ cluster: name })));
      expect(again).toMatch(/^(?:none|ClusterNotFoundException)$/);
      const { clusters, failures } = await ecs.send(new DescribeClustersCommand({ clusters: [name] }));
      expect(clusters?.[0]?.status ?? failures?.[0]?.reason).toMatch(/^(?:INACTIVE|MISSING)$/);
    },
  },
];
