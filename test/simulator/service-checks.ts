import type {
  CapacityProviderStrategyItem,
  DeploymentConfiguration,
  DeploymentControllerType,
  LoadBalancer,
  NetworkConfiguration,
  PlacementConstraint,
  PlacementStrategy,
  Service,
  TaskDefinition,
} from '@aws-sdk/client-ecs';
import { invalidParameter, platformUnknown } from './refusals.ts';
import { hasClassicBalancer, usesFargate } from './service-defaults.ts';
import type { RevisionOnly } from './service-revisions.ts';

// Messages are ECS's own as users report them; those marked * are not known word by word, only that ECS refuses.

/** What a service would be: its own fields as they would be answered, and those that only a revision shows. */
interface Candidate {
  service: Service;
  own: RevisionOnly;
  definition: TaskDefinition | undefined;
  hasRole: boolean;
  /** The providers that are associated with the cluster. */
  providers: readonly string[];
  hasClusterNamespace: boolean;
}

/** Throws what ECS answers to a service like this. As `CreateServiceRequest` is documented in the SDK. */
export function checkService(candidate: Candidate): void {
  const { service, definition } = candidate;
  checkCapacity(service.capacityProviderStrategy ?? [], candidate.providers);
  checkPlatform(service);
  checkScheduling(service);
  checkDeployment(service.deploymentConfiguration ?? {}, service);
  checkPlacement(service);
  if (definition !== undefined) {
    checkNetwork(service, definition);
    checkBalancers(candidate, definition);
    checkRevisionOnly(candidate, definition);
  }
}

/** What a deployment controller other than ECS leaves no room for, looked for in what was stated. */
export function checkForController(
  controller: DeploymentControllerType,
  stated: Pick<Service, 'loadBalancers' | 'serviceRegistries' | 'networkConfiguration' | 'deploymentConfiguration'>,
): void {
  if (controller === 'ECS') return;
  if (controller === 'EXTERNAL') {
    // SDK documentation of CreateService: only what is not controlled by the task sets.
    for (const field of ['loadBalancers', 'serviceRegistries'] as const) {
      if ((stated[field] ?? []).length > 0) throw notForExternal(field);
    }
    if (stated.networkConfiguration !== undefined) throw notForExternal('networkConfiguration');
  }
  // SDK documentation of DeploymentConfiguration.deploymentCircuitBreaker.
  if (stated.deploymentConfiguration?.deploymentCircuitBreaker?.enable === true) {
    throw invalidParameter(`The deployment circuit breaker is not supported with ${controller}.`); // *
  }
}

/** SDK: `CreateServiceRequest.launchType`, `capacityProviderStrategy`. */
export function checkLaunch(launchType: string | undefined, strategy: readonly unknown[] | undefined): void {
  if (launchType !== undefined && strategy !== undefined && strategy.length > 0) {
    throw invalidParameter(
      'Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.',
    );
  }
}

/** SDK: `CapacityProviderStrategyItem`. */
function checkCapacity(strategy: readonly CapacityProviderStrategyItem[], providers: readonly string[]): void {
  if (strategy.length === 0) return;
  const names = strategy.map(({ capacityProvider }) => capacityProvider ?? '');
  if (strategy.length > 20) throw badStrategy('cannot contain more than 20 capacity providers.'); // *
  if (new Set(names).size < names.length) throw badStrategy('cannot contain a capacity provider twice.'); // *
  if (names.some((name) => !providers.includes(name))) {
    throw badStrategy(
      'cannot contain a capacity provider that is not associated with the cluster. Associate the capacity provider with the cluster and try again.',
    );
  }
  if (strategy.filter(({ base }) => (base ?? 0) > 0).length > 1) {
    throw badStrategy('can only have one capacity provider with a defined base value.'); // *
  }
  if (strategy.every(({ weight }) => (weight ?? 0) === 0)) {
    throw badStrategy('must contain at least one capacity provider with a weight value greater than 0.'); // *
  }
  const fargate = names.filter((name) => name.startsWith('FARGATE')).length;
  if (fargate > 0 && fargate < names.length) {
    throw badStrategy('cannot contain both Fargate and other capacity providers.'); // *
  }
}

// Developer guide, "Fargate platform versions".
const PLATFORMS = ['LATEST', '1.0.0', '1.1.0', '1.2.0', '1.3.0', '1.4.0'];

/** SDK: `CreateServiceRequest.platformVersion`. */
function checkPlatform(service: Service): void {
  const { platformVersion } = service;
  if (platformVersion === undefined) return;
  if (!usesFargate(service)) {
    throw invalidParameter('The platform version must be null when specifying an EC2 launch type.');
  }
  if (!PLATFORMS.includes(platformVersion)) throw platformUnknown();
}

/** SDK: `CreateServiceRequest.schedulingStrategy`. */
function checkScheduling(service: Service): void {
  if (service.schedulingStrategy !== 'DAEMON') return;
  if (usesFargate(service)) throw notForDaemon('the Fargate launch type.'); // *
  if ((service.placementStrategy ?? []).length > 0) throw notForDaemon('placement strategies');
  if ((service.deploymentController?.type ?? 'ECS') !== 'ECS') {
    throw notForDaemon('the CODE_DEPLOY or EXTERNAL deployment controllers.'); // *
  }
  if ((service.deploymentConfiguration?.maximumPercent ?? 100) > 100) {
    throw notForDaemon('values above 100 for maximumPercent');
  }
  if (service.availabilityZoneRebalancing === 'ENABLED') throw notForDaemon('Availability Zone rebalancing.'); // *
}

/** SDK: `DeploymentConfiguration`, by member. */
function checkDeployment(configuration: DeploymentConfiguration, service: Service): void {
  const { maximumPercent = 200, minimumHealthyPercent = 100, strategy = 'ROLLING', alarms } = configuration;
  const { earlySuccessCriteria: early, bakeTimeInMinutes = 0 } = configuration;
  if (minimumHealthyPercent < 0 || minimumHealthyPercent > 100) {
    throw invalidParameter('minimumHealthyPercent must be between 0 and 100.'); // *
  }
  if (maximumPercent <= 0 || maximumPercent < minimumHealthyPercent) {
    throw invalidParameter('maximumPercent must be positive and not less than minimumHealthyPercent.'); // *
  }
  if (alarms?.enable === true && (alarms.alarmNames ?? []).length === 0) {
    throw invalidParameter('alarmNames cannot be empty when alarms are enabled.'); // *
  }
  if (bakeTimeInMinutes < 0 || bakeTimeInMinutes > 1440) {
    throw invalidParameter('bakeTimeInMinutes must be between 0 and 1440.'); // *
  }
  if (early?.enable === true && (early.healthyPercent ?? 100) < minimumHealthyPercent) {
    throw invalidParameter('healthyPercent must be greater than or equal to minimumHealthyPercent.'); // *
  }
  if (strategy === 'ROLLING') return;
  for (const { targetGroupArn, advancedConfiguration: advanced } of service.loadBalancers ?? []) {
    if (targetGroupArn !== undefined && advanced?.alternateTargetGroupArn === undefined) {
      throw invalidParameter(`advancedConfiguration is required for the ${strategy} deployment strategy.`); // *
    }
  }
}

/** SDK: `PlacementConstraint`, `PlacementStrategy`, `CreateServiceRequest.availabilityZoneRebalancing`. */
function checkPlacement(service: Service): void {
  const strategy: readonly PlacementStrategy[] = service.placementStrategy ?? [];
  const constraints: readonly PlacementConstraint[] = service.placementConstraints ?? [];
  if (usesFargate(service)) {
    if (strategy.length > 0) throw invalidParameter('Placement strategies are not supported with FARGATE launch type.');
    if (constraints.length > 0)
      throw invalidParameter('Placement constraints are not supported with FARGATE launch type.');
  }
  if (strategy.length > 5) throw invalidParameter('Placement strategy can have at most 5 items.'); // *
  if (constraints.length > 10) throw invalidParameter('Placement constraints can have at most 10 items.'); // *
  for (const { type, field } of strategy) {
    if (type === 'random' && field !== undefined)
      throw invalidParameter('Random placement strategy cannot have a field.'); // *
    if (type === 'binpack' && field !== 'cpu' && field !== 'memory') {
      throw invalidParameter('Binpack placement strategy needs the field cpu or memory.'); // *
    }
  }
  for (const { type, expression } of constraints) {
    if (type === 'memberOf' && (expression ?? '') === '') throw invalidParameter('memberOf needs an expression.'); // *
    if (type === 'distinctInstance' && (expression ?? '') !== '') {
      throw invalidParameter('distinctInstance does not take an expression.'); // *
    }
  }
}

/** SDK: `CreateServiceRequest.networkConfiguration`. */
export function checkNetwork(
  service: Pick<Service, 'launchType' | 'capacityProviderStrategy' | 'networkConfiguration'>,
  definition: TaskDefinition,
): void {
  const vpc = service.networkConfiguration?.awsvpcConfiguration;
  const { launchType } = service;
  if (launchType !== undefined && definition.compatibilities?.includes(launchType) === false) {
    throw invalidParameter(`Task definition does not support launch_type ${launchType}.`);
  }
  if (definition.networkMode === 'awsvpc' && vpc === undefined) {
    throw invalidParameter("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  }
  if (definition.networkMode !== 'awsvpc' && vpc !== undefined) {
    throw invalidParameter('Network Configuration is not valid for the given networkMode of this task definition.');
  }
  checkVpc(service.networkConfiguration);
  if (vpc?.assignPublicIp === 'ENABLED' && !usesFargate(service)) {
    throw invalidParameter('Assign public IP is not supported for this launch type.');
  }
}

function checkVpc(configuration: NetworkConfiguration | undefined): void {
  const vpc = configuration?.awsvpcConfiguration;
  if (vpc === undefined) return;
  if ((vpc.subnets ?? []).length === 0) throw invalidParameter('subnets can not be empty.');
  if ((vpc.subnets ?? []).length > 16) throw invalidParameter('subnets can have at most 16 items.');
  if ((vpc.securityGroups ?? []).length > 5) throw invalidParameter('securityGroups can have at most 5 items.');
}

/** SDK: `CreateServiceRequest.loadBalancers`, `serviceRegistries`. */
function checkBalancers({ service, hasRole }: Candidate, definition: TaskDefinition): void {
  const balancers: readonly LoadBalancer[] = service.loadBalancers ?? [];
  for (const { targetGroupArn, loadBalancerName, containerName, containerPort } of balancers) {
    if ((targetGroupArn === undefined) === (loadBalancerName === undefined)) {
      throw invalidParameter('Exactly one of targetGroupArn and loadBalancerName must be given.'); // *
    }
    const container = definition.containerDefinitions?.find(({ name }) => name === containerName);
    if (container === undefined) {
      throw invalidParameter(`The container ${containerName} does not exist in the task definition.`);
    }
    if (container.portMappings?.some((mapping) => mapping.containerPort === containerPort) !== true) {
      throw invalidParameter(`The container ${containerName} did not have a container port ${containerPort} defined.`);
    }
  }
  if (balancers.length > 5) throw invalidParameter('load balancers can have at most 5 items.'); // *
  if (hasClassicBalancer(balancers) && definition.networkMode === 'awsvpc') {
    throw invalidParameter('Classic Load Balancers are not supported with the network mode awsvpc.'); // *
  }
  if (hasRole && (definition.networkMode === 'awsvpc' || balancers.length !== 1)) {
    throw invalidParameter('You cannot specify an IAM role for services that require a service linked role.');
  }
  if ((service.healthCheckGracePeriodSeconds ?? 0) > 0 && balancers.length === 0) {
    throw invalidParameter('Health check grace period is only valid for services configured to use load balancers');
  }
  if ((service.serviceRegistries ?? []).length > 1) {
    throw invalidParameter('service registries can have at most 1 items.'); // *
  }
}

/** SDK: `ServiceConnectConfiguration`, `ServiceVolumeConfiguration`, `VpcLatticeConfiguration`. */
function checkRevisionOnly({ own, hasClusterNamespace }: Candidate, definition: TaskDefinition): void {
  const ports = new Set(
    (definition.containerDefinitions ?? []).flatMap(({ portMappings }) => (portMappings ?? []).map(({ name }) => name)),
  );
  const connect = own.serviceConnectConfiguration;
  if (connect?.enabled === true) {
    if (connect.namespace === undefined && !hasClusterNamespace) {
      throw invalidParameter('A namespace is required for Service Connect.'); // *
    }
    for (const { portName } of connect.services ?? []) checkPort(portName, ports);
  }
  for (const { portName } of own.vpcLatticeConfigurations ?? []) checkPort(portName, ports);
  const launchVolume = (definition.volumes ?? []).find(({ configuredAtLaunch }) => configuredAtLaunch === true)?.name;
  for (const { name } of own.volumeConfigurations ?? []) {
    if (name !== launchVolume) {
      throw invalidParameter(`The volume ${name} is not configured at launch in the task definition.`); // *
    }
  }
}

function checkPort(portName: string | undefined, ports: ReadonlySet<string | undefined>): void {
  if (!ports.has(portName)) {
    throw invalidParameter(`portName(${portName}) does not refer to any named PortMapping in the task definition.`);
  }
}

function badStrategy(why: string): Error {
  return invalidParameter(`The specified capacity provider strategy ${why}`);
}

function notForExternal(field: string): Error {
  return invalidParameter(`${field} cannot be specified for the EXTERNAL deployment controller.`); // *
}

function notForDaemon(what: string): Error {
  return invalidParameter(`The daemon scheduling strategy does not support ${what}`);
}
