import { describe, expect, test } from 'vitest';
import { leastSeconds, sendTimes, shareOf } from './least-time.ts';

const AT_ONCE = { burst: 1_000, perSecond: 1_000 };

describe('sendTimes', () => {
  test('lets the burst go at once and the rest at the rate, as the bucket begins full', () => {
    expect(sendTimes([0, 0, 0, 0], { burst: 2, perSecond: 1 })).toEqual([0, 0, 1_000, 2_000]);
  });

  test('never sends before it is wished, because a call may wait for another one', () => {
    expect(sendTimes([0, 500, 700], AT_ONCE)).toEqual([0, 500, 700]);
  });

  test('saves up tokens while nobody wants one, but no more than the burst', () => {
    expect(sendTimes([0, 0, 60_000, 60_000, 60_000], { burst: 2, perSecond: 1 })).toEqual([
      0, 0, 60_000, 60_000, 61_000,
    ]);
  });

  test('counts a part of a token, because a share of a burst need not be whole', () => {
    expect(sendTimes([0, 0], { burst: 1.5, perSecond: 0.5 })).toEqual([0, 1_000]);
  });
});

describe('leastSeconds', () => {
  const plain = { definitions: 1, services: 1, share: 1, latencyMs: 0, settleMs: 0 };

  test.for([
    { because: 'one of each fits into the bursts', rollout: plain, seconds: 0 },
    { because: 'services wait for their own bucket', rollout: { ...plain, services: 60 }, seconds: 2 },
    {
      because: 'the last service waits for the last definition',
      rollout: { ...plain, definitions: 30, services: 30 },
      seconds: 10,
    },
    {
      because: 'a share makes both the burst and the rate smaller',
      rollout: { ...plain, services: 45 + 9, share: 0.9 },
      seconds: 2,
    },
    {
      because: 'look, registration, look, creation and last look follow one another',
      rollout: { ...plain, latencyMs: 20, settleMs: 1_000 },
      seconds: 1.1,
    },
  ])('is $seconds s, because $because', ({ rollout, seconds }) => {
    expect(leastSeconds(rollout)).toBeCloseTo(seconds, 6);
  });

  test('of the benchmark is what its services need, because registrations are through before', () => {
    const rollout = { ...plain, definitions: 50, services: 500, share: 0.9 };

    expect(leastSeconds(rollout)).toBeCloseTo((500 - 45) / 4.5, 6);
    expect(shareOf({ burst: 50, perSecond: 5 }, 0.9)).toEqual({ burst: 45, perSecond: 4.5 });
  });
});
