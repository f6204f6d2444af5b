import { asRecord } from '../../api/canonical-form.ts';
import { accountOfArn, canonicalRole } from '../../api/canonical-role.ts';
import { diff } from '../../core/diff.ts';
import type { Difference } from '../../core/plan.ts';
import { canonicalConfiguration } from './canonical/canonical.ts';
import { alignServiceConnect, WHOLE } from './canonical/canonical-service-connect.ts';
import { valueAt, type Wish, wishOf } from './clearing.ts';
import { configurationOf, controllerOf } from './found.ts';
import type { Configuration, ConfigurationMember, DesiredService, ServiceState } from './model.ts';
import { isRevisionOf, revisionName } from './task-definition-name.ts';

/** Members that a deployment rolls out (field documentation of UpdateService; where it is silent: taken to). */
const ROLLED_OUT = [
  'taskDefinition',
  'capacityProviderStrategy',
  'networkConfiguration',
  'platformVersion',
  'loadBalancers',
  'serviceRegistries',
  'serviceConnectConfiguration',
  'volumeConfigurations',
  'vpcLatticeConfigurations',
  'gatewayConnectors',
  'monitoring',
] as const satisfies readonly ConfigurationMember[];

/** Members whose change starts a deployment. */
export const DEPLOYING: ReadonlySet<string> = new Set([...ROLLED_OUT, 'deploymentController']);

/** With CODE_DEPLOY and EXTERNAL these are changed by whoever deploys, and UpdateService refuses them. */
const OF_THE_DEPLOYER: ReadonlySet<string> = new Set(ROLLED_OUT);

/** Compared by what is stated of each item; other lists as a whole. */
const KEYED = { gatewayConnectors: 'portName' };

/**
 * Paths whose values may be shown. What is not listed could hold a secret: options of log drivers, parameters of hooks,
 * headers, tags of volumes.
 */
const SHOWN: readonly string[] = [
  'availabilityZoneRebalancing',
  'capacityProviderStrategy',
  'deploymentConfiguration.alarms',
  'deploymentConfiguration.bakeTimeInMinutes',
  'deploymentConfiguration.canaryConfiguration',
  'deploymentConfiguration.deploymentCircuitBreaker',
  'deploymentConfiguration.earlySuccessCriteria',
  'deploymentConfiguration.linearConfiguration',
  'deploymentConfiguration.maximumPercent',
  'deploymentConfiguration.minimumHealthyPercent',
  'deploymentConfiguration.strategy',
  'deploymentController',
  'desiredCount',
  'enableECSManagedTags',
  'enableExecuteCommand',
  'gatewayConnectors',
  'healthCheckGracePeriodSeconds',
  'loadBalancers',
  'monitoring',
  'networkConfiguration',
  'placementConstraints',
  'placementStrategy',
  'platformVersion',
  'propagateTags',
  'serviceConnectConfiguration.accessLogConfiguration',
  'serviceConnectConfiguration.containerConfigurations',
  'serviceConnectConfiguration.enabled',
  'serviceConnectConfiguration.namespace',
  'serviceRegistries',
  'taskDefinition',
  'vpcLatticeConfigurations',
];

function isHidden(path: string): boolean {
  return !SHOWN.some((shown) => path === shown || path.startsWith(`${shown}.`) || path.startsWith(`${shown}[`));
}

export interface Comparison {
  readonly because: readonly Difference[];
  /** The members of UpdateService that differ. */
  readonly members: ReadonlySet<string>;
  readonly wish: Wish;
}

/** Where the wish and the live service differ, in what can be corrected in place. */
export function compareConfiguration(desired: DesiredService, state: Compared): Comparison {
  const wish = correctable(desired, state);
  const isOfDaemon = state.service.schedulingStrategy === 'DAEMON';
  return compare(wish, configurationOf(state), { isOfDaemon, memory: desired.applied?.fields ?? [] });
}

/** What of the state decides what is compared. */
type Compared = Pick<ServiceState, 'service' | 'revision' | 'scaling'>;

interface Context {
  readonly isOfDaemon: boolean;
  /** `status.lastApplied.fields`. */
  readonly memory: readonly string[];
}

function compare(wish: Wish, found: Configuration, { isOfDaemon, memory }: Context): Comparison {
  const wanted = canonicalConfiguration(wish.configuration, 'keep', isOfDaemon);
  const live = align(wanted, canonicalConfiguration(found, 'fill', isOfDaemon), memory);
  const because = [
    ...diff(wanted, live, { mode: 'stated', keyed: KEYED, whole: WHOLE, isHidden }),
    ...wish.omitted
      .filter((path) => valueAt(found, path) !== undefined)
      .map((path) => ({ path, wanted: undefined, found: isHidden(path) ? '(hidden)' : valueAt(found, path) })),
  ];
  return { because, members: new Set(because.map(({ path }) => memberAt(path))), wish };
}

/** The member of UpdateService that a path begins with. */
export function memberAt(path: string): string {
  return path.split(/[.[]/)[0] ?? '';
}

/** The wish, without what is not ours to correct. */
function correctable(desired: DesiredService, { service, revision, scaling }: Compared): Wish {
  const wish = wishOf(desired);
  const configuration: Record<string, unknown> = { ...wish.configuration };
  // A service that goes back to its launch type has no strategy left (S12).
  if (desired.fixed.launchType !== undefined) configuration['capacityProviderStrategy'] ??= [];
  const controller = controllerOf(wish.configuration) ?? controllerOf(service) ?? 'ECS';
  if (controller !== 'ECS') for (const member of OF_THE_DEPLOYER) delete configuration[member];
  // S2: ECS decides how many a DAEMON service runs, and whoever scales a service owns its count.
  if (service.schedulingStrategy === 'DAEMON' || scaling !== undefined) delete configuration['desiredCount'];
  if (revision === undefined) {
    // S28: not to be seen without a revision, so there is nothing to compare with.
    delete configuration['gatewayConnectors'];
    delete configuration['monitoring'];
  }
  return { ...wish, configuration: asRecord(configuration) };
}

/** S13: what LATEST stands for; ECS shows either (SDK: fargate platform versions, 1.0.0 is that of Windows). */
const LATEST_VERSIONS: readonly unknown[] = ['LATEST', '1.4.0', '1.0.0'];

type Canonical = Readonly<Record<string, unknown>>;

/** What ECS shows in the terms of the wish, where one thing has several names. */
function align(wanted: Canonical, found: Canonical, memory: readonly string[]): Canonical {
  const aligned: Record<string, unknown> = { ...found };
  const { taskDefinition, platformVersion, serviceConnectConfiguration } = wanted;
  const live = found['taskDefinition'];
  if (typeof taskDefinition === 'string' && typeof live === 'string') {
    const shown = taskDefinition.startsWith('arn:') ? live : revisionName(live);
    aligned['taskDefinition'] = isRevisionOf(live, taskDefinition) ? taskDefinition : shown;
  }
  if (platformVersion === 'LATEST' && LATEST_VERSIONS.includes(found['platformVersion'])) {
    aligned['platformVersion'] = 'LATEST';
  }
  if (serviceConnectConfiguration !== undefined) {
    aligned['serviceConnectConfiguration'] = alignServiceConnect(
      serviceConnectConfiguration,
      found['serviceConnectConfiguration'],
      memory,
    );
  }
  return aligned;
}

/** Whether a deployment to this configuration would be one to the wish: by all that a deployment rolls out. */
export function isTarget(desired: DesiredService, state: ServiceState, target: Configuration): boolean {
  const wish = correctable(desired, state);
  const rolledOut = Object.entries(wish.configuration).filter(
    ([member]) => DEPLOYING.has(member) && member !== 'deploymentController',
  );
  const omitted = wish.omitted.filter((path) => DEPLOYING.has(path.split('.')[0] ?? ''));
  const { because } = compare({ ...wish, configuration: Object.fromEntries(rolledOut), omitted }, target, {
    isOfDaemon: state.service.schedulingStrategy === 'DAEMON',
    memory: desired.applied?.fields ?? [],
  });
  return because.length === 0;
}

/** What differs although it was settled at creation. */
export function compareFixed({ fixed }: DesiredService, { service }: ServiceState): readonly Difference[] {
  const accountId = accountOfArn(service.serviceArn);
  // S29: a role that nobody stated is ECS's own; one of the same account is known by name as well.
  const wanted = { ...fixed, role: canonicalRole(fixed.role, accountId) };
  const found = {
    schedulingStrategy: service.schedulingStrategy ?? 'REPLICA',
    launchType: hasLaunchType(service) ? service.launchType : fixed.launchType,
    role: service.roleArn === undefined ? wanted.role : canonicalRole(service.roleArn, accountId),
  };
  return diff(wanted, found, { mode: 'stated' });
}

/** S12: with a strategy there is none, and giving that up brings it back; task sets have one of their own. */
function hasLaunchType(service: ServiceState['service']): boolean {
  const isByEcs = (controllerOf(service) ?? 'ECS') === 'ECS';
  return isByEcs && service.launchType !== undefined && (service.capacityProviderStrategy ?? []).length === 0;
}
