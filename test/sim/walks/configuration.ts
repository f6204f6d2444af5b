import { diff } from '../../../src/core/diff.ts';
import { CLEARING } from '../../../src/kinds/ecs-cluster/clearing.ts';
import { CLEARINGS, valueAt } from '../../../src/kinds/ecs-service/clearing.ts';
import { canonicalContent } from '../../../src/kinds/ecs-task-definition/canonical/canonical.ts';
import { isPlainObject, stableJson } from '../../../src/lib/stable-json.ts';
import { nameOf, type Stage, type StageObject } from '../../support/operator-stage.ts';
import type { ExampleObject } from '../../support/rule-examples.ts';
import { scalingOf } from '../oracles/scaling.ts';

/** What each object is in ECS as far as a spec has a say in it, in one spelling of several that mean the same. */
export function configurationIn(stage: Stage): Readonly<Record<string, unknown>> {
  stage.simulator.settle();
  const objects = stage.objects().map((object) => [nameOf(object), essence(recordOf(stage, object))] as const);
  const scaling = scalingOf(stage.simulator.world).map(({ id, policies, actions, ...target }) => {
    return [id, essence({ ...target, policies: byName(policies), actions: byName(actions) })] as const;
  });
  return Object.fromEntries([...objects, ...scaling]);
}

/** Where one is another than wanted, with both values. */
export function differences(wanted: object, found: object): readonly string[] {
  return diff(wanted, found, { mode: 'whole' }).map(
    (one) => `${one.path}: ${JSON.stringify(one.wanted)}, now ${JSON.stringify(one.found)}`,
  );
}

function byName(items: readonly { readonly name: string }[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(items.map((item) => [item.name, item]));
}

/** What is settled when a service is made: the members by which ECS shows it, and why none of them is ours once it is removed. */
const SETTLED: Readonly<Record<string, { readonly shownAs: readonly string[]; readonly because: string }>> = {
  launchType: {
    shownAs: ['launchType', 'capacityProviderStrategy'],
    because: "no call changes it, and a service that is made without takes the cluster's strategy",
  },
  schedulingStrategy: {
    shownAs: ['schedulingStrategy'],
    because: 'no call changes it, and a service that is made without is a REPLICA',
  },
  role: { shownAs: ['roleArn'], because: 'no call changes it, and ECS shows a role of its own where none is stated' },
};

/** What a removed member leaves behind: the operator's own tables say where, and why. */
const STAYS: Readonly<Record<string, readonly string[]>> = {
  EcsCluster: stayingIn(CLEARING),
  EcsService: [...stayingIn(CLEARINGS), ...Object.keys(SETTLED)],
};

function stayingIn(table: Readonly<Record<string, object>>): readonly string[] {
  return Object.entries(table).flatMap(([path, clearing]) => ('stays' in clearing ? [path] : []));
}

/** The paths that ECS keeps something at although the spec no longer states it. */
export function leftBehind({ kind, spec }: Pick<ExampleObject, 'kind' | 'spec'>): readonly string[] {
  return (STAYS[kind] ?? []).filter((path) => valueAt(spec, path) === undefined);
}

function recordOf({ simulator: { world } }: Stage, { kind, spec, status }: StageObject): unknown {
  const arn = String(status['arn']);
  const cluster = [...world.clusters.values()].find((record) => record.cluster.clusterArn === arn);
  const found = cluster ?? world.services.get(arn) ?? world.taskDefinitions.get(arn);
  if (found === undefined) return undefined;
  const tags = found.tags.map(({ key, value }) => `${key}=${value ?? ''}`);
  const paths = leftBehind({ kind: String(kind), spec });
  if ('cluster' in found) return strip({ ...found.cluster, tags }, paths);
  if ('definition' in found) return { ...canonicalContent(found.definition, world.accountId), tags };
  const { service, revisions } = found;
  const revision = revisions.findLast(({ taskDefinition }) => taskDefinition === service.taskDefinition);
  const settled = Object.entries(SETTLED).flatMap(([path, { shownAs }]) => (path in spec ? [] : shownAs));
  const hidden = settled.filter((name) => !(name in spec));
  return strip({ ...revision, ...service, tags }, [...paths, ...hidden]);
}

function strip(record: object, paths: readonly string[]): unknown {
  return paths.reduce<unknown>((value, path) => without(value, path.split('.')), record);
}

function without(value: unknown, [name = '', ...rest]: readonly string[]): unknown {
  if (!isPlainObject(value)) return value;
  const { [name]: member, ...others } = value;
  return rest.length === 0 || member === undefined ? others : { ...others, [name]: without(member, rest) };
}

/** What ECS counts, names, derives or remembers by itself. */
const OF_ITS_OWN: ReadonlySet<string> = new Set([
  'deployments',
  'events',
  'currentServiceDeployment',
  'currentServiceRevisions',
  'serviceRevisionArn',
  'runningCount',
  'pendingCount',
  'runningTasksCount',
  'pendingTasksCount',
  'activeServicesCount',
  'revision',
  'requiresAttributes',
  'attachmentsStatus',
  'platformFamily',
  'registeredContainerInstancesCount',
]);

/** Values that mean the same as none, beside what is empty, false or 0. */
const AS_NONE: Readonly<Record<string, readonly unknown[]>> = {
  logging: ['DEFAULT'],
  cpuArchitecture: ['X86_64'],
  platformVersion: ['LATEST', '1.4.0'],
  ScaleInCooldown: [300],
  ScaleOutCooldown: [300],
  Cooldown: [300],
  MetricAggregationType: ['Average'],
  Mode: ['ForecastOnly'],
  SchedulingBufferTime: [300],
  MaxCapacityBreachBehavior: ['HonorMaxCapacity'],
};

/** Blocks that mean the same as none while they are switched off, whatever else stands in them. */
const SWITCHED: ReadonlySet<string> = new Set(['serviceConnectConfiguration']);

/** Lists of which only the names of items are compared, and why. */
const BY_NAME: Readonly<Record<string, { readonly name: string; readonly because: string }>> = {
  gatewayConnectors: {
    name: 'portName',
    because: 'what AWS fills in is not documented, so a member that is taken out cannot be told from it, and stays',
  },
};

/** Other lists are sets, or their items have names. */
const IN_ORDER: ReadonlySet<string> = new Set(['command', 'entryPoint', 'placementStrategy']);

const REVISION = /(:task-definition\/[^:]+):\d+$/;

/** What of a record counts, in one spelling. */
export function essence(value: unknown, name = ''): unknown {
  if (value instanceof Date || OF_ITS_OWN.has(name) || AS_NONE[name]?.includes(value)) return undefined;
  if (typeof value === 'string') return value === '' ? undefined : value.replace(REVISION, '$1');
  if (Array.isArray(value)) return essenceOfList(value, name);
  if (!isPlainObject(value)) return value === false || value === 0 ? undefined : value;
  if (SWITCHED.has(name) && value['enabled'] !== true) return undefined;
  const members = Object.entries(withoutColours(value))
    .map(([key, member]) => [key, essence(member, key)] as const)
    .filter(([, member]) => member !== undefined);
  return members.length === 0 ? undefined : Object.fromEntries(members);
}

function essenceOfList(value: readonly unknown[], name: string): unknown {
  if (value.length === 0) return undefined;
  const key = BY_NAME[name]?.name;
  const items = value.map((item) => (isPlainObject(item) && key !== undefined ? item[key] : essence(item)));
  return IN_ORDER.has(name) ? items : items.toSorted((a, b) => (stableJson(a) < stableJson(b) ? -1 : 1));
}

/** ECS swaps the two target groups at each deployment that shifts traffic. */
function withoutColours(item: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { targetGroupArn, advancedConfiguration, ...rest } = item;
  if (!isPlainObject(advancedConfiguration) || !('alternateTargetGroupArn' in advancedConfiguration)) return item;
  const { alternateTargetGroupArn, ...advanced } = advancedConfiguration;
  return { ...rest, advanced, targetGroups: [targetGroupArn, alternateTargetGroupArn] };
}
