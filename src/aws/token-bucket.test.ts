import { describe, expect, test } from 'vitest';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import type { Priority } from './gateway.ts';
import { createTokenBucket } from './token-bucket.ts';

const never = new AbortController().signal;

function bucketOf(options: { burst: number; perSecond: number }) {
  const clock = createVirtualClock();
  const bucket = createTokenBucket({ ...options, clock });
  const taken: { who: string; at: number }[] = [];
  const startedAt = clock.monotonic();
  function take(who: string, priority: Priority = 'urgent', signal: AbortSignal = never): Promise<void> {
    return bucket.take(priority, signal).then(() => void taken.push({ who, at: clock.monotonic() - startedAt }));
  }
  return { clock, bucket, taken, take };
}

describe('a token bucket', () => {
  test('gives its burst at once and then its rate', async () => {
    const { clock, taken, take } = bucketOf({ burst: 3, perSecond: 2 });

    for (const who of ['a', 'b', 'c', 'd', 'e']) void take(who);
    await clock.advance(2_000);

    expect(taken.map(({ who }) => who)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(taken[2]?.at).toBe(0);
    expect(taken[3]?.at).toBeGreaterThanOrEqual(500);
    expect(taken[4]?.at).toBeGreaterThanOrEqual(1_000);
    expect(taken[4]?.at).toBeLessThan(1_100);
  });

  test('serves whoever is urgent first, because a person waits', async () => {
    const { clock, taken, take } = bucketOf({ burst: 1, perSecond: 1 });
    void take('first');

    void take('sweep 1', 'sweep');
    void take('sweep 2', 'sweep');
    void take('edit', 'urgent');
    await clock.advance(5_000);

    expect(taken.map(({ who }) => who)).toEqual(['first', 'edit', 'sweep 1', 'sweep 2']);
  });

  test('takes no token for a caller that gave up', async () => {
    const { clock, bucket, taken, take } = bucketOf({ burst: 1, perSecond: 1 });
    const controller = new AbortController();
    const reason = new Error('gave up');
    await take('first');
    const given = take('gave up', 'urgent', controller.signal).catch((error: unknown) => error);
    void take('next');

    controller.abort(reason);
    await clock.advance(1_100);

    expect(await given).toBe(reason);
    expect(taken.map(({ who }) => who)).toEqual(['first', 'next']);
    expect(bucket.waiting).toBe(0);
  });

  test('slows everybody down when told so, and recovers', async () => {
    const { clock, bucket, taken, take } = bucketOf({ burst: 10, perSecond: 10 });

    bucket.slowDown();
    void take('slowed');
    await clock.advance(5_000);
    const slowedAt = taken[0]?.at ?? 0;
    await clock.advance(60_000);
    for (let count = 0; count < 10; count += 1) void take('burst');
    await clock.advance(0);

    expect(slowedAt).toBeGreaterThanOrEqual(190);
    expect(taken).toHaveLength(11);
  });

  test('gives no more than it holds over a long time, however callers come', async () => {
    const { clock, taken, take } = bucketOf({ burst: 18, perSecond: 0.9 });

    for (let count = 0; count < 200; count += 1) void take(`${count}`, count % 3 === 0 ? 'urgent' : 'sweep');
    await clock.advance(60_000);

    expect(taken.length).toBeLessThanOrEqual(18 + 60 * 0.9);
    expect(taken.length).toBeGreaterThanOrEqual(18 + 60 * 0.9 - 2);
  });
});
