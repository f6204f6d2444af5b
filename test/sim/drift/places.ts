import type { ServiceRevision } from '@aws-sdk/client-ecs';
import { primaryOf } from '../../../src/kinds/ecs-service/found.ts';
import { inAwsSpelling, inSpecSpelling } from '../../../src/kinds/ecs-service/scaling/spelling.ts';
import type { TargetRecord } from '../../simulator/scaling/scaling-world.ts';
import type { ClusterRecord, ServiceRecord, TaskDefinitionRecord } from '../../simulator/world.ts';
import type { ObjectName, Stage } from '../../support/operator-stage.ts';

/** Where ECS shows a member of a spec, in the words of the spec. */
export interface Place {
  read(): unknown;
  write(value: unknown): void;
}

/** Members that ECS shows under another name. */
const SHOWN_AS: Readonly<Record<string, string>> = { role: 'roleArn', taskDefinitionRef: 'taskDefinition' };

/** All places of one member: some of a service stands on its PRIMARY deployment and the revision of that as well. */
export function placesOf(stage: Stage, name: ObjectName, member: string): readonly Place[] {
  const { simulator } = stage;
  simulator.settle();
  const { clusters, services, taskDefinitions, scaling } = simulator.world;
  const arn = String(stage.object(name)?.status['arn']);
  const cluster = [...clusters.values()].find((record) => record.cluster.clusterArn === arn);
  const service = services.get(arn);
  const found = cluster ?? service ?? taskDefinitions.get(arn);
  if (found === undefined) return [];
  if (member === 'scaling') {
    const target = scaling.targets.get(arn.split(':')[5] ?? '');
    return target === undefined ? [] : [placeOfScaling(target)];
  }
  const key = SHOWN_AS[member] ?? member;
  const places = recordsOf(found)
    .filter((record) => Reflect.get(record, key) !== undefined)
    .map((record) => ({
      read: () => Reflect.get(record, key),
      write: (value: unknown) => void Reflect.set(record, key, structuredClone(value)),
    }));
  const shared = SHARED[member];
  const stated = (stage.object(name)?.spec[member] ?? []) as readonly Item[];
  return shared === undefined ? places : places.map((place) => sharedPlace(place, shared, stated));
}

/** Lists in which others may have items of their own, by the member that names an item. */
const SHARED: Readonly<Record<string, string>> = { tags: 'key', settings: 'name' };

type Item = Readonly<Record<string, unknown>>;

/** Of a shared list the items that the spec names; the others stay where they are. */
function sharedPlace(whole: Place, key: string, stated: readonly Item[]): Place {
  const isOfSpec = (item: Item): boolean => stated.some((one) => one[key] === item[key]);
  const all = (): readonly Item[] => whole.read() as readonly Item[];
  return {
    read: () => all().filter(isOfSpec),
    write: (value) => whole.write([...all().filter((item) => !isOfSpec(item)), ...(value as readonly Item[])]),
  };
}

/** Tags stand beside what they are of. */
function recordsOf(found: ClusterRecord | TaskDefinitionRecord | ServiceRecord): readonly object[] {
  const beside = {
    get tags() {
      return found.tags;
    },
    set tags(tags) {
      found.tags = tags;
    },
  };
  if ('cluster' in found) return [found.cluster, beside];
  return 'definition' in found ? [found.definition, beside] : [...recordsOfService(found), beside];
}

function recordsOfService(record: ServiceRecord): readonly object[] {
  return [record.service, primaryOf(record.service) ?? {}, revisionOf(record) ?? {}];
}

function revisionOf({ service, revisions, rollouts }: ServiceRecord): ServiceRevision | undefined {
  const shown = rollouts.get(primaryOf(service)?.id ?? '')?.revisionArn;
  return revisions.find(({ serviceRevisionArn }) => serviceRevisionArn === shown);
}

const OURS = 'ecs-operator.';

interface Named {
  readonly name: string;
}

const OF_TARGET = ['MinCapacity', 'MaxCapacity', 'SuspendedState'] as const;
const OF_POLICY = [
  'PolicyType',
  'TargetTrackingScalingPolicyConfiguration',
  'StepScalingPolicyConfiguration',
  'PredictiveScalingPolicyConfiguration',
] as const;
const OF_ACTION = ['Schedule', 'Timezone', 'StartTime', 'EndTime', 'ScalableTargetAction'] as const;

/** A target with its policies and scheduled actions, as the spec has them in one. */
function placeOfScaling({ target, policies, actions }: TargetRecord): Place {
  return {
    read: () => ({
      ...inSpec(target, OF_TARGET),
      policies: byName(policies).map(([name, { policy }]) => ({ name: shortName(name), ...inSpec(policy, OF_POLICY) })),
      scheduledActions: byName(actions).map(([name, action]) => ({
        name: shortName(name),
        ...inSpec(action, OF_ACTION),
      })),
    }),
    write(value) {
      const { policies: ofPolicies = [], scheduledActions = [] } = value as Readonly<Record<string, readonly Named[]>>;
      replace(target, OF_TARGET, value);
      keepOnly(policies, ofPolicies);
      keepOnly(actions, scheduledActions);
      for (const one of ofPolicies) replace(policies.get(OURS + one.name)?.policy, OF_POLICY, one);
      for (const one of scheduledActions) replace(actions.get(OURS + one.name), OF_ACTION, one);
    },
  };
}

/** In an order of their own: one that is put back comes last. */
function byName<Value>(records: ReadonlyMap<string, Value>): readonly (readonly [string, Value])[] {
  return [...records].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function shortName(name: string): string {
  return name.slice(OURS.length);
}

function inSpec(record: object, keys: readonly string[]): object {
  return inSpecSpelling(Object.fromEntries(keys.map((key) => [key, Reflect.get(record, key)]))) as object;
}

function replace(record: object | undefined, keys: readonly string[], value: unknown): void {
  if (record === undefined) return;
  const members = inAwsSpelling(value) as object;
  for (const key of keys) Reflect.set(record, key, Reflect.get(members, key));
}

function keepOnly(records: Map<string, unknown>, named: readonly Named[]): void {
  const kept = new Set(named.map(({ name }) => OURS + name));
  for (const name of records.keys()) if (!kept.has(name)) records.delete(name);
}

/** A revision never changes: whoever changes a service by hand makes another one. */
export function renewRevision({ simulator, object }: Stage, name: ObjectName): void {
  const record = simulator.world.services.get(String(object(name)?.status['arn']));
  const revision = record === undefined ? undefined : revisionOf(record);
  if (record === undefined || revision === undefined) return;
  const old = revision.serviceRevisionArn;
  const renewed = `${old}1`;
  revision.serviceRevisionArn = renewed;
  for (const rollout of record.rollouts.values()) if (rollout.revisionArn === old) rollout.revisionArn = renewed;
  for (const current of record.service.currentServiceRevisions ?? []) if (current.arn === old) current.arn = renewed;
  for (const deployment of record.deployments) {
    const target = deployment.targetServiceRevision;
    if (target !== undefined && target.arn === old) target.arn = renewed;
  }
}
