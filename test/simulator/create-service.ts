import type {
  CreateServiceRequest,
  CreateServiceResponse,
  DeploymentControllerType,
  Service,
  TaskDefinition,
} from '@aws-sdk/client-ecs';
import { findCluster, serviceArnOf } from './addresses.ts';
import { usableDefinition } from './definitions.ts';
import { clusterNotFound, invalidParameter } from './refusals.ts';
import { checkForController, checkLaunch, checkService } from './service-checks.ts';
import {
  canonicalPlacement,
  defaultRebalancing,
  filledDeploymentConfiguration,
  filledNetwork,
  filledRegistries,
  filledStrategy,
  platformFamilyOf,
  roleArnOf,
  usesFargate,
} from './service-defaults.ts';
import { startDeployment } from './service-deployments.ts';
import { ownFields, type RevisionOnly } from './service-revisions.ts';
import { wakeService } from './service-rollout.ts';
import { addTaskSet } from './task-set-record.ts';
import { answerOnce } from './tokens.ts';
import type { ClusterRecord, ServiceRecord, World } from './world.ts';

// SDK documentation of CreateService.serviceName.
const NAME = /^[A-Za-z0-9_-]{1,255}$/;

const NOT_IDEMPOTENT = 'Creation of service was not idempotent.';

/** CreateService, with ECS's defaults; the rollout starts at once and goes on by itself. */
export function createService(world: World, input: CreateServiceRequest): CreateServiceResponse {
  const { serviceName = '', clientToken } = input;
  if (!NAME.test(serviceName)) {
    throw invalidParameter('Service name must be 1 to 255 letters, numbers, underscores and hyphens.'); // wording unknown
  }
  const cluster = findCluster(world, input.cluster);
  if (cluster?.cluster.status !== 'ACTIVE') throw clusterNotFound();
  const arn = serviceArnOf(cluster.cluster.clusterArn ?? '', serviceName);
  return answerOnce(
    world,
    { action: `CreateService ${arn}`, token: clientToken, input },
    () => invalidParameter(NOT_IDEMPOTENT),
    () => begin(world, { input, cluster, arn }),
  );
}

interface Beginning {
  input: CreateServiceRequest;
  cluster: ClusterRecord;
  arn: string;
}

function begin(world: World, beginning: Beginning): CreateServiceResponse {
  const { input, arn } = beginning;
  const existing = world.services.get(arn)?.service.status;
  if (existing === 'DRAINING') throw invalidParameter('Unable to Start a service that is still Draining.');
  if (existing === 'ACTIVE') throw invalidParameter(NOT_IDEMPOTENT);
  const record = newRecord(world, beginning);
  world.services.set(arn, record);
  const controller = controllerOf(input);
  if (controller === 'ECS') startDeployment(world, record, ownFields(world, input, beginning.cluster));
  if (controller === 'CODE_DEPLOY') addFirstTaskSet(world, record);
  wakeService(world, record);
  return { service: { ...record.service, tags: record.tags } };
}

/** A service of CodeDeploy begins with a primary task set made of its own configuration. */
function addFirstTaskSet(world: World, record: ServiceRecord): void {
  const { service } = record;
  addTaskSet(world, record, {
    definition: usableDefinition(world, service.taskDefinition ?? ''),
    status: 'PRIMARY',
    startedBy: 'CODE_DEPLOY',
    launchType: service.launchType,
    capacityProviderStrategy: service.capacityProviderStrategy,
    platformVersion: service.platformVersion,
    networkConfiguration: service.networkConfiguration,
    loadBalancers: service.loadBalancers,
    serviceRegistries: service.serviceRegistries,
  });
}

export function controllerOf({
  deploymentController,
}: Pick<Service, 'deploymentController'>): DeploymentControllerType {
  return deploymentController?.type ?? 'ECS';
}

function newRecord(world: World, { input, cluster, arn }: Beginning): ServiceRecord {
  const definition = definitionFor(world, input);
  checkCount(input);
  checkForController(controllerOf(input), input);
  checkLaunch(input.launchType, input.capacityProviderStrategy);
  const own: RevisionOnly = ownFields(world, input, cluster);
  const service = newService(world, { input, cluster, arn, definition });
  checkService({
    service,
    own,
    definition,
    hasRole: (input.role ?? '') !== '',
    providers: cluster.cluster.capacityProviders ?? [],
    hasClusterNamespace: cluster.cluster.serviceConnectDefaults?.namespace !== undefined,
  });
  return {
    service,
    tags: structuredClone(input.tags ?? []),
    revisions: [],
    deployments: [],
    clientToken: input.clientToken,
    rollouts: new Map(),
    taskArns: new Set(),
  };
}

function definitionFor(world: World, input: CreateServiceRequest): TaskDefinition | undefined {
  const isExternal = controllerOf(input) === 'EXTERNAL';
  if ((input.taskDefinition ?? '') === '') {
    if (!isExternal) throw invalidParameter('TaskDefinition can not be blank.');
    return undefined;
  }
  // SDK: CreateServiceCommand, on the controller EXTERNAL; the wording is not known.
  if (isExternal) throw invalidParameter('TaskDefinition cannot be specified for the EXTERNAL deployment controller.');
  return usableDefinition(world, input.taskDefinition ?? '');
}

function checkCount({ desiredCount, schedulingStrategy, deploymentController }: CreateServiceRequest): void {
  if (schedulingStrategy === 'DAEMON') {
    if (desiredCount === undefined) return;
    throw invalidParameter(
      'The daemon scheduling strategy does not support a desired count for services. Remove the desired count value and try again',
    );
  }
  // SDK documentation of desiredCount: required for REPLICA; the wording is not known.
  if (desiredCount === undefined && deploymentController?.type !== 'EXTERNAL') {
    throw invalidParameter('DesiredCount is missing');
  }
  if ((desiredCount ?? 0) < 0) throw invalidParameter('desiredCount can not be negative.'); // wording unknown
}

function newService(
  world: World,
  { input, cluster, arn, definition }: Beginning & { definition: TaskDefinition | undefined },
): Service {
  const schedulingStrategy = input.schedulingStrategy ?? 'REPLICA';
  const controller = controllerOf(input);
  const configuration = filledDeploymentConfiguration(
    input.deploymentConfiguration ?? {},
    schedulingStrategy,
    controller,
  );
  const capacity = capacityOf(input, cluster);
  const isFargate = usesFargate(capacity);
  return structuredClone({
    serviceArn: arn,
    serviceName: input.serviceName,
    clusterArn: cluster.cluster.clusterArn,
    loadBalancers: input.loadBalancers ?? [],
    serviceRegistries: filledRegistries(input.serviceRegistries ?? []),
    status: 'ACTIVE',
    desiredCount: input.desiredCount ?? 0,
    runningCount: 0,
    pendingCount: 0,
    ...capacity,
    ...(isFargate
      ? { platformVersion: input.platformVersion ?? 'LATEST', platformFamily: platformFamilyOf(definition) }
      : { platformVersion: input.platformVersion }),
    taskDefinition: definition?.taskDefinitionArn,
    deploymentConfiguration: configuration,
    deployments: [],
    ...(controller === 'ECS' ? {} : { taskSets: [] }),
    roleArn: roleArnOf(world.accountId, input.role),
    events: [],
    createdAt: new Date(world.now()),
    createdBy: `arn:aws:iam::${world.accountId}:root`,
    placementConstraints: input.placementConstraints ?? [],
    placementStrategy: canonicalPlacement(input.placementStrategy ?? []),
    networkConfiguration: filledNetwork(input.networkConfiguration),
    healthCheckGracePeriodSeconds: input.healthCheckGracePeriodSeconds ?? 0,
    schedulingStrategy,
    deploymentController: { type: controller },
    enableECSManagedTags: input.enableECSManagedTags ?? false,
    propagateTags: input.propagateTags ?? 'NONE',
    enableExecuteCommand: input.enableExecuteCommand ?? false,
    availabilityZoneRebalancing: input.availabilityZoneRebalancing ?? defaultRebalancing(input, configuration),
    resourceManagementType: 'CUSTOMER',
  } satisfies Service);
}

/**
 * EcsService rule S12: exactly one of launch type and strategy is answered. SDK documentation of CreateService: where neither
 * is said, the cluster's default strategy is used, else EC2.
 */
function capacityOf(
  { launchType, capacityProviderStrategy: stated, schedulingStrategy, deploymentController }: CreateServiceRequest,
  { cluster }: ClusterRecord,
): Pick<Service, 'launchType' | 'capacityProviderStrategy'> {
  if (launchType !== undefined) return { launchType };
  if (stated !== undefined && stated.length > 0) return { capacityProviderStrategy: filledStrategy(stated) };
  const fallback = cluster.defaultCapacityProviderStrategy ?? [];
  const takesFallback = schedulingStrategy !== 'DAEMON' && deploymentController?.type !== 'EXTERNAL';
  return takesFallback && fallback.length > 0
    ? { capacityProviderStrategy: filledStrategy(fallback) }
    : { launchType: 'EC2' };
}
