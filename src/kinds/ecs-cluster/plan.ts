import type { Cluster } from '@aws-sdk/client-ecs';
import { ownerOf, releaseSteps, tagSteps } from '../../api/ownership.ts';
import { type Goal, isSameOwner, type Observation, type Plan } from '../../core/plan.ts';
import { wideApplied } from './applied.ts';
import { type ClusterDifference, diffCluster } from './difference.ts';
import type { ClusterRemoval, ClusterState, ClusterStep, DesiredCluster } from './model.ts';
import { drainingServices } from './observe.ts';
import type { EcsClusterStatus } from './schema.ts';
import { createInput, providersInput, updateInput } from './update.ts';

type ClusterPlan = Plan<ClusterStep, EcsClusterStatus>;

const POLL_MS = 5_000;
/** A cluster is there at once, and services wait for it. */
const LOOK_SOON_MS = 100;
/** ECS documents its reads as eventually consistent; registrations are given the same time. */
const CREATION_LAG_MS = 60_000;

export function planCluster(
  goal: Goal<DesiredCluster, ClusterRemoval>,
  observed: Observation<ClusterState>,
  now: number,
): ClusterPlan {
  if (goal.want === 'absent') return planRemoval(goal.removal, observed, now);
  if (!observed.exists) return planCreation(goal.desired, now);
  return planChange(goal.desired, observed.state.cluster);
}

function planCreation(desired: DesiredCluster, now: number): ClusterPlan {
  return {
    verdict: 'change',
    because: [{ path: 'clusterName', wanted: desired.name, found: undefined }],
    steps: [{ call: 'CreateCluster', input: createInput(desired) }],
    intents: { lastApplied: wideApplied(desired, []), creating: { at: new Date(now).toISOString() } },
    stamp: { intent: 'creating', call: 'CreateCluster' },
    lookAfterMs: LOOK_SOON_MS,
  };
}

function planChange(desired: DesiredCluster, cluster: Cluster): ClusterPlan {
  const unusable = waitForState(cluster);
  if (unusable !== undefined) return unusable;
  const difference = diffCluster(desired, cluster);
  const [first, ...rest] = stepsFor(desired, cluster, difference);
  if (first !== undefined) {
    const lastApplied = wideApplied(desired, difference.names);
    return { verdict: 'change', because: difference.because, steps: [first, ...rest], intents: { lastApplied } };
  }
  return planAttachments(desired, cluster);
}

/** The states in which ECS takes no change. */
function waitForState({ status, clusterName }: Cluster): ClusterPlan | undefined {
  if (status === 'PROVISIONING' || status === 'DEPROVISIONING') {
    const message = `ECS shows the cluster as ${status}`;
    return { verdict: 'wait', reason: 'ClusterUpdating', message, pollAfterMs: POLL_MS };
  }
  if (status !== 'FAILED') return undefined;
  const message = `ECS could not make what the capacity providers of cluster ${clusterName} need; delete the cluster in ECS, and it is made again`;
  return { verdict: 'refuse', reason: 'ClusterFailed', message };
}

/** Tags come first: they say whose the cluster is. Providers wait while ECS is still at work on them. */
function stepsFor(desired: DesiredCluster, cluster: Cluster, { names, tags, found }: ClusterDifference): ClusterStep[] {
  const name = desired.name;
  const forUpdate = names.filter((member) => !isOfProviders(member));
  const needsProviders = names.some(isOfProviders) && !isAttaching(cluster);
  return [
    ...tagSteps(cluster.clusterArn ?? '', tags),
    ...(forUpdate.length > 0
      ? [{ call: 'UpdateCluster' as const, input: updateInput(name, desired.wanted, found, forUpdate) }]
      : []),
    ...(needsProviders
      ? [{ call: 'PutClusterCapacityProviders' as const, input: providersInput(name, desired.wanted, found) }]
      : []),
  ];
}

function isOfProviders(member: string): boolean {
  return member === 'capacityProviders' || member === 'defaultCapacityProviderStrategy';
}

function isAttaching({ attachmentsStatus }: Cluster): boolean {
  return attachmentsStatus === 'UPDATE_IN_PROGRESS';
}

/** Nothing is left to write: has ECS finished? Attachments that failed count only where providers are ours. */
function planAttachments({ wanted }: DesiredCluster, cluster: Cluster): ClusterPlan {
  if (isAttaching(cluster)) {
    return {
      verdict: 'wait',
      reason: 'ClusterUpdating',
      message: 'ECS is attaching the capacity providers',
      pollAfterMs: POLL_MS,
    };
  }
  if (cluster.attachmentsStatus === 'UPDATE_FAILED' && wanted.capacityProviders !== undefined) {
    const failed = (cluster.attachments ?? []).filter(({ status }) => status !== 'CREATED').map(({ id }) => id);
    return {
      verdict: 'refuse',
      reason: 'CapacityProvidersFailed',
      message: `ECS could not attach the capacity providers (${failed.join(', ') || 'it does not say which'}); look at them in ECS, or change spec.capacityProviders`,
    };
  }
  return { verdict: 'in-sync' };
}

function planRemoval(removal: ClusterRemoval, observed: Observation<ClusterState>, now: number): ClusterPlan {
  if (!observed.exists) return waitForCreation(removal, now) ?? { verdict: 'in-sync' };
  const { cluster, occupants } = observed.state;
  const owner = ownerOf(cluster.tags);
  if (owner === undefined || !isSameOwner(owner, removal.owner)) return { verdict: 'in-sync' };
  if (removal.isRetained) return planRelease(cluster);
  return waitForOccupants(cluster, occupants) ?? planDeletion(cluster);
}

/** A read can be older than our write: what was asked for a moment ago may be there and not show yet. */
function waitForCreation({ name, creatingAt }: ClusterRemoval, now: number): ClusterPlan | undefined {
  const age = creatingAt === undefined ? undefined : now - creatingAt;
  if (age === undefined || age < 0 || age >= CREATION_LAG_MS) return undefined;
  const message = `cluster ${name} was asked for and does not show yet; it is deleted once it does`;
  return { verdict: 'wait', reason: 'ClusterUpdating', message, pollAfterMs: POLL_MS };
}

function planRelease(cluster: Cluster): ClusterPlan {
  const [first, ...rest] = releaseSteps(cluster.clusterArn ?? '', cluster.tags);
  if (first === undefined) return { verdict: 'in-sync' };
  return { verdict: 'change', because: [{ path: 'tags', wanted: undefined, found: 'ours' }], steps: [first, ...rest] };
}

/** Container instances are left to ECS, which refuses in its own words: they are no objects of ours to wait for. */
function waitForOccupants(cluster: Cluster, occupants: readonly string[]): ClusterPlan | undefined {
  const services = (cluster.activeServicesCount ?? 0) + drainingServices(cluster);
  const tasks = (cluster.runningTasksCount ?? 0) + (cluster.pendingTasksCount ?? 0);
  const counts = [...(services > 0 ? [`services: ${services}`] : []), ...(tasks > 0 ? [`tasks: ${tasks}`] : [])];
  if (counts.length > 0) {
    const names = occupants.length > 0 ? ` (${occupants.join(', ')})` : '';
    const message = `cluster ${cluster.clusterName} is not empty: ${counts.join(', ')}${names}; it is deleted once they are gone`;
    return { verdict: 'wait', reason: 'ClusterNotEmpty', message, pollAfterMs: POLL_MS };
  }
  const isBusy = cluster.status === 'PROVISIONING' || cluster.status === 'DEPROVISIONING' || isAttaching(cluster);
  if (!isBusy) return undefined;
  return { verdict: 'wait', reason: 'ClusterUpdating', message: 'ECS is at work on the cluster', pollAfterMs: POLL_MS };
}

function planDeletion(cluster: Cluster): ClusterPlan {
  return {
    verdict: 'change',
    because: [{ path: 'clusterName', wanted: undefined, found: cluster.clusterName }],
    steps: [{ call: 'DeleteCluster', input: { cluster: cluster.clusterArn ?? cluster.clusterName } }],
    lookAfterMs: LOOK_SOON_MS,
  };
}
