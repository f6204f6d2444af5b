import type { ScalableTarget, ScalingPolicy } from '@aws-sdk/client-application-auto-scaling';
import type { Service } from '@aws-sdk/client-ecs';
import type { ScalingState, ScalingWish } from './model.ts';
import type { ScalingStatus } from './status.ts';

/** What is older is no news to anybody. */
export const OLDEST_NEWS_MS = 60 * 60_000;
/** So often an activity that has not ended is looked at again. */
export const UNENDED_AGAIN_MS = 30_000;
/** So often at most a service that can grow no more is asked for alarms that came to nothing. */
const AT_MOST_AGAIN_MS = 5 * 60_000;

/** SDK: `ScalingActivityStatusCode`; all others are the end of an activity. */
const UNENDED: ReadonlySet<string | undefined> = new Set(['InProgress', 'Pending']);

interface Seen {
  readonly service: Service;
  readonly target: ScalableTarget;
  readonly policies: readonly ScalingPolicy[] | undefined;
  /** When the activities were read last, as far as is known. */
  readonly readAt: number | undefined;
}

/**
 * Whether the activities may say something new: the count has moved, one that is known has not ended, or the service can
 * grow no more and something may ask for it. A count at its least says nothing, as that is where idle services are.
 */
export function isNewsDue(wish: ScalingWish, { service, target, policies = [], readAt }: Seen): boolean {
  if (service.desiredCount !== wish.lastCount) return true;
  // A clock that was set back says nothing of how long ago it was.
  const isUnknown = readAt === undefined || readAt > wish.now;
  const age = isUnknown ? Number.POSITIVE_INFINITY : wish.now - readAt;
  if (wish.hasUnended && age >= UNENDED_AGAIN_MS) return true;
  const isAtMost = (service.desiredCount ?? 0) >= (target.MaxCapacity ?? Number.POSITIVE_INFINITY);
  return isAtMost && policies.some(canAdd) && age >= AT_MOST_AGAIN_MS;
}

/** Whether an activity goes on, by what was just read or else by what status tells: it would tell so until the next sweep. */
export function isActive(wish: ScalingWish, { activities }: Pick<ScalingState, 'activities'>): boolean {
  return activities === undefined ? wish.hasUnended : activities.some(({ StatusCode }) => UNENDED.has(StatusCode));
}

/** Whether status tells an activity that has not ended. */
export function hasUnended({ activities = [] }: ScalingStatus): boolean {
  return activities.some(({ status }) => UNENDED.has(status));
}

function canAdd(policy: ScalingPolicy): boolean {
  const { StepScalingPolicyConfiguration: steps, PredictiveScalingPolicyConfiguration: forecast } = policy;
  if (forecast !== undefined) return forecast.Mode === 'ForecastAndScale';
  return (
    steps === undefined || (steps.StepAdjustments ?? []).some(({ ScalingAdjustment = 0 }) => ScalingAdjustment > 0)
  );
}
