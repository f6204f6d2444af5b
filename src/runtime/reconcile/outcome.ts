import { Failure } from '../../core/failure.ts';
import type { Difference } from '../../core/plan.ts';
import { GENERAL_REASONS, type Reason } from '../../core/reason.ts';
import { followUpAfterMs } from '../queue/resync.ts';
import type { QueuePriority, WorkQueue } from '../queue/work-queue.ts';
import type { ConditionWish } from './conditions.ts';

/** All that can come of one reconcile. The tables below are the only place that says what follows from it. */
export type Outcome =
  /** There is no such object, or nothing of it is ours. */
  | { readonly is: 'gone' }
  | { readonly is: 'suspended'; readonly isDeleting: boolean }
  | { readonly is: 'in-sync'; readonly message: string | undefined; readonly lookAfterMs?: number | undefined }
  | Change
  | { readonly is: 'wait'; readonly reason: Reason; readonly message: string; readonly pollAfterMs: number }
  | {
      readonly is: 'refuse';
      readonly reason: Reason;
      readonly message: string;
      readonly lookAfterMs?: number | undefined;
    }
  /** Deleted, and the finalizer is off. */
  | { readonly is: 'released' }
  | { readonly is: 'failed'; readonly failure: Failure }
  /** Housekeeping did not succeed; the wish has come true all the same. */
  | { readonly is: 'upkeep-failed'; readonly failure: Failure };

export interface Change {
  readonly is: 'change';
  readonly calls: readonly string[];
  readonly because: readonly Difference[];
  readonly lookAfterMs: number | undefined;
  readonly isDeleting: boolean;
  /** The object had been seen in sync at this generation: somebody else changed the world. */
  readonly isCorrection: boolean;
  /** Housekeeping: the wish has come true already. */
  readonly isUpkeep: boolean;
}

/** What is known of the key beside the outcome. */
export interface History {
  /** Failures in a row before this one. */
  readonly failures: number;
  /** Changes in a row before this one. */
  readonly changes: number;
  /** Lost races in a row before this one. */
  readonly races: number;
  /** The object was written to, and has not been seen in sync since. */
  readonly isUnconfirmed: boolean;
}

type Table<Answer> = {
  readonly [Is in Outcome['is']]: (outcome: Extract<Outcome, { is: Is }>, history: History) => Answer;
};

/** `kept`: the conditions and both observedGenerations stay untouched. */
export type ConditionAnswer = ConditionWish | 'kept';

const IN_SYNC: ConditionWish = { ready: 'True', reason: 'InSync', message: 'everything is as specified' };

const CONDITIONS: Table<ConditionAnswer> = {
  gone: () => 'kept',
  released: () => 'kept',
  suspended: ({ isDeleting }) => ({
    ready: 'Unknown',
    reason: 'Suspended',
    message: isDeleting
      ? 'the object is being deleted, which waits as spec.suspend is true; unset it to go on'
      : 'nothing is looked at or changed while spec.suspend is true; unset it to go on',
    also: 'Suspended',
  }),
  'in-sync': ({ message }) => (message === undefined ? IN_SYNC : { ...IN_SYNC, message }),
  change: (change) => {
    if (change.isUpkeep) return IN_SYNC;
    const reason = change.isDeleting ? 'Deleting' : 'Applying';
    return { ready: 'False', reason, message: describeChange(change), also: 'Reconciling' };
  },
  wait: ({ reason, message }) => ({ ready: 'False', reason, message, also: 'Reconciling' }),
  refuse: ({ reason, message }) => ({ ready: 'False', reason, message, also: 'Stalled' }),
  failed: ({ failure }, { failures }) => {
    const { patience, retry, stalled } = failure.policy;
    if (retry === 'at-once' || (patience && failures === 0)) return 'kept';
    const also = stalled ? 'Stalled' : 'Reconciling';
    return { ready: 'False', reason: failure.code, message: failure.message, also };
  },
  'upkeep-failed': () => IN_SYNC,
};

/** When to look again. `sweep` is the next moment of the grid, `never` only until something changes. */
export type NextLook =
  | { readonly look: 'never' | 'sweep' | 'at-once' }
  | { readonly look: 'after'; readonly ms: number }
  | { readonly look: 'backoff'; readonly leastMs: number };

const CHANGE_LOOK_MS = 1_000;
const CHANGE_LOOK_MOST_MS = 15_000;
const REFERENCE_LOOK_MS = 60_000;
/**
 * Where a wish was taken back right after it was written, a read that lags shows the world before the write, and that
 * equals the wish. So what is in sync after a write is looked at once more, when such reads have caught up.
 */
const CONFIRMING_LOOK_MS = 10_000;
/** So many lost races in a row are repeated at once; whoever loses more is up against something that does not end by itself. */
const RACES_AT_ONCE = 3;
const RACE_LOOK_MS = 250;
const RACE_LOOK_MOST_MS = 30_000;

const NEXT_LOOKS: Table<NextLook> = {
  gone: () => ({ look: 'never' }),
  released: () => ({ look: 'never' }),
  suspended: () => ({ look: 'never' }),
  'in-sync': ({ lookAfterMs }, { isUnconfirmed }) => {
    const ms = isUnconfirmed ? CONFIRMING_LOOK_MS : lookAfterMs;
    return ms === undefined ? { look: 'sweep' } : { look: 'after', ms };
  },
  change: ({ lookAfterMs = CHANGE_LOOK_MS }, { changes }) => {
    const ms = Math.min(lookAfterMs * 2 ** changes, Math.max(CHANGE_LOOK_MOST_MS, lookAfterMs));
    return { look: 'after', ms };
  },
  wait: ({ pollAfterMs }) => ({ look: 'after', ms: pollAfterMs }),
  refuse: ({ lookAfterMs }) => (lookAfterMs === undefined ? { look: 'sweep' } : { look: 'after', ms: lookAfterMs }),
  failed: lookAfterFailure,
  'upkeep-failed': lookAfterFailure,
};

/** A second failure shows in the conditions, so it must not come while the first trouble is still the same moment. */
const BACKOFF_LEAST_MS = 1_000;

const FAILURE_LOOKS: Readonly<Record<Failure['policy']['retry'], (leastMs: number, history: History) => NextLook>> = {
  backoff: (leastMs) => ({ look: 'backoff', leastMs: Math.max(leastMs, BACKOFF_LEAST_MS) }),
  'at-once': (_, { races }) => {
    if (races < RACES_AT_ONCE) return { look: 'at-once' };
    return { look: 'after', ms: Math.min(RACE_LOOK_MS * 2 ** (races - RACES_AT_ONCE), RACE_LOOK_MOST_MS) };
  },
  'on-reference': () => ({ look: 'after', ms: REFERENCE_LOOK_MS }),
  slow: () => ({ look: 'sweep' }),
};

function lookAfterFailure({ failure }: { readonly failure: Failure }, history: History): NextLook {
  return FAILURE_LOOKS[failure.policy.retry](failure.details.retryAfterMs ?? 0, history);
}

/** What is worth an Event whenever it happens; transitions of the Ready condition are told beside these. */
export interface OutcomeEvent {
  readonly type: 'Normal' | 'Warning';
  readonly reason: Reason;
  readonly message: string;
}

const EVENTS: Table<OutcomeEvent | undefined> = {
  gone: () => undefined,
  suspended: () => undefined,
  'in-sync': () => undefined,
  wait: () => undefined,
  refuse: () => undefined,
  failed: () => undefined,
  'upkeep-failed': ({ failure }, { failures }) => {
    if (failure.policy.log === 'debug' || (failure.policy.patience && failures === 0)) return undefined;
    return { type: 'Warning', reason: failure.code, message: failure.message };
  },
  released: () => ({ type: 'Normal', reason: 'Released', message: 'nothing of the object is left to look after' }),
  change: (change) => ({
    type: 'Normal',
    reason: change.isCorrection ? 'DriftCorrected' : 'Applied',
    message: describeChange(change),
  }),
};

/** The `result` label of `controller_runtime_reconcile_total`. */
export type ReconcileResult = 'success' | 'error' | 'requeue' | 'requeue_after';

export const RECONCILE_RESULTS: readonly ReconcileResult[] = ['success', 'error', 'requeue', 'requeue_after'];

const RESULTS: Table<ReconcileResult> = {
  gone: () => 'success',
  released: () => 'success',
  suspended: () => 'success',
  'in-sync': () => 'requeue_after',
  change: () => 'requeue_after',
  wait: () => 'requeue_after',
  refuse: () => 'requeue_after',
  failed: resultOfFailure,
  'upkeep-failed': resultOfFailure,
};

function resultOfFailure({ failure }: { readonly failure: Failure }): ReconcileResult {
  if (failure.policy.retry === 'at-once') return 'requeue';
  return failure.policy.retry === 'on-reference' ? 'requeue_after' : 'error';
}

export function conditionsFor(outcome: Outcome, history: History): ConditionAnswer {
  return ask(CONDITIONS, outcome, history);
}

export function nextLookFor(outcome: Outcome, history: History): NextLook {
  return ask(NEXT_LOOKS, outcome, history);
}

export function eventFor(outcome: Outcome, history: History): OutcomeEvent | undefined {
  return ask(EVENTS, outcome, history);
}

export function resultFor(outcome: Outcome, history: History): ReconcileResult {
  return ask(RESULTS, outcome, history);
}

/** Puts the key back as the outcome demands. Only what a sweep began and could not end stays as patient as the sweep. */
export function requeue(
  { key, priority }: { readonly key: string; readonly priority: QueuePriority },
  next: NextLook,
  {
    queue,
    sweepAfterMs,
    intervalMs,
    now,
  }: {
    readonly queue: WorkQueue;
    readonly sweepAfterMs: () => number;
    /** At least so often the object is looked at, whatever becomes of the looks. */
    readonly intervalMs: number;
    readonly now: number;
  },
): void {
  switch (next.look) {
    case 'never':
      queue.forget(key);
      return;
    case 'at-once':
      // A lost race says nothing of how the key fares, so its backoff stays as it was.
      queue.add(key, priority);
      return;
    case 'sweep':
      queue.forget(key);
      queue.addAfter(key, sweepAfterMs(), 'background');
      return;
    case 'after':
      queue.forget(key);
      queue.addAfter(key, followUpAfterMs(next.ms, now), 'follow-up');
      return;
    case 'backoff':
      queue.addBackoff(key, priority === 'background' ? 'background' : 'follow-up', {
        leastMs: next.leastMs,
        mostMs: intervalMs,
      });
      return;
  }
}

/** A word that is in no catalogue is a mistake of the kind: users could not look it up. */
export function requireKnown(reason: Reason, ofKind: Readonly<Record<Reason, unknown>>): Reason {
  if (Object.hasOwn(GENERAL_REASONS, reason) || Object.hasOwn(ofKind, reason)) return reason;
  throw new Failure('Bug', `the reason ${reason} is in no catalogue`);
}

const NAMED_PATHS = 6;

/** `UpdateService (desiredCount, networkConfiguration.awsvpcConfiguration.subnets)`. */
function describeChange({ calls, because }: Pick<Change, 'calls' | 'because'>): string {
  const paths = because.map(({ path }) => path);
  const named = paths.slice(0, NAMED_PATHS).join(', ');
  const rest = paths.length > NAMED_PATHS ? ` and ${paths.length - NAMED_PATHS} more` : '';
  const what = [...new Set(calls)].join(', ');
  return named === '' ? what : `${what} (${named}${rest})`;
}

function ask<Answer>(table: Table<Answer>, outcome: Outcome, history: History): Answer {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each row takes the outcomes of its own tag
  const row = table[outcome.is] as (outcome: Outcome, history: History) => Answer;
  return row(outcome, history);
}
