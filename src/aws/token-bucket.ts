import type { Clock } from '../lib/clock.ts';
import type { Priority } from './gateway.ts';

export interface TokenBucketOptions {
  /** Tokens at the start, and at most. At least 1. */
  readonly burst: number;
  readonly perSecond: number;
  readonly clock: Clock;
}

/**
 * A token bucket with two queues: whoever waits as `urgent` is served before any `sweep`, each in order of arrival.
 * `slowDown` empties it and halves its rate, which then recovers over some seconds; all who wait feel it at once.
 */
export interface TokenBucket {
  /** Resolves once a token is taken. Rejects with the signal's reason, and takes none, where it aborts first. */
  take(priority: Priority, signal: AbortSignal): Promise<void>;
  slowDown(): void;
  /** Callers that wait for a token now. */
  readonly waiting: number;
}

const LEAST_FACTOR = 0.1;
/** How much of the full rate comes back in a second without a further refusal. */
const RECOVERY_PER_SECOND = 0.05;

interface Waiter {
  readonly grant: () => void;
}

export function createTokenBucket({ burst, perSecond, clock }: TokenBucketOptions): TokenBucket {
  const capacity = Math.max(1, burst);
  const queues: Record<Priority, Waiter[]> = { urgent: [], sweep: [] };
  let tokens = capacity;
  let factor = 1;
  let refilledAt = clock.monotonic();
  let cancelTimer: (() => void) | undefined;

  function refill(): void {
    const now = clock.monotonic();
    const seconds = Math.max(0, now - refilledAt) / 1000;
    refilledAt = now;
    tokens = Math.min(capacity, tokens + seconds * perSecond * factor);
    factor = Math.min(1, factor + seconds * RECOVERY_PER_SECOND);
  }

  function grantWaiters(): void {
    cancelTimer?.();
    cancelTimer = undefined;
    refill();
    while (tokens >= 1) {
      const waiter = queues.urgent.shift() ?? queues.sweep.shift();
      if (waiter === undefined) return;
      tokens -= 1;
      waiter.grant();
    }
    if (queues.urgent.length + queues.sweep.length > 0) {
      // One millisecond more than needed, so that rounding never wakes us for nothing.
      cancelTimer = clock.schedule(((1 - tokens) / (perSecond * factor)) * 1000 + 1, grantWaiters);
    }
  }

  return {
    take: (priority, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) {
          reject(signal.reason);
          return;
        }
        const queue = queues[priority];
        const waiter: Waiter = {
          grant: () => {
            signal.removeEventListener('abort', onAbort);
            resolve();
          },
        };
        function onAbort(): void {
          queue.splice(queue.indexOf(waiter), 1);
          reject(signal.reason);
        }
        signal.addEventListener('abort', onAbort, { once: true });
        queue.push(waiter);
        grantWaiters();
      }),
    slowDown: () => {
      refill();
      tokens = 0;
      factor = Math.max(LEAST_FACTOR, factor / 2);
    },
    get waiting() {
      return queues.urgent.length + queues.sweep.length;
    },
  };
}
