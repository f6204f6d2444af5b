import type { Cluster, Tag, TaskDefinition } from '@aws-sdk/client-ecs';
import type { DescribedTaskDefinition, EcsGateway, EcsWrite } from '../../src/aws/gateway.ts';

export interface FakeWorld {
  /** By name. */
  readonly clusters?: readonly Cluster[];
  readonly taskDefinitions?: readonly DescribedTaskDefinition[];
  /** Wall time of what is registered, milliseconds since the epoch. */
  readonly now?: () => number;
}

export interface FakeGateway extends EcsGateway {
  /** All writes so far, in order. */
  readonly writes: readonly EcsWrite[];
  /** All reads so far, as `describeCluster web`. */
  readonly reads: readonly string[];
  readonly clusters: ReadonlyMap<string, Cluster>;
  readonly taskDefinitions: ReadonlyMap<string, DescribedTaskDefinition>;
}

const ACCOUNT = 'arn:aws:ecs:eu-west-1:123456789012';

export function clusterArn(name: string): string {
  return `${ACCOUNT}:cluster/${name}`;
}

export function revisionArn(family: string, revision: number): string {
  return `${ACCOUNT}:task-definition/${family}:${revision}`;
}

/**
 * A small model of ECS behind the gateway's interface: clusters and task definitions, without time, errors or limits.
 * It answers as ECS does where kinds depend on it: defaults are filled in, lists are turned around, deleted clusters
 * are INACTIVE, revision numbers are never used again.
 */
export function createFakeGateway(world: FakeWorld = {}): FakeGateway {
  const writes: EcsWrite[] = [];
  const reads: string[] = [];
  const clusters = new Map((world.clusters ?? []).map((cluster) => [String(cluster.clusterName), cluster]));
  const taskDefinitions = new Map(
    (world.taskDefinitions ?? []).map((one) => [String(one.definition.taskDefinitionArn), one]),
  );
  const now = world.now ?? (() => 0);

  function change(write: EcsWrite): void {
    switch (write.call) {
      case 'CreateCluster': {
        const { clusterName = 'default', ...input } = write.input;
        if (clusters.get(clusterName)?.status !== 'ACTIVE') clusters.set(clusterName, newCluster(clusterName, input));
        return;
      }
      case 'UpdateCluster': {
        const { cluster, ...input } = write.input;
        const found = clusterOf(String(cluster));
        clusters.set(String(found.clusterName), { ...found, ...input });
        return;
      }
      case 'PutClusterCapacityProviders': {
        const { cluster, capacityProviders = [], defaultCapacityProviderStrategy = [] } = write.input;
        const found = clusterOf(String(cluster));
        clusters.set(String(found.clusterName), {
          ...found,
          capacityProviders: capacityProviders.toReversed(),
          defaultCapacityProviderStrategy: defaultCapacityProviderStrategy
            .map((item) => ({ weight: 0, base: 0, ...item }))
            .toReversed(),
        });
        return;
      }
      case 'DeleteCluster': {
        const found = clusterOf(String(write.input.cluster));
        clusters.set(String(found.clusterName), { ...found, status: 'INACTIVE' });
        return;
      }
      case 'RegisterTaskDefinition': {
        const { tags = [], ...input } = write.input;
        const revision =
          1 + Math.max(0, ...revisionsOf(String(input.family)).map((one) => one.definition.revision ?? 0));
        const definition: TaskDefinition = {
          ...asEcsShows(input),
          taskDefinitionArn: revisionArn(String(input.family), revision),
          revision,
          status: 'ACTIVE',
          registeredAt: new Date(now()),
          compatibilities: ['EC2'],
        };
        taskDefinitions.set(String(definition.taskDefinitionArn), { definition, tags });
        return;
      }
      case 'DeregisterTaskDefinition':
        setStatus(String(write.input.taskDefinition), 'INACTIVE');
        return;
      case 'DeleteTaskDefinitions':
        for (const arn of write.input.taskDefinitions ?? []) setStatus(arn, 'DELETE_IN_PROGRESS');
        return;
      case 'TagResource':
        retag(String(write.input.resourceArn), (tags) => {
          const put = new Set((write.input.tags ?? []).map(({ key }) => key));
          return [...tags.filter(({ key }) => !put.has(key)), ...(write.input.tags ?? [])];
        });
        return;
      case 'UntagResource':
        retag(String(write.input.resourceArn), (tags) =>
          tags.filter(({ key }) => !(write.input.tagKeys ?? []).includes(String(key))),
        );
        return;
      case 'CreateService':
      case 'UpdateService':
      case 'DeleteService':
      case 'RegisterScalableTarget':
      case 'DeregisterScalableTarget':
      case 'PutScalingPolicy':
      case 'DeleteScalingPolicy':
      case 'PutScheduledAction':
      case 'DeleteScheduledAction':
      case 'application-autoscaling:TagResource':
      case 'application-autoscaling:UntagResource':
        throw new Error('the fake gateway has no services');
    }
  }

  function clusterOf(nameOrArn: string): Cluster {
    const found = clusters.get(nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1));
    if (found === undefined) throw new Error(`no cluster ${nameOrArn}`);
    return found;
  }

  function revisionsOf(family: string): DescribedTaskDefinition[] {
    return [...taskDefinitions.values()].filter(({ definition }) => definition.family === family);
  }

  function setStatus(arn: string, status: 'INACTIVE' | 'DELETE_IN_PROGRESS'): void {
    const found = taskDefinitions.get(arn);
    if (found === undefined) throw new Error(`no revision ${arn}`);
    taskDefinitions.set(arn, { ...found, definition: { ...found.definition, status } });
  }

  function retag(arn: string, edit: (tags: readonly Tag[]) => Tag[]): void {
    const definition = taskDefinitions.get(arn);
    if (definition !== undefined) {
      taskDefinitions.set(arn, { ...definition, tags: edit(definition.tags) });
      return;
    }
    const cluster = clusterOf(arn);
    clusters.set(String(cluster.clusterName), { ...cluster, tags: edit(cluster.tags ?? []) });
  }

  function read<Answer>(what: string, answer: () => Answer): Promise<Answer> {
    reads.push(what);
    return Promise.resolve(answer());
  }

  return {
    writes,
    reads,
    clusters,
    taskDefinitions,
    describeCluster: (cluster) => read(`describeCluster ${cluster}`, () => clusters.get(cluster)),
    describeService: () => read('describeService', () => undefined),
    listServices: (cluster) => read(`listServices ${cluster}`, () => [`${ACCOUNT}:service/${cluster}/web`]),
    listTasks: (cluster) => read(`listTasks ${cluster}`, () => [`${ACCOUNT}:task/${cluster}/0123456789abcdef`]),
    describeTaskDefinition: (arn) => read(`describeTaskDefinition ${arn}`, () => taskDefinitions.get(arn)),
    listRevisions: (family, status) =>
      read(`listRevisions ${family} ${status}`, () =>
        revisionsOf(family)
          .filter(({ definition }) => definition.status === status)
          .toSorted((a, b) => (b.definition.revision ?? 0) - (a.definition.revision ?? 0))
          .map(({ definition }) => String(definition.taskDefinitionArn)),
      ),
    describeServiceRevision: () => read('describeServiceRevision', () => undefined),
    listServiceDeployments: () => read('listServiceDeployments', () => []),
    describeServiceDeployment: () => read('describeServiceDeployment', () => undefined),
    listStoppedTasks: () => read('listStoppedTasks', () => []),
    listProtectedTasks: () => read('listProtectedTasks', () => []),
    describeScalableTarget: () => read('describeScalableTarget', () => undefined),
    listScalingPolicies: () => read('listScalingPolicies', () => []),
    listScheduledActions: () => read('listScheduledActions', () => []),
    listScalableTargetTags: () => read('listScalableTargetTags', () => undefined),
    listScalingActivities: () => read('listScalingActivities', () => []),
    write: (write) => {
      writes.push(write);
      change(write);
      return Promise.resolve();
    },
  };
}

function newCluster(name: string, input: Omit<Cluster, 'clusterName'>): Cluster {
  return {
    settings: [{ name: 'containerInsights', value: 'disabled' }],
    capacityProviders: [],
    defaultCapacityProviderStrategy: [],
    activeServicesCount: 0,
    runningTasksCount: 0,
    pendingTasksCount: 0,
    registeredContainerInstancesCount: 0,
    statistics: [],
    ...input,
    clusterName: name,
    clusterArn: clusterArn(name),
    status: 'ACTIVE',
  };
}

/** What ECS makes of a definition: empty lists and defaults put in, sets in another order. */
function asEcsShows(input: Partial<TaskDefinition>): TaskDefinition {
  return {
    networkMode: input.requiresCompatibilities?.includes('FARGATE') ? 'awsvpc' : 'bridge',
    volumes: [],
    placementConstraints: [],
    ...structuredClone(input),
    containerDefinitions: (input.containerDefinitions ?? []).toReversed().map((container) => ({
      cpu: 0,
      essential: true,
      mountPoints: [],
      volumesFrom: [],
      systemControls: [],
      ...container,
      environment: (container.environment ?? []).toReversed(),
      portMappings: (container.portMappings ?? []).map((mapping) => ({ protocol: 'tcp', hostPort: 0, ...mapping })),
    })),
  };
}
