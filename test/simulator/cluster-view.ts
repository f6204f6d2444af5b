import type { Cluster, ClusterField, KeyValuePair } from '@aws-sdk/client-ecs';
import type { ClusterRecord, World } from './world.ts';

const EVERYTHING: ReadonlySet<ClusterField> = new Set(['TAGS', 'SETTINGS', 'CONFIGURATIONS', 'ATTACHMENTS']);

/**
 * A cluster as it is answered. DescribeClusters shows the rest only where `include` asks for it (SDK documentation of
 * DescribeClusters.include); lists that were not asked for are empty, as in AWS's examples of describe-clusters.
 */
export function shownCluster(
  world: World,
  { cluster, tags, containerInstances }: ClusterRecord,
  include: ReadonlySet<ClusterField> = EVERYTHING,
): Cluster {
  const { configuration, settings, attachmentsStatus, ...always } = cluster;
  const counts = countsOf(world, cluster);
  return {
    ...always,
    registeredContainerInstancesCount: containerInstances.size,
    runningTasksCount: counts.runningEC2TasksCount + counts.runningFargateTasksCount,
    pendingTasksCount: counts.pendingEC2TasksCount + counts.pendingFargateTasksCount,
    activeServicesCount: counts.activeEC2ServiceCount + counts.activeFargateServiceCount,
    statistics: include.has('STATISTICS') ? statisticsOf(counts) : [],
    tags: include.has('TAGS') ? tags : [],
    settings: include.has('SETTINGS') ? (settings ?? []) : [],
    ...(include.has('CONFIGURATIONS') && configuration !== undefined ? { configuration } : {}),
    ...(include.has('ATTACHMENTS') ? { attachments: [] } : {}),
    ...(include.has('ATTACHMENTS') && attachmentsStatus !== undefined ? { attachmentsStatus } : {}),
  };
}

/** The names are those of the SDK documentation of Cluster.statistics. */
type Counts = Record<
  `${'running' | 'pending'}${'EC2' | 'Fargate'}TasksCount` | `${'active' | 'draining'}${'EC2' | 'Fargate'}ServiceCount`,
  number
>;

function countsOf(world: World, { clusterArn }: Cluster): Counts {
  const counts: Counts = {
    runningEC2TasksCount: 0,
    runningFargateTasksCount: 0,
    pendingEC2TasksCount: 0,
    pendingFargateTasksCount: 0,
    activeEC2ServiceCount: 0,
    activeFargateServiceCount: 0,
    drainingEC2ServiceCount: 0,
    drainingFargateServiceCount: 0,
  };
  for (const { task } of world.tasks.values()) {
    if (task.clusterArn !== clusterArn || task.lastStatus === 'STOPPED') continue;
    const on = isOnFargate(task.launchType, task.capacityProviderName) ? 'Fargate' : 'EC2';
    if (task.lastStatus === 'RUNNING') counts[`running${on}TasksCount`] += 1;
    else if (task.desiredStatus === 'RUNNING') counts[`pending${on}TasksCount`] += 1;
  }
  for (const { service } of world.services.values()) {
    if (service.clusterArn !== clusterArn || service.status === 'INACTIVE') continue;
    const [first] = service.capacityProviderStrategy ?? [];
    const on = isOnFargate(service.launchType, first?.capacityProvider) ? 'Fargate' : 'EC2';
    counts[`${service.status === 'DRAINING' ? 'draining' : 'active'}${on}ServiceCount`] += 1;
  }
  return counts;
}

function isOnFargate(launchType: string | undefined, capacityProvider: string | undefined): boolean {
  return launchType === 'FARGATE' || capacityProvider?.startsWith('FARGATE') === true;
}

function statisticsOf(counts: Counts): KeyValuePair[] {
  return Object.entries(counts).map(([name, value]) => ({ name, value: String(value) }));
}
