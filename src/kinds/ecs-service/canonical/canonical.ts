import type {
  AdvancedConfiguration,
  AwsVpcConfiguration,
  CapacityProviderStrategyItem,
  DeploymentAlarms,
  DeploymentCircuitBreaker,
  DeploymentConfiguration,
  DeploymentController,
  DeploymentEarlySuccessCriteria,
  DeploymentLifecycleHook,
  LoadBalancer,
  MetricConfiguration,
  MonitoringConfiguration,
  NetworkConfiguration,
  PlacementConstraint,
  PlacementStrategy,
  ServiceRegistry,
} from '@aws-sdk/client-ecs';
import {
  asRecord,
  type Form,
  keyed,
  leaf,
  type MemberForms,
  type Mode,
  members,
  ordered,
  set,
} from '../../../api/canonical-form.ts';
import type { Configuration, ConfigurationMember } from '../model.ts';
import { gatewayConnectors, vpcLatticeConfigurations } from './canonical-ingress.ts';
import { serviceConnectConfiguration } from './canonical-service-connect.ts';
import { volumeConfigurations } from './canonical-volumes.ts';

/**
 * The one spelling of a service's configuration, with ECS's defaults: the rules S1–S34 in README.md. The wish is taken
 * as it is stated (`keep`), what ECS shows with every default in (`fill`).
 */
export function canonicalConfiguration(
  configuration: Configuration,
  mode: Mode,
  isDaemon: boolean,
): Readonly<Record<string, unknown>> {
  return asRecord((isDaemon ? DAEMON : REPLICA)(configuration, mode));
}

/** S12. */
const capacityProviderStrategy = keyed(
  'capacityProvider',
  members<CapacityProviderStrategyItem>({ capacityProvider: leaf(), weight: leaf(0), base: leaf(0) }),
);

/** S6. */
const deploymentCircuitBreaker = members<DeploymentCircuitBreaker>({
  enable: leaf(false),
  rollback: leaf(false),
  resetOnHealthyTask: leaf(true),
  thresholdConfiguration: members({ type: leaf('BOUNDED_PERCENT'), value: leaf(50) }),
});

/** S7. */
const alarms = members<DeploymentAlarms>({ alarmNames: set(), rollback: leaf(false), enable: leaf(false) });

/** S8. */
const lifecycleHooks = set(
  members<DeploymentLifecycleHook>({
    targetType: leaf('AWS_LAMBDA'),
    hookTargetArn: leaf(),
    roleArn: leaf(),
    lifecycleStages: set(),
    hookDetails: leaf(),
    timeoutConfiguration: members({ timeoutInMinutes: leaf(1440), action: leaf('ROLLBACK') }),
  }),
);

/** S9. */
const earlySuccessCriteria = members<DeploymentEarlySuccessCriteria>({
  enable: leaf(false),
  healthyPercent: leaf(100),
  sourceServiceRevisionCleanup: leaf('BLOCKING'),
});

/** S3 to S10. */
function deploymentConfiguration(isDaemon: boolean): Form {
  return members<DeploymentConfiguration>({
    deploymentCircuitBreaker,
    maximumPercent: leaf(isDaemon ? 100 : 200),
    minimumHealthyPercent: leaf(isDaemon ? 0 : 100),
    alarms,
    strategy: leaf('ROLLING'),
    bakeTimeInMinutes: leaf(0),
    lifecycleHooks,
    linearConfiguration: members({ stepPercent: leaf(10), stepBakeTimeInMinutes: leaf(6) }),
    canaryConfiguration: members({ canaryPercent: leaf(5), canaryBakeTimeInMinutes: leaf(10) }),
    earlySuccessCriteria,
  });
}

/** S14 to S16. */
const networkConfiguration = members<NetworkConfiguration>({
  awsvpcConfiguration: members<AwsVpcConfiguration>({
    subnets: set(),
    securityGroups: set(),
    assignPublicIp: leaf('DISABLED'),
  }),
});

/** S21. */
const placementConstraints = set(members<PlacementConstraint>({ type: leaf(), expression: leaf() }));

/** S22: the order of preferences has a meaning. */
const placementStrategy = ordered(
  members<PlacementStrategy>({ type: leaf(), field: leaf(undefined, canonicalPlacementField) }),
);

function canonicalPlacementField(field: unknown): unknown {
  if (typeof field !== 'string') return field;
  const lower = field.toLowerCase();
  if (lower === 'host' || lower === 'instanceid') return 'instanceId';
  return lower === 'cpu' || lower === 'memory' ? lower : field;
}

const loadBalancer = members<LoadBalancer>({
  targetGroupArn: leaf(),
  loadBalancerName: leaf(),
  containerName: leaf(),
  containerPort: leaf(),
  advancedConfiguration: members<AdvancedConfiguration>({
    alternateTargetGroupArn: leaf(),
    productionListenerRule: leaf(),
    testListenerRule: leaf(),
    roleArn: leaf(),
  }),
});

/** S23: deployments that shift traffic make the two target groups change places, so they count as a pair. */
const loadBalancers = set((value, mode) => loadBalancer(withSortedPair(asRecord(value)), mode));

function withSortedPair(item: Readonly<Record<string, unknown>>): unknown {
  const advanced = asRecord(item['advancedConfiguration']);
  const alternate = advanced['alternateTargetGroupArn'];
  if (typeof alternate !== 'string' || typeof item['targetGroupArn'] !== 'string') return item;
  const [first, second] = [item['targetGroupArn'], alternate].toSorted();
  return {
    ...item,
    targetGroupArn: first,
    advancedConfiguration: { ...advanced, alternateTargetGroupArn: second },
  };
}

/** S24. */
const serviceRegistries = set(
  members<ServiceRegistry>({ registryArn: leaf(), port: leaf(0), containerName: leaf(), containerPort: leaf(0) }),
);

/** S28. */
const monitoring = members<MonitoringConfiguration>({
  metricConfigurations: set(members<MetricConfiguration>({ metricNames: set(), resolutionSeconds: leaf() })),
});

function forms(isDaemon: boolean): MemberForms<Record<ConfigurationMember, unknown>> {
  return {
    desiredCount: leaf(),
    taskDefinition: leaf(),
    capacityProviderStrategy,
    deploymentConfiguration: deploymentConfiguration(isDaemon),
    // S20: a service that never had it counts as DISABLED.
    availabilityZoneRebalancing: leaf('DISABLED'),
    networkConfiguration,
    placementConstraints,
    placementStrategy,
    // S13.
    platformVersion: leaf('LATEST'),
    // S17.
    healthCheckGracePeriodSeconds: leaf(0),
    // S11.
    deploymentController: members<DeploymentController>({ type: leaf('ECS') }),
    // S18.
    enableExecuteCommand: leaf(false),
    enableECSManagedTags: leaf(false),
    loadBalancers,
    // S19.
    propagateTags: leaf('NONE'),
    serviceRegistries,
    serviceConnectConfiguration,
    volumeConfigurations,
    vpcLatticeConfigurations,
    gatewayConnectors,
    monitoring,
  };
}

const REPLICA = members(forms(false));
const DAEMON = members(forms(true));
