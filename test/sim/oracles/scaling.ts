import type { Tag } from '@aws-sdk/client-ecs';
import { inAwsSpelling } from '../../../src/kinds/ecs-service/scaling/spelling.ts';
import { isEqual, isPlainObject } from '../../../src/lib/stable-json.ts';
import type { TargetRecord } from '../../simulator/scaling/scaling-world.ts';
import type { World } from '../../simulator/world.ts';
import type { StageObject } from '../../support/operator-stage.ts';

/** What ours begin with in AWS. */
const PREFIX = 'ecs-operator.';

/** What Application Auto Scaling has at the end of a story, without ids and times. */
export function scalingOf({ scaling }: World) {
  return [...scaling.targets].toSorted(byKey).map(([id, { target, tags, policies, actions }]) => ({
    id,
    range: `${target.MinCapacity}–${target.MaxCapacity}`,
    suspended: target.SuspendedState,
    tags: Object.entries(tags).toSorted(byKey),
    policies: [...policies].toSorted(byKey).map(([name, { policy }]) => ({
      name,
      type: policy.PolicyType,
      tracking: policy.TargetTrackingScalingPolicyConfiguration,
      step: policy.StepScalingPolicyConfiguration,
      forecast: policy.PredictiveScalingPolicyConfiguration,
    })),
    actions: [...actions]
      .toSorted(byKey)
      .map(([name, { Schedule, Timezone, StartTime, EndTime, ScalableTargetAction }]) => {
        // A zone says nothing of a rate, which may still show that of the cron that it was before.
        const zone = Schedule?.startsWith('rate(') === true ? undefined : Timezone;
        return { name, Schedule, Timezone: zone, StartTime, EndTime, ScalableTargetAction };
      }),
  }));
}

/** What may be ours of it, with the tags that say whose: what hangs on a target is ours by its name. */
export function claimsOfScaling({
  scaling,
}: World): readonly { readonly what: string; readonly tags: readonly Tag[] }[] {
  return [...scaling.targets].flatMap(([id, { tags: stored, policies, actions }]) => {
    const tags = Object.entries(stored).map(([key, value]) => ({ key, value }));
    const ours = [...policies.keys(), ...actions.keys()].filter((name) => name.startsWith(PREFIX));
    return [`scalable target ${id}`, ...ours].map((what) => ({ what, tags }));
  });
}

const BY_CHANCE = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{36}/g;

/** What `status.scaling` tells, without the ids that Application Auto Scaling gives. */
export function withoutIds(told: unknown): unknown {
  return told === undefined
    ? undefined
    : (JSON.parse(JSON.stringify(told).replaceAll(BY_CHANCE, 'some id')) as unknown);
}

/** Where Application Auto Scaling is not as the object states, or the object tells otherwise of it. */
export function wrongInScaling({ scaling }: World, { spec, status }: StageObject): string | undefined {
  const { scaling: stated } = spec;
  if (!isPlainObject(stated)) return undefined;
  const record = scaling.targets.get(String(status['arn']).split(':')[5] ?? '');
  if (record === undefined) return 'it has no scalable target';
  const { policies = [], scheduledActions = [], ...range } = stated;
  if (!isIn(inAwsSpelling(range), record.target)) return 'its scalable target has another range';
  const found = new Map([...record.policies].map(([name, { policy }]) => [name, policy]));
  return wrongOf(policies, found) ?? wrongOf(scheduledActions, record.actions) ?? untold(record, status['scaling']);
}

/** Whether those that are ours are those that are stated, with all that is stated of each. */
function wrongOf(stated: unknown, found: ReadonlyMap<string, unknown>): string | undefined {
  const wishes = Array.isArray(stated) ? stated.filter(isPlainObject) : [];
  const names = new Set(wishes.map(({ name }) => `${PREFIX}${String(name)}`));
  const stray = [...found.keys()].find((name) => name.startsWith(PREFIX) && !names.has(name));
  if (stray !== undefined) return `${stray} is left`;
  const odd = wishes.find(({ name, ...wish }) => !isIn(inAwsSpelling(wish), found.get(`${PREFIX}${String(name)}`)));
  return odd === undefined ? undefined : `${PREFIX}${String(odd['name'])} is not as it is stated`;
}

function untold({ target, policies, actions }: TargetRecord, told: unknown): string | undefined {
  const { minCapacity, maxCapacity, ...lists } = isPlainObject(told) ? told : {};
  if (minCapacity !== target.MinCapacity || maxCapacity !== target.MaxCapacity) return 'its status tells another range';
  const isTold = (['policies', 'scheduledActions'] as const).every((list) => {
    const shown: unknown[] = Array.isArray(lists[list]) ? lists[list] : [];
    const names = shown.filter(isPlainObject).map(({ name }) => String(name));
    const there = [...(list === 'policies' ? policies : actions).keys()];
    return isEqual(namesOfOurs(names), namesOfOurs(there));
  });
  return isTold ? undefined : 'its status tells of others than there are';
}

function namesOfOurs(names: readonly string[]): readonly string[] {
  return names.filter((name) => name.startsWith(PREFIX)).toSorted();
}

/** Whether all of the wish is found, with whatever else there is. */
function isIn(wish: unknown, found: unknown): boolean {
  if (Array.isArray(wish)) {
    return Array.isArray(found) && wish.length === found.length && wish.every((item, at) => isIn(item, found[at]));
  }
  if (!isPlainObject(wish)) return isEqual(wish, found);
  return isPlainObject(found) && Object.entries(wish).every(([name, member]) => isIn(member, found[name]));
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
