import type { Cluster } from '@aws-sdk/client-ecs';
import { ownerOf } from '../../api/ownership.ts';
import type { EcsGateway } from '../../aws/gateway.ts';
import type { Goal, Observation } from '../../core/plan.ts';
import type { ClusterAddress, ClusterRemoval, ClusterState, DesiredCluster } from './model.ts';

/** An INACTIVE cluster is as none: ECS shows it for a while, and makes a new one under its name (rule C6). */
export async function observeCluster(
  at: ClusterAddress,
  goal: Goal<DesiredCluster, ClusterRemoval>,
  gateway: EcsGateway,
  signal: AbortSignal,
): Promise<Observation<ClusterState>> {
  const cluster = await gateway.describeCluster(at.cluster, signal);
  if (cluster === undefined || cluster.status === 'INACTIVE') return { exists: false };
  const isGoing = goal.want === 'absent' && !goal.removal.isRetained;
  const occupants = isGoing ? await occupantsOf(cluster, at, gateway, signal) : [];
  return { exists: true, state: { cluster, occupants }, owner: ownerOf(cluster.tags) };
}

/** Counted first: an empty cluster is not asked for names. */
async function occupantsOf(
  cluster: Cluster,
  at: ClusterAddress,
  gateway: EcsGateway,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const hasServices = (cluster.activeServicesCount ?? 0) > 0 || drainingServices(cluster) > 0;
  const hasTasks = (cluster.runningTasksCount ?? 0) + (cluster.pendingTasksCount ?? 0) > 0;
  const services = hasServices ? await gateway.listServices(at.cluster, signal) : [];
  const tasks = hasTasks ? await gateway.listTasks(at.cluster, signal) : [];
  return [...services, ...tasks].map((arn) => arn.split(':').slice(5).join(':'));
}

/** Services that are deleted and still have tasks, from the statistics `drainingEC2ServiceCount` and its siblings. */
export function drainingServices(cluster: Cluster): number {
  return (cluster.statistics ?? [])
    .filter(({ name }) => name?.startsWith('draining'))
    .reduce((sum, { value }) => sum + (Number(value) || 0), 0);
}
