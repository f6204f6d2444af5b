import type { Deployment, ServiceConnectServiceResource, ServiceRevision } from '@aws-sdk/client-ecs';
import { decimals } from './service-revisions.ts';
import type { RolloutRecord, ServiceRecord, World } from './world.ts';

export function primaryOf({ service }: ServiceRecord): Deployment | undefined {
  return service.deployments?.find(({ status }) => status === 'PRIMARY');
}

/** Makes this revision the PRIMARY one: its own deployment if it still has one, else a new one. Answers its id. */
export function makePrimary(
  world: World,
  record: ServiceRecord,
  goal: ServiceRevision,
  serviceDeploymentArn: string | undefined,
): string {
  const revived = record.service.deployments?.find(
    ({ id }) => record.rollouts.get(id ?? '')?.revisionArn === goal.serviceRevisionArn,
  );
  if (revived === undefined) return addPrimary(world, record, goal, serviceDeploymentArn);
  demote(record);
  const id = revived.id ?? '';
  Object.assign(revived, {
    status: 'PRIMARY',
    rolloutState: 'IN_PROGRESS',
    updatedAt: new Date(world.now()),
    failedTasks: 0,
  });
  record.rollouts.set(id, freshRollout(goal.serviceRevisionArn ?? '', serviceDeploymentArn));
  record.service.deployments = [revived, ...(record.service.deployments ?? []).filter((other) => other !== revived)];
  return id;
}

/** The former PRIMARY deployment becomes ACTIVE. Answers the id of the new one. */
export function addPrimary(
  world: World,
  record: ServiceRecord,
  revision: ServiceRevision,
  serviceDeploymentArn: string | undefined,
): string {
  demote(record);
  const id = `ecs-svc/${decimals(world, 19)}`;
  const now = new Date(world.now());
  const deployment: Deployment = structuredClone({
    id,
    status: 'PRIMARY',
    taskDefinition: revision.taskDefinition,
    desiredCount: record.service.desiredCount,
    pendingCount: 0,
    runningCount: 0,
    failedTasks: 0,
    createdAt: now,
    updatedAt: now,
    capacityProviderStrategy: revision.capacityProviderStrategy,
    launchType: revision.launchType,
    platformVersion: revision.platformVersion,
    platformFamily: revision.platformFamily,
    networkConfiguration: revision.networkConfiguration,
    rolloutState: 'IN_PROGRESS' as const,
    rolloutStateReason: `ECS deployment ${id} in progress.`,
    serviceConnectConfiguration: revision.serviceConnectConfiguration,
    serviceConnectResources: connectResources(world, revision),
    volumeConfigurations: revision.volumeConfigurations,
    vpcLatticeConfigurations: revision.vpcLatticeConfigurations,
  });
  record.service.deployments = [deployment, ...(record.service.deployments ?? [])];
  record.rollouts.set(id, freshRollout(revision.serviceRevisionArn ?? '', serviceDeploymentArn));
  return id;
}

/** SDK documentation of ServiceConnectServiceResource: one Cloud Map service for each discovery name. */
function connectResources(
  world: World,
  { serviceConnectConfiguration: connect }: ServiceRevision,
): ServiceConnectServiceResource[] | undefined {
  if (connect?.enabled !== true) return undefined;
  return (connect.services ?? []).map(({ discoveryName }) => ({
    discoveryName,
    discoveryArn: `arn:aws:servicediscovery:${world.region}:${world.accountId}:service/srv-${world.hex(16)}`,
  }));
}

function demote(record: ServiceRecord): void {
  const primary = primaryOf(record);
  if (primary !== undefined) primary.status = 'ACTIVE';
}

export function freshRollout(revisionArn: string, serviceDeploymentArn: string | undefined): RolloutRecord {
  return {
    revisionArn,
    serviceDeploymentArn,
    breakerFailures: 0,
    failuresInRow: 0,
    notBefore: 0,
    steadyCheck: undefined,
    steady: false,
    tags: [],
  };
}
