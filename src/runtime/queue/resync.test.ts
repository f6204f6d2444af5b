import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { followUpAfterMs, resyncIntervalOf, sweepAfterMs } from './resync.ts';

describe('resyncIntervalOf', () => {
  test.for([
    { text: '5m', ms: 300_000 },
    { text: '1h30m', ms: 5_400_000 },
    { text: '30s', ms: 30_000 },
    { text: '24h', ms: 86_400_000 },
  ])('$text is taken', ({ text, ms }) => {
    expect(resyncIntervalOf({ a: text }, 'a', 1)).toEqual({ ms });
  });

  test.for(['29s', '25h', '', 'soon', '-5m'])('%j is ignored with a complaint', (text) => {
    expect(resyncIntervalOf({ a: text }, 'a', 1)).toEqual({
      ms: 1,
      complaint: expect.stringContaining('annotation a'),
    });
  });

  test('nothing said is the default, without a word', () => {
    expect(resyncIntervalOf({}, 'a', 1)).toEqual({ ms: 1 });
  });
});

describe('sweepAfterMs', () => {
  const moment = fc.integer({ min: 0, max: 4_000_000_000_000 });
  const interval = fc.integer({ min: 30_000, max: 86_400_000 });

  test('is always ahead, within one interval', () => {
    fc.assert(
      fc.property(fc.string(), interval, moment, (group, ms, now) => {
        const wait = sweepAfterMs(group, ms, now);

        expect(wait).toBeGreaterThanOrEqual(1_000);
        expect(wait).toBeLessThanOrEqual(ms + 1_000);
      }),
    );
  });

  test('meets the same moments from wherever one comes', () => {
    fc.assert(
      fc.property(fc.string(), interval, moment, moment, (group, ms, one, other) => {
        const difference = one + sweepAfterMs(group, ms, one) - (other + sweepAfterMs(group, ms, other));

        expect(Math.abs(difference % ms)).toBe(0);
      }),
    );
  });

  test('spreads groups over the interval', () => {
    const phases = Array.from({ length: 100 }, (_, index) => sweepAfterMs(`group ${index}`, 600_000, 0));

    expect(new Set(phases.map((phase) => Math.floor(phase / 60_000))).size).toBeGreaterThanOrEqual(10);
  });
});

describe('followUpAfterMs', () => {
  test('brings looks of the same second together, so that their reads can travel together', () => {
    const dueAt = [10_100, 10_400, 10_999].map((now) => now + followUpAfterMs(2_000, now));

    expect(dueAt).toEqual([13_000, 13_000, 13_000]);
  });

  test('is neither early nor a second late, because the kind knows when there is something to see', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100_000 }), fc.integer({ min: 0, max: 4_000_000_000 }), (ms, now) => {
        const late = followUpAfterMs(ms, now) - ms;

        expect(late).toBeGreaterThanOrEqual(0);
        expect(late).toBeLessThan(1_000);
      }),
    );
  });

  test('keeps what is shorter than a second, because races are repeated in a hurry', () => {
    expect(followUpAfterMs(250, 10_100)).toBe(250);
  });
});
