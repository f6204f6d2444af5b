import { Failure } from '../core/failure.ts';
import type { Clock } from '../lib/clock.ts';
import type { Random } from '../lib/random.ts';
import { ACTION_GROUPS, type Action, GROUP_OF, type GroupName, type StsAction } from './actions.ts';
import { classify, isPending } from './classify.ts';
import type { Priority } from './gateway.ts';
import { createTokenBucket, type TokenBucket } from './token-bucket.ts';

/** What is worth counting. All are called synchronously and must not throw. */
export interface EcsMetrics {
  /** A request came back: `outcome` is `ok` or a failure's code. */
  onRequest(action: Action | StsAction, outcome: 'ok' | Failure['code'], durationMs: number): void;
  /** A call waited for its token. */
  onPaced(action: Action, waitedMs: number): void;
  /** A batched read was sent with that many names. */
  onBatch(action: Action, size: number): void;
}

export interface CallerOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly metrics: EcsMetrics;
  /** Which part of ECS's documented quotas is ours, 0 < share ≤ 1; the rest is for others in the account. */
  readonly quotaShare: number;
}

interface CallContext {
  readonly action: Action;
  readonly priority: Priority;
  readonly signal: AbortSignal;
  /** Aborts when the call is no longer wished. It heeds that only while it waits for its token: what is sent is sent. */
  readonly superseded?: AbortSignal;
  /** What is sent, where it may hold secrets: what AWS quotes of them is not told. */
  readonly input?: object;
}

/**
 * Makes one request, paced and classified: takes a token of the action's group first; a throttling answer slows the
 * whole group and is tried again with full jitter, a few times, and so is what is still at the change before, which slows
 * nobody else down. Rejects with a `Failure`, or the signal's reason.
 */
export type Caller = <Output>(context: CallContext, send: () => Promise<Output>) => Promise<Output>;

const MAX_TRIES = 6;
const FIRST_PAUSE_MS = 200;

/** One caller per account and region, as the buckets are ECS's. */
export function createCaller({ clock, random, metrics, quotaShare }: CallerOptions): Caller {
  const buckets = new Map<GroupName, TokenBucket>();

  function bucketOf(action: Action): TokenBucket {
    const name = GROUP_OF.get(action);
    if (name === undefined) throw new Failure('Bug', `${action} is in no group of actions`);
    const { burst, perSecond } = ACTION_GROUPS[name];
    const bucket =
      buckets.get(name) ?? createTokenBucket({ burst: burst * quotaShare, perSecond: perSecond * quotaShare, clock });
    buckets.set(name, bucket);
    return bucket;
  }

  async function attempt<Output>(context: CallContext, send: () => Promise<Output>) {
    const { action, priority, signal, superseded, input } = context;
    const askedAt = clock.monotonic();
    await bucketOf(action).take(priority, superseded === undefined ? signal : AbortSignal.any([signal, superseded]));
    const sentAt = clock.monotonic();
    metrics.onPaced(action, sentAt - askedAt);
    try {
      const output = await send();
      metrics.onRequest(action, 'ok', clock.monotonic() - sentAt);
      return output;
    } catch (error) {
      const failure = classify(error, action, signal, input);
      if (failure instanceof Failure) metrics.onRequest(action, failure.code, clock.monotonic() - sentAt);
      throw failure;
    }
  }

  return async (context, send) => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await attempt(context, send);
      } catch (failure) {
        if (!(failure instanceof Failure)) throw failure;
        if (failure.code === 'Throttled') bucketOf(context.action).slowDown();
        else if (!isPending(failure)) throw failure;
        if (tries >= MAX_TRIES) throw failure;
        await clock.sleep(random() * FIRST_PAUSE_MS * 2 ** tries, context.signal);
      }
    }
  };
}
