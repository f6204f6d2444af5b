import type { Cluster } from '@aws-sdk/client-ecs';
import { SimulatedError } from './simulated-error.ts';
import type { ClusterRecord, World } from './world.ts';

/** SDK documentation of UpdateInProgressException on PutClusterCapacityProviders; the message is AWS's. */
export function checkNotUpdating({ attachmentsStatus }: Cluster): void {
  if (attachmentsStatus !== 'UPDATE_IN_PROGRESS') return;
  throw new SimulatedError(
    'UpdateInProgressException',
    'The specified cluster is in a busy state. Cluster attachments must be in UPDATE_COMPLETED or UPDATE_FAILED state before they can be updated. Wait and try again.',
  );
}

/** SDK documentation of PutClusterCapacityProviders: a provider that tasks or services use cannot be detached. */
export function checkProvidersFree(world: World, { clusterArn }: Cluster, kept: ReadonlySet<string>): void {
  for (const { service } of world.services.values()) {
    if (service.clusterArn !== clusterArn || service.status === 'INACTIVE') continue;
    if ((service.capacityProviderStrategy ?? []).every(({ capacityProvider = '' }) => kept.has(capacityProvider)))
      continue;
    throw new SimulatedError(
      'ResourceInUseException',
      'The specified capacity provider is in use and cannot be removed.',
    );
  }
}

/** SDK documentation of DeleteCluster and of its exceptions. */
export function checkDeletable(world: World, { cluster, containerInstances }: ClusterRecord): void {
  const { clusterArn } = cluster;
  checkNotUpdating(cluster);
  for (const { service } of world.services.values()) {
    if (service.clusterArn === clusterArn && service.status !== 'INACTIVE') {
      throw contains('Services', 'The Cluster cannot be deleted while Services are active.');
    }
  }
  for (const { task } of world.tasks.values()) {
    if (task.clusterArn === clusterArn && task.lastStatus !== 'STOPPED') {
      throw contains('Tasks', 'The Cluster cannot be deleted while Tasks are active.');
    }
  }
  if (containerInstances.size > 0) {
    throw contains(
      'ContainerInstances',
      'The Cluster cannot be deleted while Container Instances are active or draining.',
    );
  }
  for (const { provider } of world.capacityProviders.values()) {
    if (provider.cluster === cluster.clusterName && provider.status !== 'INACTIVE') {
      throw contains('CapacityProvider', 'The Cluster cannot be deleted while Capacity Providers are active.');
    }
  }
}

function contains(what: string, message: string): SimulatedError {
  return new SimulatedError(`ClusterContains${what}Exception`, message);
}
