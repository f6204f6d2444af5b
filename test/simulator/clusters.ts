import type {
  Cluster,
  CreateClusterRequest,
  CreateClusterResponse,
  DeleteClusterRequest,
  DeleteClusterResponse,
  DescribeClustersRequest,
  DescribeClustersResponse,
  ListClustersRequest,
  ListClustersResponse,
  PutClusterCapacityProvidersRequest,
  UpdateClusterRequest,
  UpdateClusterSettingsRequest,
} from '@aws-sdk/client-ecs';
import { findCluster, firstInstanceArns } from './addresses.ts';
import { clusterArn, parseEcsArn } from './arn.ts';
import { checkStrategy, filledStrategy, sortedProviders } from './cluster-capacity.ts';
import { checkDeletable, checkNotUpdating, checkProvidersFree } from './cluster-checks.ts';
import { configured, connected, settled } from './cluster-settings.ts';
import { shownCluster } from './cluster-view.ts';
import { pageOf } from './paging.ts';
import { clusterNotFound, invalidParameter } from './refusals.ts';
import type { ClusterRecord, Operation, World } from './world.ts';

// SDK documentation of DescribeClusters and ListClusters.
const MAX_DESCRIBED = 100;
const LIST = { usual: 100, most: 100 };
// SDK documentation of CreateCluster.clusterName.
const NAME = /^[A-Za-z0-9_-]{1,255}$/;
/** How long ECS attaches capacity providers; AWS states no time. */
const ATTACHING_MS = 2_000;

export const CLUSTER_OPERATIONS: Record<string, Operation> = {
  CreateCluster: createCluster,
  DescribeClusters: describeClusters,
  ListClusters: listClusters,
  UpdateCluster: updateCluster,
  UpdateClusterSettings: updateClusterSettings,
  PutClusterCapacityProviders: putClusterCapacityProviders,
  DeleteCluster: deleteCluster,
};

/** A name that is taken answers with its cluster, unchanged (an assumption; the SDK does not say). */
function createCluster(world: World, input: CreateClusterRequest): CreateClusterResponse {
  // SDK documentation of CreateCluster: without a name, the cluster is `default`.
  const name = input.clusterName ?? 'default';
  if (!NAME.test(name)) throw invalidParameter('Cluster name must match ^[a-zA-Z0-9\\-_]{1,255}$.'); // wording unknown
  const there = world.clusters.get(name);
  if (there !== undefined && there.cluster.status !== 'INACTIVE') return { cluster: shownCluster(world, there) };
  const capacityProviders = sortedProviders(world, input.capacityProviders ?? []);
  checkStrategy(input.defaultCapacityProviderStrategy ?? [], capacityProviders);
  const cluster: Cluster = {
    clusterArn: clusterArn(world, name),
    clusterName: name,
    status: 'ACTIVE',
    settings: settled([{ name: 'containerInsights', value: world.containerInsights }], input.settings),
    capacityProviders,
    defaultCapacityProviderStrategy: filledStrategy(input.defaultCapacityProviderStrategy ?? []),
    ...configured(input.configuration),
    ...connected(world, input.serviceConnectDefaults),
  };
  const record: ClusterRecord = {
    cluster,
    tags: input.tags ?? [],
    containerInstances: new Set(firstInstanceArns(clusterArn(world, name), world.containerInstances)),
  };
  world.clusters.set(name, record);
  if (capacityProviders.length > 0) {
    // SDK documentation of Cluster.status: PROVISIONING while resources of its capacity providers are created.
    cluster.status = 'PROVISIONING';
    attach(world, cluster);
  }
  return { cluster: shownCluster(world, record) };
}

function describeClusters(world: World, input: DescribeClustersRequest): DescribeClustersResponse {
  const references = input.clusters ?? ['default'];
  if (references.length > MAX_DESCRIBED) {
    throw invalidParameter(`Clusters can have at most ${MAX_DESCRIBED} items.`); // wording unknown
  }
  const clusters: Cluster[] = [];
  const missing: string[] = [];
  for (const reference of new Set(references.length === 0 ? ['default'] : references)) {
    const record = findCluster(world, reference);
    if (record === undefined) missing.push(arnOf(world, reference));
    else clusters.push(shownCluster(world, record, new Set(input.include)));
  }
  return { clusters, failures: missing.map((arn) => ({ arn, reason: 'MISSING' })) };
}

function listClusters(world: World, input: ListClustersRequest): ListClustersResponse {
  const living = [...world.clusters.values()].filter(({ cluster }) => cluster.status !== 'INACTIVE');
  const { items, nextToken } = pageOf(
    living.map(({ cluster }) => cluster.clusterArn ?? ''),
    input,
    LIST,
  );
  return { clusterArns: items, nextToken };
}

function updateCluster(world: World, input: UpdateClusterRequest): { cluster: Cluster } {
  const record = livingCluster(world, input.cluster);
  const { cluster } = record;
  if (input.settings !== undefined) cluster.settings = settled(cluster.settings ?? [], input.settings);
  Object.assign(cluster, configured(input.configuration));
  if (input.serviceConnectDefaults !== undefined) {
    // SDK documentation of ClusterServiceConnectDefaultsRequest.namespace: an empty one removes the default.
    delete cluster.serviceConnectDefaults;
    Object.assign(cluster, connected(world, input.serviceConnectDefaults));
  }
  return { cluster: shownCluster(world, record) };
}

function updateClusterSettings(world: World, input: UpdateClusterSettingsRequest): { cluster: Cluster } {
  const record = livingCluster(world, input.cluster);
  record.cluster.settings = settled(record.cluster.settings ?? [], input.settings);
  return { cluster: shownCluster(world, record) };
}

/** Sets both lists as a whole; whatever is not in them is detached. */
function putClusterCapacityProviders(world: World, input: PutClusterCapacityProvidersRequest): { cluster: Cluster } {
  const record = livingCluster(world, input.cluster);
  const { cluster } = record;
  checkNotUpdating(cluster);
  const capacityProviders = sortedProviders(world, input.capacityProviders ?? []);
  checkStrategy(input.defaultCapacityProviderStrategy ?? [], capacityProviders);
  checkProvidersFree(world, cluster, new Set(capacityProviders));
  cluster.capacityProviders = capacityProviders;
  cluster.defaultCapacityProviderStrategy = filledStrategy(input.defaultCapacityProviderStrategy ?? []);
  attach(world, cluster);
  return { cluster: shownCluster(world, record) };
}

/** INACTIVE, and seen as such for a while; its name is free at once (SDK documentation of DeleteCluster). */
function deleteCluster(world: World, input: DeleteClusterRequest): DeleteClusterResponse {
  const record = livingCluster(world, input.cluster);
  const { cluster } = record;
  checkDeletable(world, record);
  cluster.status = 'INACTIVE';
  const name = cluster.clusterName ?? '';
  world.later(world.timings.inactiveVisibleMs, () => {
    if (world.clusters.get(name) === record) world.clusters.delete(name);
  });
  return { cluster: shownCluster(world, record) };
}

function livingCluster(world: World, reference: string | undefined): ClusterRecord {
  const record = findCluster(world, reference);
  if (record === undefined || record.cluster.status === 'INACTIVE') throw clusterNotFound();
  return record;
}

/** SDK documentation of Cluster.attachmentsStatus: in progress first, complete later. */
function attach(world: World, cluster: Cluster): void {
  cluster.attachmentsStatus = 'UPDATE_IN_PROGRESS';
  world.later(ATTACHING_MS, () => {
    cluster.attachmentsStatus = 'UPDATE_COMPLETE';
    if (cluster.status === 'PROVISIONING') cluster.status = 'ACTIVE';
  });
}

function arnOf(world: World, reference: string): string {
  return parseEcsArn(reference) === undefined ? clusterArn(world, reference) : reference;
}
