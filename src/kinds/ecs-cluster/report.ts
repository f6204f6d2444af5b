import type { Managed, Report } from '../../core/managed-kind.ts';
import type { Goal, Observation } from '../../core/plan.ts';
import { narrowApplied, wideApplied } from './applied.ts';
import { diffCluster } from './difference.ts';
import type { ClusterRemoval, ClusterState, DesiredCluster, EcsClusterTypes } from './model.ts';
import type { EcsClusterStatus } from './schema.ts';

/** What ECS shows, and the memory of what was stated, narrowed once it has come true; there is none of what is only observed. */
export function reportCluster(
  object: Managed<EcsClusterTypes>,
  goal: Goal<DesiredCluster, ClusterRemoval>,
  observed: Observation<ClusterState>,
): Report<EcsClusterStatus> {
  if (object.spec.managementPolicy === 'Observe') return { status: shown(observed), notices: [] };
  const lastApplied = goal.want === 'present' ? appliedAfter(goal.desired, observed) : object.status.lastApplied;
  const creating = observed.exists ? undefined : object.status.creating;
  const memory = { ...(lastApplied && { lastApplied }), ...(creating && { creating }) };
  return { status: { ...shown(observed), ...memory }, notices: [] };
}

function appliedAfter(desired: DesiredCluster, observed: Observation<ClusterState>): EcsClusterStatus['lastApplied'] {
  if (!observed.exists) return wideApplied(desired, []);
  const { because, names, found } = diffCluster(desired, observed.state.cluster);
  return because.length === 0 ? narrowApplied(desired, found) : wideApplied(desired, names);
}

function shown(observed: Observation<ClusterState>): Partial<EcsClusterStatus> {
  if (!observed.exists) return {};
  const { cluster } = observed.state;
  const attachments = (cluster.attachments ?? []).map(({ id, type, status }) => ({ id, type, status }));
  return {
    arn: cluster.clusterArn,
    state: cluster.status,
    activeServicesCount: cluster.activeServicesCount,
    runningTasksCount: cluster.runningTasksCount,
    pendingTasksCount: cluster.pendingTasksCount,
    registeredContainerInstancesCount: cluster.registeredContainerInstancesCount,
    ...(attachments.length > 0 && { attachments }),
    ...(cluster.attachmentsStatus && { attachmentsStatus: cluster.attachmentsStatus }),
  };
}
