const SOONEST_MS = 2_000;
const LATEST_MS = 15_000;
const SHARE_OF_AGE = 0.1;

/** A young rollout is looked at often, an old one seldom: a tenth of its age, between 2 and 15 s. */
export function pollAfterMs(since: Date | undefined, now: number): number {
  const age = since === undefined ? 0 : now - since.getTime();
  return Math.round(Math.min(Math.max(age * SHARE_OF_AGE, SOONEST_MS), LATEST_MS));
}
