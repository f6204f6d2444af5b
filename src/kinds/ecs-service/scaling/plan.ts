import type {
  PutScalingPolicyCommandInput,
  PutScheduledActionCommandInput,
} from '@aws-sdk/client-application-auto-scaling';
import { OWNER_TAG_KEYS, ownerTags } from '../../../api/ownership.ts';
import type { ScalingWrite } from '../../../aws/gateway.ts';
import type { Difference, Owner } from '../../../core/plan.ts';
import { isInZone } from './canonical.ts';
import { compareScaling, type ScalingComparison } from './compare.ts';
import type { ScalingState, ScalingWish } from './model.ts';
import { addressOf, isOurName, nameInAws } from './names.ts';
import type { ActionWish, PolicyWish } from './schema.ts';
import { inAwsSpelling } from './spelling.ts';

export interface ScalingChange {
  readonly because: readonly Difference[];
  readonly steps: readonly [ScalingWrite, ...ScalingWrite[]];
}

/** What is to be written for scaling now; undefined where nothing is, or where it is not ours to write. */
export function planScaling(wish: ScalingWish | undefined, state: ScalingState | undefined): ScalingChange | undefined {
  if (wish === undefined) return undefined;
  if (wish.block === undefined) return state?.ownership === 'ours' ? farewell(wish.resourceId, state) : undefined;
  if (isElsewhere(wish, state)) return undefined;
  const comparison = compareScaling(wish.block, wish, state);
  const isAdoption = state?.ownership === 'nobody' && !wish.isObserving;
  const adoption: Difference[] = isAdoption ? [{ path: 'scaling', wanted: 'ours', found: 'nobody’s' }] : [];
  const [first, ...rest] = [
    ...(isAdoption ? [tagging(wish.owner, state.target.ScalableTargetARN ?? '')] : []),
    ...stepsOf(wish, comparison, state === undefined),
  ];
  return first && { because: [...adoption, ...comparison.because], steps: [first, ...rest] };
}

/** Whether the target belongs to somebody else, or to nobody and may not be taken. */
export function isElsewhere(wish: ScalingWish, state: ScalingState | undefined): boolean {
  if (state === undefined || wish.isObserving || state.ownership === 'ours') return false;
  return state.ownership === 'others' || !wish.mayAdopt || wish.block === undefined;
}

/** The names of those that hang on the target and are not ours. */
export function strangersOn({ policies = [], actions = [] }: ScalingState): readonly string[] {
  const names = [
    ...policies.map(({ PolicyName }) => PolicyName),
    ...actions.map(({ ScheduledActionName }) => ScheduledActionName),
  ];
  return names.filter((name) => name !== undefined).filter((name) => !isOurName(name));
}

/** A target that others have hung something on is left to them without what is ours, as theirs would go with it. */
function farewell(resourceId: string, state: ScalingState): ScalingChange {
  if (strangersOn(state).length === 0) return deregistration(resourceId);
  const { policies = [], actions = [] } = state;
  const ourPolicies = policies.flatMap(({ PolicyName }) => PolicyName ?? []).filter(isOurName);
  const ourActions = actions.flatMap(({ ScheduledActionName }) => ScheduledActionName ?? []).filter(isOurName);
  const drops = [
    ...ourPolicies.map((name) => policyDrop(resourceId, name)),
    ...ourActions.map((name) => actionDrop(resourceId, name)),
  ];
  const [first, ...rest] = [...drops, releaseOf(state)];
  return { because: [{ path: 'scaling', wanted: undefined, found: resourceId }], steps: [first, ...rest] };
}

/** Policies and scheduled actions go with the target (SDK: DeregisterScalableTargetCommand), the count stays. */
export function deregistration(resourceId: string): ScalingChange {
  return {
    because: [{ path: 'scaling', wanted: undefined, found: resourceId }],
    steps: [{ call: 'DeregisterScalableTarget', input: addressOf(resourceId) }],
  };
}

/** Our tags come off, and everything goes on scaling the service. */
export function releaseOf({ target }: ScalingState): ScalingWrite {
  const input = { ResourceARN: target.ScalableTargetARN, TagKeys: [...OWNER_TAG_KEYS] };
  return { call: 'application-autoscaling:UntagResource', input };
}

/**
 * What is new is put before what is old is taken away, so that there is never a moment without a policy. What has to go
 * before it is put again is put by the next look, which sees that it is gone: both at once, repeated by a look that is
 * behind, would take away what was just put.
 */
function stepsOf(wish: ScalingWish, comparison: ScalingComparison, isNew: boolean): ScalingWrite[] {
  const { policies, actions, target } = comparison;
  const { resourceId } = wish;
  const puts = policies.put.filter(({ name }) => !policies.replace.includes(nameInAws(name)));
  return [
    ...(target.size > 0 ? [registration(wish, comparison, isNew)] : []),
    ...policies.replace.map((name) => policyDrop(resourceId, name)),
    ...puts.map((policy) => policyWrite(resourceId, policy)),
    ...actions.put.map((action) => actionWrite(resourceId, action)),
    ...policies.remove.map((name) => policyDrop(resourceId, name)),
    ...actions.remove.map((name) => actionDrop(resourceId, name)),
  ];
}

function policyDrop(resourceId: string, PolicyName: string): ScalingWrite {
  return { call: 'DeleteScalingPolicy', input: { ...addressOf(resourceId), PolicyName } };
}

function actionDrop(resourceId: string, ScheduledActionName: string): ScalingWrite {
  return { call: 'DeleteScheduledAction', input: { ...addressOf(resourceId), ScheduledActionName } };
}

/**
 * A new target is tagged as it is made, so that it is never anybody's. Of one that is there only what differs is written:
 * the rest may be as a schedule has set it.
 */
function registration(
  { resourceId, owner }: ScalingWish,
  { block, target }: ScalingComparison,
  isNew: boolean,
): ScalingWrite {
  const { minCapacity, maxCapacity, suspendedState } = block;
  return {
    call: 'RegisterScalableTarget',
    input: {
      ...addressOf(resourceId),
      ...(target.has('minCapacity') && { MinCapacity: minCapacity }),
      ...(target.has('maxCapacity') && { MaxCapacity: maxCapacity }),
      ...(target.has('suspendedState') &&
        suspendedState && { SuspendedState: Object.assign({}, inAwsSpelling(suspendedState)) }),
      ...(isNew && { Tags: tagMapOf(owner) }),
    },
  };
}

function tagging(owner: Owner, arn: string): ScalingWrite {
  return { call: 'application-autoscaling:TagResource', input: { ResourceARN: arn, Tags: tagMapOf(owner) } };
}

function tagMapOf(owner: Owner): Record<string, string> {
  return Object.fromEntries(ownerTags(owner).map(({ key, value }) => [key, value]));
}

function policyWrite(resourceId: string, { name, ...policy }: PolicyWish): ScalingWrite {
  const stated: Partial<PutScalingPolicyCommandInput> = Object.assign({}, inAwsSpelling(policy));
  return { call: 'PutScalingPolicy', input: { ...stated, ...addressOf(resourceId), PolicyName: nameInAws(name) } };
}

/** As a whole: a time zone that is not said might stay as it was. */
function actionWrite(resourceId: string, { name, startTime, endTime, ...action }: ActionWish): ScalingWrite {
  const stated: Partial<PutScheduledActionCommandInput> = Object.assign({}, inAwsSpelling(action));
  return {
    call: 'PutScheduledAction',
    input: {
      ...(isInZone(action.schedule) && { Timezone: 'UTC' }),
      ...stated,
      ...addressOf(resourceId),
      ScheduledActionName: nameInAws(name),
      ...(startTime && { StartTime: new Date(startTime) }),
      ...(endTime && { EndTime: new Date(endTime) }),
    },
  };
}
