import type { Service } from '@aws-sdk/client-ecs';
import type { Plan } from '../../../core/plan.ts';
import type { ScalingState, ScalingWish } from './model.ts';
import { isElsewhere, strangersOn } from './plan.ts';

/**
 * What scaling adds to the verdict on a service that is as it should be: a target of somebody else stands against a block,
 * and without one is only told; policies of others on our target are told.
 */
export function judgeScaling<Step, Status>(
  verdict: Plan<Step, Status>,
  wish: ScalingWish | undefined,
  state: ScalingState | undefined,
): Plan<Step, Status> {
  if (verdict.verdict !== 'in-sync' || wish === undefined || state === undefined) return verdict;
  const said = verdict.message === undefined ? '' : `${verdict.message}; `;
  if (isElsewhere(wish, state)) {
    const whose = state.ownership === 'others' ? 'belongs to somebody else' : 'has no owner’s tags';
    const fact = `the scalable target ${wish.resourceId} ${whose}`;
    if (wish.block === undefined) {
      return { verdict: 'in-sync', message: `${said}${fact} and scales the service: desiredCount is not enforced` };
    }
    const remedy =
      state.ownership === 'others' ? 'release it there' : 'set spec.adoptionPolicy to Adopt, or deregister it';
    return {
      verdict: 'refuse',
      reason: 'ScalingOwnedElsewhere',
      message: `${fact} and is left alone: ${remedy}, or take spec.scaling out`,
    };
  }
  const strangers = strangersOn(state);
  if (strangers.length === 0) return verdict;
  return { verdict: 'in-sync', message: `${said}also scaled by others, which is left alone: ${strangers.join(', ')}` };
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
