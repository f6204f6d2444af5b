import { asRecord } from '../../api/canonical-form.ts';
import { isPlainObject } from '../../lib/stable-json.ts';
import type { Configuration, DesiredService } from './model.ts';

/**
 * What becomes of a field that was stated and is removed. `clear` is the value that brings ECS's default back; `omit`
 * leaves the member out of the block that it stands in; `stays` says why it is left alone. With `strategy` it is done
 * while that one is stated: with any other, ECS has no such field.
 */
export type Clearing =
  | { readonly clear: unknown; readonly within?: string; readonly strategy?: 'LINEAR' | 'CANARY' }
  | { readonly omit: true; readonly within: string }
  | { readonly stays: string };

const NETWORK = 'networkConfiguration.awsvpcConfiguration';
const CONNECT = 'serviceConnectConfiguration';
const BREAKER = 'deploymentConfiguration.deploymentCircuitBreaker';
const LINEAR = 'deploymentConfiguration.linearConfiguration';
const CANARY = 'deploymentConfiguration.canaryConfiguration';
const EARLY = 'deploymentConfiguration.earlySuccessCriteria';

/**
 * Every optional member of UpdateService, and those of the blocks that are compared member by member. `within` names
 * the block that must be stated, or be cleared itself. Values: the field documentation of
 * UpdateServiceRequest in the SDK; the rules S1 to S34 of README.md.
 */
export const CLEARINGS: Readonly<Record<string, Clearing>> = {
  desiredCount: { stays: 'a count that nobody states belongs to whoever scales the service' },
  taskDefinition: { stays: 'a service always runs one' },
  capacityProviderStrategy: { clear: [] },
  [BREAKER]: { clear: { enable: false, rollback: false } },
  [`${BREAKER}.resetOnHealthyTask`]: { clear: true, within: BREAKER },
  [`${BREAKER}.thresholdConfiguration`]: { clear: { type: 'BOUNDED_PERCENT', value: 50 }, within: BREAKER },
  'deploymentConfiguration.maximumPercent': { clear: 200 },
  'deploymentConfiguration.minimumHealthyPercent': { clear: 100 },
  'deploymentConfiguration.alarms': { clear: { alarmNames: [], enable: false, rollback: false } },
  'deploymentConfiguration.strategy': { clear: 'ROLLING' },
  'deploymentConfiguration.bakeTimeInMinutes': { clear: 0 },
  'deploymentConfiguration.lifecycleHooks': { clear: [] },
  [LINEAR]: { clear: { stepPercent: 10, stepBakeTimeInMinutes: 6 }, strategy: 'LINEAR' },
  [`${LINEAR}.stepPercent`]: { clear: 10, within: LINEAR },
  [`${LINEAR}.stepBakeTimeInMinutes`]: { clear: 6, within: LINEAR },
  [CANARY]: { clear: { canaryPercent: 5, canaryBakeTimeInMinutes: 10 }, strategy: 'CANARY' },
  [`${CANARY}.canaryPercent`]: { clear: 5, within: CANARY },
  [`${CANARY}.canaryBakeTimeInMinutes`]: { clear: 10, within: CANARY },
  [EARLY]: { clear: { enable: false } },
  [`${EARLY}.healthyPercent`]: { clear: 100, within: EARLY },
  [`${EARLY}.sourceServiceRevisionCleanup`]: { clear: 'BLOCKING', within: EARLY },
  availabilityZoneRebalancing: { stays: 'an update without it keeps what the service has; it has no neutral value' },
  networkConfiguration: { stays: 'tasks with a network interface always need one' },
  [`${NETWORK}.subnets`]: { stays: 'a network interface is always in a subnet' },
  [`${NETWORK}.securityGroups`]: { clear: [], within: NETWORK },
  [`${NETWORK}.assignPublicIp`]: { clear: 'DISABLED', within: NETWORK },
  placementConstraints: { clear: [] },
  placementStrategy: { clear: [] },
  platformVersion: { clear: 'LATEST' },
  forceNewDeployment: { stays: 'it is a command, not a field' },
  healthCheckGracePeriodSeconds: { clear: 0 },
  deploymentController: { stays: 'who runs deployments is never changed by leaving a line out' },
  enableExecuteCommand: { clear: false },
  enableECSManagedTags: { clear: false },
  loadBalancers: { clear: [] },
  propagateTags: { clear: 'NONE' },
  serviceRegistries: { clear: [] },
  serviceConnectConfiguration: { clear: { enabled: false } },
  [`${CONNECT}.namespace`]: {
    stays: "ECS then shows the cluster's default, which cannot be told from a name that was stated",
  },
  [`${CONNECT}.services`]: { clear: [], within: CONNECT },
  [`${CONNECT}.logConfiguration`]: { omit: true, within: CONNECT },
  [`${CONNECT}.accessLogConfiguration`]: { omit: true, within: CONNECT },
  [`${CONNECT}.containerConfigurations`]: { clear: [], within: CONNECT },
  volumeConfigurations: { clear: [] },
  vpcLatticeConfigurations: { clear: [] },
  gatewayConnectors: { clear: [] },
  monitoring: { clear: { metricConfigurations: [] } },
  'monitoring.metricConfigurations': { clear: [], within: 'monitoring' },
};

/** DAEMON services have defaults of their own (S3). */
const DAEMON_CLEARINGS: Readonly<Record<string, Clearing>> = {
  ...CLEARINGS,
  'deploymentConfiguration.maximumPercent': { clear: 100 },
  'deploymentConfiguration.minimumHealthyPercent': { clear: 0 },
};

/** The paths of the table that a configuration states. */
export function statedFields(stated: Configuration): string[] {
  return Object.keys(CLEARINGS).filter((path) => valueAt(stated, path) !== undefined);
}

/** Of what was put and is stated no more: what stays with a block that stays. It goes once the block is stated again. */
export function heldFields({ stated, applied }: Pick<DesiredService, 'stated' | 'applied'>): string[] {
  return (applied?.fields ?? []).filter((path) => {
    const clearing = CLEARINGS[path];
    if (clearing === undefined || 'stays' in clearing || clearing.within === undefined) return false;
    const keeper = CLEARINGS[clearing.within.split('.')[0] ?? ''];
    return keeper !== undefined && 'stays' in keeper && valueAt(stated, clearing.within) === undefined;
  });
}

/** The wish in full: what is stated, what is to be cleared, and what must not be there at all. */
export interface Wish {
  readonly configuration: Configuration;
  /** Paths that were cleared into `configuration`. */
  readonly cleared: readonly string[];
  /** Paths that are to be left out of what is sent. */
  readonly omitted: readonly string[];
}

export function wishOf({ stated, fixed, applied }: Pick<DesiredService, 'stated' | 'fixed' | 'applied'>): Wish {
  const table = fixed.schedulingStrategy === 'DAEMON' ? DAEMON_CLEARINGS : CLEARINGS;
  // In order, so that a block that is cleared comes before what was stated inside of it.
  const removed = (applied?.fields ?? []).filter((path) => valueAt(stated, path) === undefined).toSorted();
  const cleared: string[] = [];
  const omitted: string[] = [];
  let configuration: unknown = stated;
  for (const path of removed) {
    const clearing = table[path];
    if (clearing === undefined || 'stays' in clearing) continue;
    if (clearing.within !== undefined && !isEnabled(valueAt(configuration, clearing.within))) continue;
    if ('strategy' in clearing && stated.deploymentConfiguration?.strategy !== clearing.strategy) continue;
    if ('omit' in clearing) {
      omitted.push(path);
    } else {
      cleared.push(path);
      configuration = withValueAt(configuration, path.split('.'), clearing.clear);
    }
  }
  return { configuration: asRecord(configuration), cleared, omitted };
}

/** In the wish, and not as a Service Connect that is switched off: nothing inside that could be cleared. */
function isEnabled(block: unknown): boolean {
  return block !== undefined && asRecord(block)['enabled'] !== false;
}

export function valueAt(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((at, name) => (isPlainObject(at) ? at[name] : undefined), value);
}

function withValueAt(value: unknown, [name = '', ...rest]: readonly string[], leaf: unknown): unknown {
  const members = asRecord(value);
  return { ...members, [name]: rest.length === 0 ? leaf : withValueAt(members[name], rest, leaf) };
}
