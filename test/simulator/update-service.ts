import { isDeepStrictEqual } from 'node:util';
import type {
  CapacityProviderStrategyItem,
  DeploymentConfiguration,
  Service,
  UpdateServiceRequest,
  UpdateServiceResponse,
} from '@aws-sdk/client-ecs';
import { findCluster, findService, findTaskDefinition } from './addresses.ts';
import { controllerOf } from './create-service.ts';
import { usableDefinition } from './definitions.ts';
import { clusterNotFound, invalidParameter, serviceNotActive, serviceNotFound } from './refusals.ts';
import { checkForController, checkService } from './service-checks.ts';
import {
  canonicalPlacement,
  filledDeploymentConfiguration,
  filledNetwork,
  filledRegistries,
  filledStrategy,
  platformFamilyOf,
  usesFargate,
} from './service-defaults.ts';
import { startDeployment } from './service-deployments.ts';
import { currentRevision, ownFields, type RevisionOnly, revisionOnly } from './service-revisions.ts';
import { wakeService } from './service-rollout.ts';
import type { World } from './world.ts';

/** UpdateService: what is omitted stays; an empty list clears (SDK: `UpdateServiceRequest`, by member). */
export function updateService(world: World, stated: UpdateServiceRequest): UpdateServiceResponse {
  const input = withoutNulls(stated);
  const cluster = findCluster(world, input.cluster);
  if (cluster?.cluster.status !== 'ACTIVE') throw clusterNotFound();
  const record = findService(world, cluster.cluster.clusterArn ?? '', input.service ?? '');
  if (record === undefined) throw serviceNotFound();
  if (record.service.status !== 'ACTIVE') throw serviceNotActive();
  checkController(input, record.service);
  checkCount(input, record.service);
  checkForController(controllerOf(input.deploymentController === undefined ? record.service : input), input);

  const next = nextService(world, record.service, input);
  const ownNow = revisionOnly(currentRevision(record));
  const own: RevisionOnly = { ...ownNow, ...withoutUndefined(ownFields(world, input, cluster)) };
  checkStrategyChange(record.service, next, input);
  checkService({
    service: next,
    own,
    definition: findTaskDefinition(world, next.taskDefinition ?? '')?.definition,
    hasRole: false,
    providers: cluster.cluster.capacityProviders ?? [],
    hasClusterNamespace: cluster.cluster.serviceConnectDefaults?.namespace !== undefined,
  });

  const deploys =
    controllerOf(next) === 'ECS' &&
    (input.forceNewDeployment === true || !isDeepStrictEqual(rolled(record.service, ownNow), rolled(next, own)));
  Object.assign(record.service, next);
  if (deploys) startDeployment(world, record, own);
  wakeService(world, record);
  return { service: record.service };
}

/** SDK: `UpdateServiceRequest`, the members that "trigger a new service deployment": what a new revision is made of. */
function rolled(service: Service, own: RevisionOnly): object {
  return structuredClone({
    taskDefinition: service.taskDefinition,
    networkConfiguration: service.networkConfiguration,
    platformVersion: service.platformVersion,
    loadBalancers: service.loadBalancers,
    serviceRegistries: service.serviceRegistries,
    deploymentController: service.deploymentController,
    serviceConnectConfiguration: own.serviceConnectConfiguration,
    volumeConfigurations: own.volumeConfigurations ?? [],
    vpcLatticeConfigurations: own.vpcLatticeConfigurations ?? [],
    gatewayConnectors: own.gatewayConnectors ?? [],
    monitoring: own.monitoring,
  });
}

function nextService(world: World, old: Service, input: UpdateServiceRequest): Service {
  const next: Service = { ...old };
  const definition =
    input.taskDefinition === undefined
      ? findTaskDefinition(world, old.taskDefinition ?? '')?.definition
      : usableDefinition(world, input.taskDefinition);
  if (definition !== undefined) next.taskDefinition = definition.taskDefinitionArn;
  if (input.deploymentController !== undefined) next.deploymentController = { type: controllerOf(input) };
  Object.assign(next, capacityAfter(old, input.capacityProviderStrategy));
  if (usesFargate(next)) {
    next.platformVersion = input.platformVersion ?? old.platformVersion ?? 'LATEST';
    next.platformFamily = platformFamilyOf(definition);
  } else {
    next.platformVersion = input.platformVersion;
    next.platformFamily = undefined;
  }
  next.deploymentConfiguration = configurationAfter(next, input.deploymentConfiguration);
  Object.assign(
    next,
    withoutUndefined({
      desiredCount: input.desiredCount,
      networkConfiguration: filledNetwork(input.networkConfiguration),
      placementConstraints: input.placementConstraints,
      placementStrategy: input.placementStrategy && canonicalPlacement(input.placementStrategy),
      loadBalancers: input.loadBalancers,
      serviceRegistries: input.serviceRegistries && filledRegistries(input.serviceRegistries),
      healthCheckGracePeriodSeconds: input.healthCheckGracePeriodSeconds,
      enableExecuteCommand: input.enableExecuteCommand,
      enableECSManagedTags: input.enableECSManagedTags,
      propagateTags: input.propagateTags,
      availabilityZoneRebalancing: input.availabilityZoneRebalancing,
    }),
  );
  return structuredClone(next);
}

/** A block that is stated replaces that block, with its defaults; the others stay. */
function configurationAfter(next: Service, stated: DeploymentConfiguration | undefined): DeploymentConfiguration {
  const merged = { ...next.deploymentConfiguration, ...withoutUndefined(stated ?? {}) };
  return filledDeploymentConfiguration(merged, next.schedulingStrategy ?? 'REPLICA', controllerOf(next));
}

/** SDK: `UpdateServiceRequest.capacityProviderStrategy`: an empty strategy returns to the launch type. */
function capacityAfter(
  old: Service,
  stated: CapacityProviderStrategyItem[] | undefined,
): Pick<Service, 'launchType' | 'capacityProviderStrategy'> {
  if (stated === undefined || (stated.length === 0 && old.launchType !== undefined)) return {};
  if (stated.length > 0) return { launchType: undefined, capacityProviderStrategy: filledStrategy(stated) };
  return { launchType: usesFargate(old) ? 'FARGATE' : 'EC2', capacityProviderStrategy: undefined };
}

/** The wording is quoted in pipe-cd/pipecd pull request 6385 and kayac/ecspresso pull request 481. */
function checkStrategyChange(old: Service, next: Service, { forceNewDeployment }: UpdateServiceRequest): void {
  if (forceNewDeployment === true) return;
  if (isDeepStrictEqual(sorted(old.capacityProviderStrategy), sorted(next.capacityProviderStrategy))) return;
  throw invalidParameter(
    'When switching from launch type to capacity provider strategy on an existing service, or making a change to a capacity provider strategy on a service that is already using one, you must force a new deployment.',
  );
}

function sorted(strategy: readonly CapacityProviderStrategyItem[] = []): CapacityProviderStrategyItem[] {
  return strategy.toSorted((a, b) => ((a.capacityProvider ?? '') < (b.capacityProvider ?? '') ? -1 : 1));
}

// SDK: UpdateServiceCommand, what may change under which deployment controller. The wording for CODE_DEPLOY is AWS's for the first three; the rest
// follow its pattern.
const CODE_DEPLOY_REFUSES: readonly [keyof UpdateServiceRequest, string][] = [
  ['taskDefinition', 'Unable to update task definition'],
  ['networkConfiguration', 'Unable to update network parameters'],
  ['forceNewDeployment', 'Cannot force a new deployment'],
  ['platformVersion', 'Unable to update platform version'],
  ['loadBalancers', 'Unable to update load balancers'],
  ['serviceRegistries', 'Unable to update service registries'],
  ['capacityProviderStrategy', 'Unable to update capacity provider strategy'],
  ['serviceConnectConfiguration', 'Unable to update Service Connect'],
  ['volumeConfigurations', 'Unable to update volumes'],
];

function checkController(input: UpdateServiceRequest, service: Service): void {
  const controller = controllerOf(service);
  if (controller === 'ECS' || input.deploymentController?.type === 'ECS') return;
  for (const [field, words] of CODE_DEPLOY_REFUSES) {
    if (input[field] === undefined || input[field] === false) continue;
    const next = controller === 'CODE_DEPLOY' ? 'Use AWS CodeDeploy to trigger a new deployment.' : 'Use a task set.';
    throw invalidParameter(`${words} on services with a ${controller} deployment controller. ${next}`);
  }
  if (controller === 'EXTERNAL' && input.deploymentConfiguration !== undefined) {
    throw invalidParameter(
      'Unable to update deployment configuration on services with a EXTERNAL deployment controller.',
    );
  }
}

function checkCount({ desiredCount }: UpdateServiceRequest, { schedulingStrategy }: Service): void {
  if (desiredCount === undefined) return;
  if (schedulingStrategy === 'DAEMON') {
    throw invalidParameter(
      'The daemon scheduling strategy does not support a desired count for services. Remove the desired count value and try again',
    );
  }
  if (desiredCount < 0) throw invalidParameter('desiredCount can not be negative.'); // wording unknown
}

/** On the wire a null is as good as an absent member. */
function withoutNulls<Input extends object>(input: Input): Input {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null)) as Input;
}

function withoutUndefined<Part extends object>(part: Part): Part {
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined)) as Part;
}
