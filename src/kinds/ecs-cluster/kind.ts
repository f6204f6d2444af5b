import { regionOfArn, untagCommand } from '../../api/ownership.ts';
import type { ManagedKind } from '../../core/managed-kind.ts';
import { applyClusterStep } from './apply.ts';
import { ecsClusterDefinition } from './definition.ts';
import { claimsOfCluster, desireCluster, locateCluster, removeCluster } from './desire.ts';
import type { EcsClusterTypes } from './model.ts';
import { observeCluster } from './observe.ts';
import { planCluster } from './plan.ts';
import { reportCluster } from './report.ts';

const REASONS = {
  ClusterUpdating: {
    meaning: 'ECS is still at work on the cluster or its capacity providers. It goes on by itself.',
  },
  ClusterFailed: {
    meaning:
      'ECS shows the cluster as FAILED: what its capacity providers need could not be made. Delete the cluster in ECS; the operator makes it again.',
  },
  CapacityProvidersFailed: {
    meaning: 'ECS could not attach the capacity providers that the object states. The message names them.',
  },
  ClusterNotEmpty: {
    meaning: 'The object is being deleted, and its cluster still has services or tasks. The message names them.',
  },
};

export const ecsCluster: ManagedKind<EcsClusterTypes> = {
  definition: ecsClusterDefinition,
  reasons: REASONS,
  references: () => [],
  claims: claimsOfCluster,
  locate: (object) => locateCluster(object),
  sweepGroup: (at) => at.group,
  desire: desireCluster,
  removal: (object) => removeCluster(object),
  observe: observeCluster,
  plan: planCluster,
  isDestructive: (step) => step.call === 'DeleteCluster',
  apply: applyClusterStep,
  report: reportCluster,
  releaseCommand: (_at, { cluster: { clusterArn = '' } }) => untagCommand(clusterArn, regionOfArn(clusterArn)),
};
