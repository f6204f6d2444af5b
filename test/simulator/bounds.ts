interface Bound {
  least?: number;
  most?: number;
  /** The longest that a list may be. */
  items?: number;
  /** The longest that a text may be. */
  text?: number;
}

const INT_MAX = 2_147_483_647;

/**
 * All bounds that AWS's model of the API states for ECS inputs (botocore, ecs/2014-11-13/service-2.json), by
 * `Structure.member`, and those of Application Auto Scaling (application-autoscaling/2016-02-06) that matter here.
 */
export const BOUNDS: ReadonlyMap<string, Bound> = new Map<string, Bound>([
  ['CapacityProviderStrategyItem.weight', { least: 0, most: 1_000 }],
  ['CapacityProviderStrategyItem.base', { least: 0, most: 100_000 }],
  ['NvidiaMpsAllocation.memory', { least: 1 }],
  ['NvidiaMpsAllocation.maxComputePercent', { least: 1, most: 100 }],
  ['DeploymentLifecycleHookTimeoutConfiguration.timeoutInMinutes', { least: 1, most: 20_160 }],
  ['DeploymentEarlySuccessCriteria.healthyPercent', { least: 0, most: 100 }],
  ['ServiceConnectClientAlias.port', { least: 0, most: 65_535 }],
  ['TimeoutConfiguration.idleTimeoutSeconds', { least: 0, most: INT_MAX }],
  ['TimeoutConfiguration.perRequestTimeoutSeconds', { least: 0, most: INT_MAX }],
  ['ServiceConnectConfiguration.containerConfigurations', { items: 10 }],
  ['CreateServiceRequest.gatewayConnectors', { items: 1 }],
  ['UpdateServiceRequest.gatewayConnectors', { items: 1 }],
  ['MonitoringConfiguration.metricConfigurations', { items: 5 }],
  ['MetricConfiguration.metricNames', { items: 5 }],
  ['MetricConfiguration.resolutionSeconds', { least: 20, most: 60 }],
  ['ManagedScaling.targetCapacity', { least: 1, most: 100 }],
  ['ManagedScaling.minimumScalingStepSize', { least: 1, most: 10_000 }],
  ['ManagedScaling.maximumScalingStepSize', { least: 1, most: 10_000 }],
  ['ManagedScaling.instanceWarmupPeriod', { least: 0, most: 10_000 }],
  ['ManagedInstancesStorageConfiguration.storageSizeGiB', { least: 1 }],
  ['InstanceRequirementsRequest.excludedInstanceTypes', { items: 400 }],
  ['InstanceRequirementsRequest.allowedInstanceTypes', { items: 400 }],
  ['DaemonDeploymentConfiguration.drainPercent', { least: 0, most: 100 }],
  ['PutScalingPolicyRequest.PolicyName', { text: 256 }],
  ['PutScheduledActionRequest.ScheduledActionName', { text: 256 }],
  ['PutScheduledActionRequest.Schedule', { text: 1_600 }],
]);

/** Numbers that may have a fraction; all others are integers (SDK documentation of these members). */
export const DOUBLES: ReadonlySet<string> = new Set([
  'CanaryConfiguration.canaryPercent',
  'LinearConfiguration.stepPercent',
  'DaemonDeploymentConfiguration.drainPercent',
  'MemoryGiBPerVCpuRequest.min',
  'MemoryGiBPerVCpuRequest.max',
  'NetworkBandwidthGbpsRequest.min',
  'NetworkBandwidthGbpsRequest.max',
  'TotalLocalStorageGBRequest.min',
  'TotalLocalStorageGBRequest.max',
  'Resource.doubleValue',
  'Scale.value',
  'StepAdjustment.MetricIntervalLowerBound',
  'StepAdjustment.MetricIntervalUpperBound',
  'TargetTrackingScalingPolicyConfiguration.TargetValue',
  'PredictiveScalingMetricSpecification.TargetValue',
]);
