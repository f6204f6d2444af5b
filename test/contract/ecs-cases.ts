import {
  CreateClusterCommand,
  CreateServiceCommand,
  type CreateServiceCommandInput,
  DeleteClusterCommand,
  DeleteServiceCommand,
  DeregisterTaskDefinitionCommand,
  DescribeClustersCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  type ECSClient,
  ListServiceDeploymentsCommand,
  ListTaskDefinitionsCommand,
  PutClusterCapacityProvidersCommand,
  RegisterTaskDefinitionCommand,
  type Service,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateClusterCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { expect } from 'vitest';

/**
 * One fact about ECS that the operator leans on. `run` makes what it needs under names of its own, and waits up to
 * `patienceMs` for what takes time.
 */
export interface Case {
  readonly id: string;
  readonly fact: string;
  run(ecs: ECSClient, name: string, patienceMs: number): Promise<void>;
}

const CONTAINER = { name: 'app', image: 'shop/app:1', memory: 128 };

async function register(ecs: ECSClient, family: string, image = CONTAINER.image): Promise<string> {
  const { taskDefinition } = await ecs.send(
    new RegisterTaskDefinitionCommand({ family, containerDefinitions: [{ ...CONTAINER, image }] }),
  );
  return String(taskDefinition?.taskDefinitionArn);
}

async function createService(ecs: ECSClient, name: string, more: Partial<CreateServiceCommandInput> = {}) {
  await ecs.send(new CreateClusterCommand({ clusterName: name }));
  const taskDefinition = await register(ecs, name);
  const input = { cluster: name, serviceName: name, taskDefinition, desiredCount: 1, ...more };
  const { service } = await ecs.send(new CreateServiceCommand(input));
  return { service, input };
}

async function describeService(ecs: ECSClient, name: string): Promise<Service | undefined> {
  const command = new DescribeServicesCommand({ cluster: name, services: [name], include: ['TAGS'] });
  const { services } = await ecs.send(command);
  return services?.[0];
}

/** The error's name, or `none`. */
async function errorOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'none',
    (error: unknown) => (error instanceof Error ? error.name : String(error)),
  );
}

export const CASES: readonly Case[] = [
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
    id: 'revision-each-time',
    fact: 'RegisterTaskDefinition makes a revision each time, equal content or not',
    async run(ecs, name) {
      expect(await register(ecs, name)).toMatch(/:1$/);
      expect(await register(ecs, name)).toMatch(/:2$/);
    },
  },
  {
    id: 'revision-defaults',
    fact: 'defaults are filled in: empty lists, cpu 0, essential',
    async run(ecs, name) {
      await register(ecs, name);
      const { taskDefinition } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: name }));
      const [container] = taskDefinition?.containerDefinitions ?? [];
      expect(container).toMatchObject({ essential: true, environment: [], mountPoints: [], volumesFrom: [] });
      expect(container?.cpu).toBe(0);
    },
  },
  {
    id: 'family-means-newest-active',
    fact: 'DescribeTaskDefinition by family answers with the newest ACTIVE revision',
    async run(ecs, name) {
      await register(ecs, name, 'shop/app:1');
      const second = await register(ecs, name, 'shop/app:2');
      await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: second }));
      const { taskDefinition } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: name }));
      expect(taskDefinition?.revision).toBe(1);
    },
  },
  {
    id: 'deregistered-is-inactive',
    fact: 'a deregistered revision can still be described, as INACTIVE, and is listed as such',
    async run(ecs, name) {
      const arn = await register(ecs, name);
      await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: arn }));
      const { taskDefinition } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: arn }));
      const list = new ListTaskDefinitionsCommand({ familyPrefix: name, status: 'INACTIVE' });
      expect(taskDefinition?.status).toBe('INACTIVE');
      expect((await ecs.send(list)).taskDefinitionArns).toEqual([arn]);
    },
  },
  {
    id: 'definition-missing',
    fact: 'an unknown definition is a ClientException, "Unable to describe task definition."',
    async run(ecs, name) {
      const asked = ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: name }));
      await expect(asked).rejects.toMatchObject({
        name: 'ClientException',
        message: expect.stringMatching(/unable to describe task definition/i),
      });
    },
  },
  {
    id: 'tags-of-a-revision',
    fact: 'a revision is tagged and untagged without a new revision',
    async run(ecs, name) {
      const resourceArn = await register(ecs, name);
      const tags = [
        { key: 'team', value: 'shop' },
        { key: 'old', value: 'x' },
      ];
      await ecs.send(new TagResourceCommand({ resourceArn, tags }));
      await ecs.send(new UntagResourceCommand({ resourceArn, tagKeys: ['old'] }));
      const command = new DescribeTaskDefinitionCommand({ taskDefinition: name, include: ['TAGS'] });
      const described = await ecs.send(command);
      expect(described.tags).toEqual([{ key: 'team', value: 'shop' }]);
      expect(described.taskDefinition?.revision).toBe(1);
    },
  },
  {
    id: 'service-missing',
    fact: 'DescribeServices answers an unknown name with a failure MISSING',
    async run(ecs, name) {
      await ecs.send(new CreateClusterCommand({ clusterName: name }));
      const { services, failures } = await ecs.send(new DescribeServicesCommand({ cluster: name, services: [name] }));
      expect(services).toEqual([]);
      expect(failures).toMatchObject([{ reason: 'MISSING' }]);
    },
  },
  {
    id: 'service-cluster-missing',
    fact: 'DescribeServices in an unknown cluster is a ClusterNotFoundException',
    async run(ecs, name) {
      const command = new DescribeServicesCommand({ cluster: name, services: [name] });
      expect(await errorOf(ecs.send(command))).toBe('ClusterNotFoundException');
    },
  },
  {
    id: 'service-eleven-names',
    fact: 'DescribeServices takes ten names and refuses eleven',
    async run(ecs, name) {
      await ecs.send(new CreateClusterCommand({ clusterName: name }));
      const services = Array.from({ length: 11 }, (_, index) => `${name}-${index}`);
      const command = new DescribeServicesCommand({ cluster: name, services });
      expect(await errorOf(ecs.send(command))).toBe('InvalidParameterException');
    },
  },
  {
    id: 'service-defaults',
    fact: 'a service is ACTIVE, with the defaults of its deployment configuration and a PRIMARY deployment',
    async run(ecs, name) {
      await createService(ecs, name);
      const service = await describeService(ecs, name);
      expect(service).toMatchObject({
        status: 'ACTIVE',
        schedulingStrategy: 'REPLICA',
        deploymentConfiguration: { maximumPercent: 200, minimumHealthyPercent: 100 },
      });
      expect(service?.deployments?.map(({ status }) => status)).toEqual(['PRIMARY']);
    },
  },
  {
    id: 'service-create-twice',
    fact: 'CreateService with a name that is taken and another token is refused as not idempotent',
    async run(ecs, name) {
      const { input } = await createService(ecs, name, { clientToken: 'first' });
      const again = new CreateServiceCommand({ ...input, desiredCount: 2, clientToken: 'second' });
      await expect(ecs.send(again)).rejects.toMatchObject({
        name: 'InvalidParameterException',
        message: expect.stringMatching(/not idempotent/),
      });
    },
  },
  {
    id: 'service-token-replayed',
    fact: 'CreateService with the same token and input answers with the same service',
    async run(ecs, name) {
      const { service, input } = await createService(ecs, name, { clientToken: 'same' });
      const again = await ecs.send(new CreateServiceCommand(input));
      expect(again.service?.serviceArn).toBe(service?.serviceArn);
    },
  },
  {
    id: 'service-new-definition-new-deployment',
    fact: 'UpdateService with another task definition begins a deployment, and its end leaves one',
    async run(ecs, name, patienceMs) {
      // No tasks, so that no capacity is needed for the end of the rollout.
      await createService(ecs, name, { desiredCount: 0 });
      const taskDefinition = await register(ecs, name, 'shop/app:2');
      await ecs.send(new UpdateServiceCommand({ cluster: name, service: name, taskDefinition }));
      await expect
        .poll(async () => (await describeService(ecs, name))?.deployments, { timeout: patienceMs, interval: 100 })
        .toMatchObject([{ status: 'PRIMARY', rolloutState: 'COMPLETED', taskDefinition }]);
    },
  },
  {
    id: 'service-count-is-no-deployment',
    fact: 'UpdateService with another count begins no deployment',
    async run(ecs, name) {
      await createService(ecs, name);
      const before = await describeService(ecs, name);
      await ecs.send(new UpdateServiceCommand({ cluster: name, service: name, desiredCount: 2 }));
      const after = await describeService(ecs, name);
      expect(after?.desiredCount).toBe(2);
      expect(after?.deployments?.[0]?.id).toBe(before?.deployments?.[0]?.id);
    },
  },
  {
    id: 'service-deployments-listed',
    fact: 'ListServiceDeployments lists a deployment for each change that began one',
    async run(ecs, name) {
      await createService(ecs, name);
      const { serviceDeployments } = await ecs.send(
        new ListServiceDeploymentsCommand({ cluster: name, service: name }),
      );
      expect(serviceDeployments?.length).toBe(1);
    },
  },
  {
    id: 'service-delete-scaled',
    fact: 'DeleteService refuses a service that is scaled above 0, unless forced',
    async run(ecs, name) {
      await createService(ecs, name);
      const plain = new DeleteServiceCommand({ cluster: name, service: name });
      expect(await errorOf(ecs.send(plain))).toBe('InvalidParameterException');
      const forced = await ecs.send(new DeleteServiceCommand({ cluster: name, service: name, force: true }));
      expect(forced.service?.status).toMatch(/^(?:DRAINING|INACTIVE)$/);
    },
  },
  {
    id: 'service-tags',
    fact: 'a service keeps the tags it was made with, shown where TAGS is included',
    async run(ecs, name) {
      await createService(ecs, name, { tags: [{ key: 'team', value: 'shop' }] });
      expect((await describeService(ecs, name))?.tags).toEqual([{ key: 'team', value: 'shop' }]);
    },
  },
];
