import type { Cluster } from '@aws-sdk/client-ecs';
import type { TagWish } from '../../api/ownership.ts';
import type { EcsGateway, WriteOf } from '../../aws/gateway.ts';
import type { KindTypes } from '../../core/managed-kind.ts';
import type { Owner } from '../../core/plan.ts';
import type { CanonicalCluster } from './canonical.ts';
import type { EcsClusterSpec, EcsClusterStatus } from './schema.ts';

export interface EcsClusterTypes extends KindTypes {
  spec: EcsClusterSpec;
  status: EcsClusterStatus;
  address: ClusterAddress;
  desired: DesiredCluster;
  removal: ClusterRemoval;
  state: ClusterState;
  step: ClusterStep;
  gateway: EcsGateway;
}

export interface ClusterAddress {
  readonly cluster: string;
  /** Account and region as the spec words them: clusters of the same words are read together. */
  readonly group: string;
}

/** The path at which the ARN of the namespace is remembered. */
export const NAMESPACE = 'serviceConnectDefaults.namespace';

/** The write-ahead memory of what was stated: by it a field that is removed gets cleared. */
export interface Applied {
  readonly fields: readonly string[];
  readonly tagKeys: readonly string[];
}

export interface DesiredCluster {
  readonly name: string;
  /** What is stated, and what is to be cleared because it was stated once. */
  readonly wanted: CanonicalCluster;
  readonly tags: TagWish;
  /** What the spec states now, and what may have been put before. */
  readonly applied: { readonly now: Applied; readonly before: Applied };
}

export interface ClusterRemoval {
  readonly name: string;
  readonly owner: Owner;
  readonly isRetained: boolean;
  /** When ECS was asked for the cluster, where it has not been seen since; milliseconds since the epoch. */
  readonly creatingAt: number | undefined;
}

export interface ClusterState {
  readonly cluster: Cluster;
  /** What keeps the cluster from being deleted, by name; read on deletion only. */
  readonly occupants: readonly string[];
}

export type ClusterStep = WriteOf<
  'CreateCluster' | 'UpdateCluster' | 'PutClusterCapacityProviders' | 'DeleteCluster' | 'TagResource' | 'UntagResource'
>;
