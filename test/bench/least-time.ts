/** A token bucket: so many calls at once, then so many a second. */
export interface Quota {
  readonly burst: number;
  readonly perSecond: number;
}

/**
 * What ECS documents for an account in a Region: "Request throttling for the Amazon ECS API" (API reference,
 * request-throttling.html). Stated here once more, apart from the pacing of the operator, so as to be able to contradict it.
 */
const QUOTAS = {
  registerTaskDefinition: { burst: 20, perSecond: 1 },
  createService: { burst: 50, perSecond: 5 },
} as const satisfies Record<string, Quota>;

/** The part of a quota that one caller may use. */
export function shareOf({ burst, perSecond }: Quota, share: number): Quota {
  return { burst: burst * share, perSecond: perSecond * share };
}

/**
 * When each call can be sent at the earliest, in ms: call n not before `wishes[n]`, and not before the bucket, full at 0,
 * has a token for it. Calls are sent in the order of their wishes.
 */
export function sendTimes(wishes: readonly number[], { burst, perSecond }: Quota): readonly number[] {
  let tokens = burst;
  let at = 0;
  return wishes.map((wish) => {
    const start = Math.max(wish, at);
    const level = Math.min(burst, tokens + ((start - at) / 1_000) * perSecond);
    const waitMs = level >= 1 ? 0 : ((1 - level) / perSecond) * 1_000;
    tokens = Math.max(level - 1, 0);
    at = start + waitMs;
    return at;
  });
}

export interface Rollout {
  readonly definitions: number;
  /** Spread evenly over the definitions. */
  readonly services: number;
  readonly share: number;
  /** How long ECS takes to answer a call. */
  readonly latencyMs: number;
  /** How long ECS takes from a CreateService to a rollout that is complete. */
  readonly settleMs: number;
}

/**
 * The least seconds in which one cluster, its definitions and its services can be made and seen to be there: for every
 * object one look, one write that must wait for its token and for what it refers to, and one look that finds it done.
 */
export function leastSeconds(rollout: Rollout): number {
  const { definitions, services, share, latencyMs, settleMs } = rollout;
  const looked = Array.from({ length: definitions }, () => latencyMs);
  const registrations = sendTimes(looked, shareOf(QUOTAS.registerTaskDefinition, share));
  // The write is answered, and a look finds the revision; the service is looked at meanwhile.
  const usable = registrations.map((at) => at + 2 * latencyMs);
  const wishes = Array.from({ length: services }, (_, index) => usable[index % definitions] ?? 0);
  const creations = sendTimes(
    wishes.toSorted((a, b) => a - b),
    shareOf(QUOTAS.createService, share),
  );
  const last = creations.at(-1) ?? 0;
  return (last + latencyMs + settleMs + latencyMs) / 1_000;
}
