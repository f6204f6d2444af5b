import { describe, expect, test } from 'vitest';
import { createVirtualClock } from '../../../test/support/virtual-clock.ts';
import { FAILURES, Failure, type FailureCode } from '../../core/failure.ts';
import { entriesOf } from '../../lib/entries.ts';
import { createWorkQueue } from '../queue/keyed-work-queue.ts';
import {
  type Change,
  conditionsFor,
  eventFor,
  nextLookFor,
  type Outcome,
  requeue,
  requireKnown,
  resultFor,
} from './outcome.ts';

const FIRST = { failures: 0, changes: 0, races: 0, isUnconfirmed: false };
const LATER = { failures: 1, changes: 0, races: 0, isUnconfirmed: false };

function change(more: Partial<Change> = {}): Change {
  const because = [{ path: 'size', wanted: 1, found: 2 }];
  return {
    is: 'change',
    calls: ['Resize'],
    because,
    lookAfterMs: undefined,
    isDeleting: false,
    isCorrection: false,
    isUpkeep: false,
    ...more,
  };
}

function failed(code: FailureCode, details = {}): Outcome {
  return { is: 'failed', failure: new Failure(code, 'because', details) };
}

describe('conditions', () => {
  test.for<{ outcome: Outcome; says: object | 'kept' }>([
    { outcome: { is: 'gone' }, says: 'kept' },
    { outcome: { is: 'released' }, says: 'kept' },
    {
      outcome: { is: 'suspended', isDeleting: false },
      says: { ready: 'Unknown', reason: 'Suspended', also: 'Suspended' },
    },
    { outcome: { is: 'in-sync', message: undefined }, says: { ready: 'True', reason: 'InSync' } },
    { outcome: change(), says: { ready: 'False', reason: 'Applying', message: 'Resize (size)', also: 'Reconciling' } },
    { outcome: change({ isUpkeep: true }), says: { ready: 'True', reason: 'InSync' } },
    {
      outcome: { is: 'upkeep-failed', failure: new Failure('AccessDenied', 'no') },
      says: { ready: 'True', reason: 'InSync' },
    },
    { outcome: change({ isDeleting: true }), says: { ready: 'False', reason: 'Deleting', also: 'Reconciling' } },
    {
      outcome: { is: 'wait', reason: 'W', message: 'w', pollAfterMs: 1 },
      says: { ready: 'False', reason: 'W', also: 'Reconciling' },
    },
    { outcome: { is: 'refuse', reason: 'R', message: 'r' }, says: { ready: 'False', reason: 'R', also: 'Stalled' } },
  ])('of $outcome.is are $says', ({ outcome, says }) => {
    const answer = conditionsFor(outcome, FIRST);

    expect({ answer }).toMatchObject({ answer: says });
  });

  test.for(entriesOf(FAILURES))('of %s follow its policy', ([code, policy]) => {
    const [first, later] = [conditionsFor(failed(code), FIRST), conditionsFor(failed(code), LATER)];

    const told = { ready: 'False', reason: code, message: 'because', also: policy.stalled ? 'Stalled' : 'Reconciling' };
    expect(first).toEqual(policy.patience ? 'kept' : told);
    expect(later).toEqual(policy.retry === 'at-once' ? 'kept' : told);
  });
});

describe('the next look', () => {
  test.for<{ outcome: Outcome; next: object }>([
    { outcome: { is: 'gone' }, next: { look: 'never' } },
    { outcome: { is: 'suspended', isDeleting: true }, next: { look: 'never' } },
    { outcome: { is: 'in-sync', message: undefined }, next: { look: 'sweep' } },
    { outcome: { is: 'in-sync', message: undefined, lookAfterMs: 30_000 }, next: { look: 'after', ms: 30_000 } },
    { outcome: { is: 'refuse', reason: 'R', message: 'r' }, next: { look: 'sweep' } },
    {
      outcome: { is: 'refuse', reason: 'R', message: 'r', lookAfterMs: 60_000 },
      next: { look: 'after', ms: 60_000 },
    },
    { outcome: { is: 'wait', reason: 'W', message: 'w', pollAfterMs: 7 }, next: { look: 'after', ms: 7 } },
    { outcome: failed('Conflict'), next: { look: 'at-once' } },
    { outcome: failed('DependencyNotReady'), next: { look: 'after', ms: 60_000 } },
    { outcome: failed('NotOwned'), next: { look: 'sweep' } },
    { outcome: failed('Throttled', { retryAfterMs: 9 }), next: { look: 'backoff', leastMs: 1_000 } },
    { outcome: failed('Throttled', { retryAfterMs: 9_000 }), next: { look: 'backoff', leastMs: 9_000 } },
  ])('after $outcome is $next', ({ outcome, next }) => {
    expect(nextLookFor(outcome, FIRST)).toEqual(next);
  });

  test('looks once more at what is in sync after a write, because the read may have been older than the write', () => {
    const inSync: Outcome = { is: 'in-sync', message: undefined };

    expect(nextLookFor(inSync, { ...FIRST, isUnconfirmed: true })).toEqual({ look: 'after', ms: 10_000 });
    expect(nextLookFor(inSync, FIRST)).toEqual({ look: 'sweep' });
  });

  test('after changes in a row comes ever later, up to 15 s', () => {
    const looks = [0, 1, 2, 3, 4, 5].map((changes) =>
      nextLookFor(change({ lookAfterMs: 1_000 }), { ...FIRST, changes }),
    );

    expect(looks.map((next) => next.look === 'after' && next.ms)).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
  });
});

describe('lost races', () => {
  test('are repeated at once, and where that never ends ever later', () => {
    const looks = [0, 2, 3, 4, 20].map((races) => nextLookFor(failed('Conflict'), { ...FIRST, races }));

    expect(looks).toEqual([
      { look: 'at-once' },
      { look: 'at-once' },
      { look: 'after', ms: 250 },
      { look: 'after', ms: 500 },
      { look: 'after', ms: 30_000 },
    ]);
  });
});

function setUp() {
  const clock = createVirtualClock();
  const queue = createWorkQueue({ clock, random: () => 1 });
  return { clock, queue, sweepAfterMs: () => 600_000, intervalMs: 30_000 };
}

describe('requeue', () => {
  test('a success forgets the failures before it', () => {
    const { queue, sweepAfterMs, intervalMs } = setUp();
    queue.addBackoff('k', 'edit');

    requeue({ key: 'k', priority: 'edit' }, { look: 'sweep' }, { queue, sweepAfterMs, intervalMs, now: 0 });

    expect(queue.retries('k')).toBe(0);
  });

  test('a lost race neither forgets them nor counts as one', () => {
    const { queue, sweepAfterMs, intervalMs } = setUp();
    queue.addBackoff('k', 'edit');

    requeue({ key: 'k', priority: 'edit' }, { look: 'at-once' }, { queue, sweepAfterMs, intervalMs, now: 0 });

    expect([queue.retries('k'), queue.depth]).toEqual([1, 1]);
  });

  test('what goes on is urgent, and what a sweep could not end is not', async () => {
    const { clock, queue, sweepAfterMs, intervalMs } = setUp();

    requeue(
      { key: 'failed sweep', priority: 'background' },
      { look: 'backoff', leastMs: 5 },
      { queue, sweepAfterMs, intervalMs, now: 0 },
    );
    requeue(
      { key: 'repair', priority: 'background' },
      { look: 'after', ms: 5 },
      { queue, sweepAfterMs, intervalMs, now: 0 },
    );
    await clock.advance(5);

    expect(await queue.take()).toEqual({ key: 'repair', priority: 'follow-up' });
    expect(await queue.take()).toEqual({ key: 'failed sweep', priority: 'background' });
  });
});

describe('a backoff', () => {
  test.for([
    { name: 'is never longer than the object’s resync interval', leastMs: 1_000, waits: 30_000 },
    { name: 'is as long as the API asked for all the same', leastMs: 45_000, waits: 45_000 },
  ])('$name', async ({ leastMs, waits }) => {
    const { clock, queue, sweepAfterMs, intervalMs } = setUp();
    const item = { key: 'k', priority: 'edit' } as const;
    for (let failure = 0; failure < 20; failure += 1) queue.addBackoff('k', 'edit');
    await clock.runUntil(() => queue.depth > 0);
    await queue.take();
    const begunAt = clock.monotonic();

    requeue(item, { look: 'backoff', leastMs }, { queue, sweepAfterMs, intervalMs, now: 0 });
    queue.done('k');
    await clock.runUntil(() => queue.depth > 0);

    expect(clock.monotonic() - begunAt).toBe(waits);
  });
});

describe('events and results', () => {
  test('a change is told, as a correction where somebody else had changed the world', () => {
    expect(eventFor(change(), FIRST)).toEqual({ type: 'Normal', reason: 'Applied', message: 'Resize (size)' });
    expect(eventFor(change({ isCorrection: true }), FIRST)?.reason).toBe('DriftCorrected');
  });

  test('a long change names a few paths and counts the rest', () => {
    const because = Array.from({ length: 9 }, (_, index) => ({ path: `p${index}`, wanted: 1, found: 2 }));

    expect(eventFor(change({ because, calls: ['A', 'A', 'B'] }), FIRST)?.message).toBe(
      'A, B (p0, p1, p2, p3, p4, p5 and 3 more)',
    );
  });

  test.for<{ outcome: Outcome; result: string }>([
    { outcome: { is: 'released' }, result: 'success' },
    { outcome: change(), result: 'requeue_after' },
    { outcome: failed('Conflict'), result: 'requeue' },
    { outcome: failed('DependencyNotReady'), result: 'requeue_after' },
    { outcome: failed('Bug'), result: 'error' },
  ])('$outcome counts as $result', ({ outcome, result }) => {
    expect(resultFor(outcome, FIRST)).toBe(result);
  });
});

describe('requireKnown', () => {
  test('takes the words of both catalogues, and no others', () => {
    expect([requireKnown('InSync', {}), requireKnown('Growing', { Growing: {} })]).toEqual(['InSync', 'Growing']);
    expect(() => requireKnown('Whatever', {})).toThrow('the reason Whatever is in no catalogue');
    expect(() => requireKnown('constructor', {})).toThrow('in no catalogue');
  });
});
