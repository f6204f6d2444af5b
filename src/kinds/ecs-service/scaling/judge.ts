import type { Service } from '@aws-sdk/client-ecs';
import type { Notice } from '../../../core/managed-kind.ts';
import { describeOwner, type Plan } from '../../../core/plan.ts';
import type { ScalingState, ScalingWish } from './model.ts';
import { isActive, UNENDED_AGAIN_MS } from './news.ts';
import { isElsewhere, strangersOn } from './plan.ts';

/**
 * What scaling adds to the verdict on a service that is as it should be: a target of somebody else stands against a block,
 * and without one is only told; policies of others on our target are told, and an activity is followed to its end.
 */
export function judgeScaling<Step, Status>(
  verdict: Plan<Step, Status>,
  wish: ScalingWish | undefined,
  state: ScalingState | undefined,
): Plan<Step, Status> {
  if (verdict.verdict !== 'in-sync' || wish === undefined || state === undefined) return verdict;
  const followed = isActive(wish, state) ? { ...verdict, lookAfterMs: UNENDED_AGAIN_MS } : verdict;
  const said = verdict.message === undefined ? '' : `${verdict.message}; `;
  if (isElsewhere(wish, state)) {
    if (wish.block === undefined) return { ...followed, message: `${said}${scaledElsewhere(wish, state)}` };
    const remedy =
      state.ownership === 'others' ? 'release it there' : 'set spec.adoptionPolicy to Adopt, or deregister it';
    return {
      verdict: 'refuse',
      reason: 'ScalingOwnedElsewhere',
      message: `${whoseIs(wish, state)} and is left alone: ${remedy}, or take spec.scaling out`,
    };
  }
  const strangers = strangersOn(state);
  if (strangers.length === 0) return followed;
  return { ...followed, message: `${said}also scaled by others, which is left alone: ${strangers.join(', ')}` };
}

/** The same for an object that states no scaling, once: who has the count now, or for whom its target is left. */
export function ownershipNotices(
  uid: string,
  wish: ScalingWish | undefined,
  state: ScalingState | undefined,
): readonly Notice[] {
  if (wish === undefined || wish.block !== undefined || wish.isObserving || state === undefined) return [];
  const words = { type: 'Normal', reason: 'ScalingOwnedElsewhere' } as const;
  const { ScalableTargetARN: arn } = state.target;
  if (isElsewhere(wish, state)) {
    const owner = state.owner === undefined ? 'nobody' : Object.values(state.owner).join('/');
    return [{ ...words, id: `${uid}/scaled-by-${owner}-${arn}`, message: scaledElsewhere(wish, state) }];
  }
  const strangers = strangersOn(state);
  if (strangers.length === 0) return [];
  const message = `the scalable target ${wish.resourceId} is left without what was ours, as others go on scaling by it: ${strangers.join(', ')}`;
  return [{ ...words, id: `${uid}/scaling-left-${arn}`, message }];
}

function scaledElsewhere(wish: ScalingWish, state: ScalingState): string {
  return `${whoseIs(wish, state)} and scales the service: desiredCount is not enforced`;
}

function whoseIs({ resourceId }: ScalingWish, { owner }: ScalingState): string {
  const whose = owner === undefined ? 'has no owner’s tags' : `belongs to ${describeOwner(owner)}`;
  return `the scalable target ${resourceId} ${whose}`;
}

/** How many tasks must run where the service is scaled: the range's least as it is now, or what somebody else wants. */
export function scaledFloor(
  wish: ScalingWish | undefined,
  state: ScalingState | undefined,
  { desiredCount = 0 }: Service,
): number | undefined {
  if (wish?.block !== undefined && !isElsewhere(wish, state))
    return state?.target.MinCapacity ?? wish.block.minCapacity;
  return state === undefined ? undefined : Math.min(desiredCount, 1);
}
