import type {
  CapacityProviderStrategyItem,
  CreateServiceRequest,
  DeploymentConfiguration,
  DeploymentLifecycleHook,
  LoadBalancer,
  NetworkConfiguration,
  PlacementStrategy,
  SchedulingStrategy,
  Service,
  ServiceRegistry,
  TaskDefinition,
} from '@aws-sdk/client-ecs';

const AZ = 'attribute:ecs.availability-zone';

/** EcsService rules S3–S10: what DescribeServices shows of a deployment configuration, however little of it was said. */
export function filledDeploymentConfiguration(
  stated: DeploymentConfiguration,
  scheduling: SchedulingStrategy,
  controller: string,
): DeploymentConfiguration {
  const isDaemon = scheduling === 'DAEMON';
  const strategy = stated.strategy ?? 'ROLLING';
  // SDK: `DeploymentConfiguration.maximumPercent`, `minimumHealthyPercent`.
  const percents = {
    maximumPercent: stated.maximumPercent ?? (isDaemon ? 100 : 200),
    minimumHealthyPercent: stated.minimumHealthyPercent ?? (isDaemon ? 0 : 100),
  };
  // SDK: `DeploymentConfiguration`: circuit breaker, alarms, hooks and strategies belong to the controller ECS.
  if (controller !== 'ECS') return percents;
  return {
    ...percents,
    strategy,
    bakeTimeInMinutes: stated.bakeTimeInMinutes ?? 0,
    // SDK: `DeploymentCircuitBreaker`; EcsService rule S6.
    deploymentCircuitBreaker: {
      enable: stated.deploymentCircuitBreaker?.enable ?? false,
      rollback: stated.deploymentCircuitBreaker?.rollback ?? false,
      resetOnHealthyTask: stated.deploymentCircuitBreaker?.resetOnHealthyTask ?? true,
      thresholdConfiguration: {
        type: stated.deploymentCircuitBreaker?.thresholdConfiguration?.type ?? 'BOUNDED_PERCENT',
        value: stated.deploymentCircuitBreaker?.thresholdConfiguration?.value ?? 50,
      },
    },
    // SDK: `DeploymentAlarms`; EcsService rule S7.
    alarms: {
      alarmNames: stated.alarms?.alarmNames ?? [],
      enable: stated.alarms?.enable ?? false,
      rollback: stated.alarms?.rollback ?? false,
    },
    lifecycleHooks: (stated.lifecycleHooks ?? []).map(filledHook),
    ...ownOf(strategy, stated),
  };
}

/** SDK: `DeploymentConfiguration`; EcsService rules S9 and S10: each strategy has a block of its own. */
function ownOf(strategy: string, stated: DeploymentConfiguration): DeploymentConfiguration {
  if (strategy === 'ROLLING') {
    return {
      earlySuccessCriteria: {
        enable: stated.earlySuccessCriteria?.enable ?? false,
        healthyPercent: stated.earlySuccessCriteria?.healthyPercent ?? 100,
        sourceServiceRevisionCleanup: stated.earlySuccessCriteria?.sourceServiceRevisionCleanup ?? 'BLOCKING',
      },
    };
  }
  // SDK documentation of LinearConfiguration and CanaryConfiguration.
  if (strategy === 'LINEAR') {
    return { linearConfiguration: { stepPercent: 10, stepBakeTimeInMinutes: 6, ...stated.linearConfiguration } };
  }
  if (strategy === 'CANARY') {
    return { canaryConfiguration: { canaryPercent: 5, canaryBakeTimeInMinutes: 10, ...stated.canaryConfiguration } };
  }
  return {};
}

/** SDK: `DeploymentLifecycleHook`; EcsService rule S8. */
function filledHook(hook: DeploymentLifecycleHook): DeploymentLifecycleHook {
  return {
    ...hook,
    targetType: hook.targetType ?? 'AWS_LAMBDA',
    timeoutConfiguration: { action: 'ROLLBACK', timeoutInMinutes: 1440, ...hook.timeoutConfiguration },
  };
}

/** SDK: `AwsVpcConfiguration.assignPublicIp`; an absent list of security groups stays empty, as the VPC's default is not echoed (EcsService rule S16). */
export function filledNetwork(stated: NetworkConfiguration | undefined): NetworkConfiguration | undefined {
  const vpc = stated?.awsvpcConfiguration;
  if (vpc === undefined) return undefined;
  return {
    awsvpcConfiguration: {
      subnets: vpc.subnets,
      securityGroups: vpc.securityGroups ?? [],
      assignPublicIp: vpc.assignPublicIp ?? 'DISABLED',
    },
  };
}

/** SDK: `CapacityProviderStrategyItem`: base and weight are filled in. */
export function filledStrategy(stated: readonly CapacityProviderStrategyItem[]): CapacityProviderStrategyItem[] {
  return stated.map((item) => ({
    capacityProvider: item.capacityProvider,
    weight: item.weight ?? 0,
    base: item.base ?? 0,
  }));
}

/** SDK: `PlacementStrategy.field`, EcsService rule S22: the order stays; `host` is told as `instanceId`, CPU and MEMORY in lower case. */
export function canonicalPlacement(stated: readonly PlacementStrategy[]): PlacementStrategy[] {
  return stated.map(({ type, field }) => {
    if (field === undefined || field === '') return { type };
    const lowered = field.toLowerCase();
    if (lowered === 'host' || lowered === 'instanceid') return { type, field: 'instanceId' };
    return { type, field: lowered === 'cpu' || lowered === 'memory' ? lowered : field };
  });
}

/** EcsService rule S24: a registry without ports shows none. */
export function filledRegistries(stated: readonly ServiceRegistry[]): ServiceRegistry[] {
  return stated.map(({ port, containerPort, ...rest }) => ({
    ...rest,
    ...(port === undefined || port === 0 ? {} : { port }),
    ...(containerPort === undefined || containerPort === 0 ? {} : { containerPort }),
  }));
}

export function usesFargate({
  launchType,
  capacityProviderStrategy,
}: Pick<Service, 'launchType' | 'capacityProviderStrategy'>): boolean {
  if (launchType !== undefined) return launchType === 'FARGATE';
  return (capacityProviderStrategy ?? []).some(
    ({ capacityProvider }) => capacityProvider?.startsWith('FARGATE') === true,
  );
}

/** SDK documentation of Service.platformFamily; real answers say `Linux`. */
export function platformFamilyOf(definition: TaskDefinition | undefined): string {
  const family = definition?.runtimePlatform?.operatingSystemFamily ?? 'LINUX';
  return family === 'LINUX' ? 'Linux' : family;
}

/** SDK: `CreateServiceRequest.availabilityZoneRebalancing`, EcsService rule S20: enabled by default where the service is eligible. */
export function defaultRebalancing(
  input: CreateServiceRequest,
  configuration: DeploymentConfiguration,
): 'ENABLED' | 'DISABLED' {
  const first = input.placementStrategy?.[0];
  const isSpread = first === undefined || (first.type === 'spread' && first.field === AZ);
  const isEligible =
    isSpread &&
    input.schedulingStrategy !== 'DAEMON' &&
    input.launchType !== 'EXTERNAL' &&
    (input.deploymentController?.type ?? 'ECS') === 'ECS' &&
    (configuration.maximumPercent ?? 0) > 100 &&
    !(input.placementConstraints ?? []).some(({ expression }) => expression?.includes(AZ) === true) &&
    !hasClassicBalancer(input.loadBalancers ?? []);
  return isEligible ? 'ENABLED' : 'DISABLED';
}

export function hasClassicBalancer(balancers: readonly LoadBalancer[]): boolean {
  return balancers.some(({ loadBalancerName }) => loadBalancerName !== undefined && loadBalancerName !== '');
}

/** SDK: `CreateServiceRequest.role`; EcsService rule S29. */
export function roleArnOf(accountId: string, role: string | undefined): string {
  if (role === undefined || role === '') {
    return `arn:aws:iam::${accountId}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS`;
  }
  return role.startsWith('arn:') ? role : `arn:aws:iam::${accountId}:role/${role}`;
}
