import type {
  DescribeServiceRevisionsRequest,
  DescribeServiceRevisionsResponse,
  GatewayConnector,
  MonitoringConfiguration,
  Service,
  ServiceConnectConfiguration,
  ServiceRevision,
  ServiceVolumeConfiguration,
  VpcLatticeConfiguration,
} from '@aws-sdk/client-ecs';
import { arnBelow, findTaskDefinition, serviceArnAbove } from './addresses.ts';
import { resolvedConnect } from './namespaces.ts';
import { invalidParameter } from './refusals.ts';
import type { ClusterRecord, ServiceRecord, World } from './world.ts';

// SDK documentation of DescribeServiceRevisions.
const MAX_REVISIONS = 20;

/** The part of a service's configuration that only deployments and revisions show (SDK: `Deployment`, `ServiceRevision`). */
export interface RevisionOnly {
  serviceConnectConfiguration?: ServiceConnectConfiguration | undefined;
  volumeConfigurations?: ServiceVolumeConfiguration[] | undefined;
  vpcLatticeConfigurations?: VpcLatticeConfiguration[] | undefined;
  gatewayConnectors?: GatewayConnector[] | undefined;
  monitoring?: MonitoringConfiguration | undefined;
}

/** Freezes what a service is now into a new revision of it. */
export function addRevision(world: World, record: ServiceRecord, own: RevisionOnly): ServiceRevision {
  const { service } = record;
  const definition = findTaskDefinition(world, service.taskDefinition ?? '')?.definition;
  const revision: ServiceRevision = structuredClone({
    serviceRevisionArn: arnBelow(service.serviceArn ?? '', 'service-revision', decimals(world, 19)),
    serviceArn: service.serviceArn,
    clusterArn: service.clusterArn,
    taskDefinition: service.taskDefinition,
    capacityProviderStrategy: service.capacityProviderStrategy,
    launchType: service.launchType,
    platformVersion: resolvedPlatform(service),
    platformFamily: service.platformFamily,
    loadBalancers: service.loadBalancers,
    serviceRegistries: service.serviceRegistries,
    networkConfiguration: service.networkConfiguration,
    containerImages: (definition?.containerDefinitions ?? []).map(({ name, image }) => ({
      containerName: name,
      image,
    })),
    guardDutyEnabled: false,
    createdAt: new Date(world.now()),
    ...own,
  });
  record.revisions.push(revision);
  return revision;
}

export function revisionOf(record: ServiceRecord, arn: string | undefined): ServiceRevision | undefined {
  return record.revisions.find(({ serviceRevisionArn }) => serviceRevisionArn === arn);
}

/** The revision that the newest PRIMARY deployment stands for. */
export function currentRevision(record: ServiceRecord): ServiceRevision | undefined {
  const primary = record.service.deployments?.find(({ status }) => status === 'PRIMARY');
  return revisionOf(record, record.rollouts.get(primary?.id ?? '')?.revisionArn) ?? record.revisions.at(-1);
}

/** Those fields of a request, as its revision will show them. */
export function ownFields(world: World, stated: RevisionOnly, { cluster }: ClusterRecord): RevisionOnly {
  const { serviceConnectConfiguration: connect, volumeConfigurations } = stated;
  return {
    ...revisionOnly(stated),
    serviceConnectConfiguration: connect && resolvedConnect(world, connect, cluster.serviceConnectDefaults?.namespace),
    volumeConfigurations: volumeConfigurations?.map(filledVolume),
  };
}

/** Those fields of a revision as they are. */
export function revisionOnly(revision: RevisionOnly | undefined): RevisionOnly {
  const { serviceConnectConfiguration, volumeConfigurations, vpcLatticeConfigurations, gatewayConnectors, monitoring } =
    revision ?? {};
  return {
    serviceConnectConfiguration,
    volumeConfigurations,
    vpcLatticeConfigurations,
    gatewayConnectors,
    monitoring,
  };
}

/** SDK: `ServiceManagedEBSVolumeConfiguration`; EcsService rule S26. */
function filledVolume(stated: ServiceVolumeConfiguration): ServiceVolumeConfiguration {
  const volume = stated.managedEBSVolume;
  if (volume === undefined) return stated;
  const filled = { ...volume, encrypted: volume.encrypted ?? true, filesystemType: volume.filesystemType ?? 'xfs' };
  return { ...stated, managedEBSVolume: filled };
}

// EcsService rule S13: the service echoes LATEST, its deployments and tasks the version that stands for.
export function resolvedPlatform({ platformVersion, platformFamily }: Service): string | undefined {
  if (platformVersion !== 'LATEST') return platformVersion;
  return platformFamily === 'Linux' ? '1.4.0' : '1.0.0';
}

export function decimals(world: World, count: number): string {
  const first = 1 + Math.floor(world.random() * 9);
  return `${first}${Array.from({ length: count - 1 }, () => Math.floor(world.random() * 10)).join('')}`;
}

export function describeServiceRevisions(
  world: World,
  input: DescribeServiceRevisionsRequest,
): DescribeServiceRevisionsResponse {
  const arns = input.serviceRevisionArns ?? [];
  if (arns.length > MAX_REVISIONS)
    throw invalidParameter(`serviceRevisionArns can have at most ${MAX_REVISIONS} items.`);
  const found = arns.map((arn) => ({
    arn,
    revision: world.services
      .get(serviceArnAbove(arn))
      ?.revisions.find(({ serviceRevisionArn }) => serviceRevisionArn === arn),
  }));
  return {
    serviceRevisions: found.flatMap(({ revision }) => revision ?? []),
    failures: found.filter(({ revision }) => revision === undefined).map(({ arn }) => ({ arn, reason: 'MISSING' })),
  };
}
