import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { breakerThreshold, retryPauseMs, rollingMoves } from './rollout-arithmetic.ts';

describe('rollingMoves', () => {
  const begun = { desired: 4, newWanted: 0, newHealthy: 0, oldWanted: 4, oldHealthy: 4, mayStart: true };

  test.for([
    {
      name: 'starts all new tasks beside the old',
      because: '200 % leaves room for them',
      max: 200,
      min: 100,
      state: {},
      start: 4,
      stopOld: 0,
    },
    {
      name: 'stops old tasks as new ones are healthy',
      because: 'the floor is kept',
      max: 200,
      min: 100,
      state: { newWanted: 4, newHealthy: 3 },
      start: 0,
      stopOld: 3,
    },
    {
      name: 'stops before it starts',
      because: 'there is no room above, but some below',
      max: 100,
      min: 50,
      state: {},
      start: 0,
      stopOld: 2,
    },
    {
      name: 'starts what fits below the ceiling',
      because: 'the ceiling is rounded down',
      max: 130,
      min: 100,
      state: {},
      start: 1,
      stopOld: 0,
    },
    {
      name: 'stops all at once',
      because: 'nothing has to stay healthy',
      max: 100,
      min: 0,
      state: {},
      start: 0,
      stopOld: 4,
    },
    {
      name: 'stops old tasks that are not healthy',
      because: 'they carry no load',
      max: 200,
      min: 100,
      state: { oldHealthy: 3 },
      start: 4,
      stopOld: 1,
    },
    {
      name: 'leaves everything',
      because: 'a failed deployment launches nothing',
      max: 200,
      min: 100,
      state: { mayStart: false },
      start: 0,
      stopOld: 0,
    },
    {
      name: 'only scales',
      because: 'there is no older deployment',
      max: 100,
      min: 100,
      state: { oldWanted: 0, oldHealthy: 0, newWanted: 1 },
      start: 3,
      stopOld: 0,
    },
  ])('$name, because $because', ({ max, min, state, start, stopOld }) => {
    const moves = rollingMoves({ ...begun, ...state }, { maximumPercent: max, minimumHealthyPercent: min });

    expect(moves).toEqual({ start, stopOld, boxedIn: false });
  });

  test('is boxed in at 100 and 100 percent, because it may neither start nor stop', () => {
    const moves = rollingMoves(begun, { maximumPercent: 100, minimumHealthyPercent: 100 });

    expect(moves).toEqual({ start: 0, stopOld: 0, boxedIn: true });
  });
});

test('every rollout ends or is boxed in, and keeps to its percentages, because users rely on both', () => {
  const shapes = fc.record({
    desired: fc.integer({ min: 0, max: 30 }),
    max: fc.integer({ min: 100, max: 300 }),
    min: fc.integer({ min: 0, max: 100 }),
  });

  fc.assert(
    fc.property(shapes, ({ desired, max, min }) => {
      const ceiling = Math.floor((desired * max) / 100);
      const floor = Math.ceil((desired * min) / 100);
      let fresh = 0;
      let old = desired;
      for (let turn = 0; turn < 200 && (fresh < desired || old > 0); turn += 1) {
        const state = { desired, newWanted: fresh, newHealthy: fresh, oldWanted: old, oldHealthy: old, mayStart: true };
        const moves = rollingMoves(state, { maximumPercent: max, minimumHealthyPercent: min });
        if (moves.boxedIn) return;
        old -= moves.stopOld;
        expect(fresh + old).toBeGreaterThanOrEqual(floor);
        fresh += moves.start;
        expect(fresh + old).toBeLessThanOrEqual(Math.max(ceiling, desired));
      }
      expect([fresh, old]).toEqual([desired, 0]);
    }),
  );
});

describe('breakerThreshold', () => {
  test.for([
    { name: 'is at least 3', because: 'AWS bounds it', type: undefined, value: undefined, desired: 1, threshold: 3 },
    {
      name: 'is half the desired count, rounded up',
      because: 'AWS says so',
      type: undefined,
      value: undefined,
      desired: 25,
      threshold: 13,
    },
    {
      name: 'is at most 200',
      because: 'AWS bounds it',
      type: undefined,
      value: undefined,
      desired: 1_000,
      threshold: 200,
    },
    {
      name: 'is the value itself',
      because: 'COUNT is not a share',
      type: 'COUNT' as const,
      value: 1,
      desired: 50,
      threshold: 1,
    },
    {
      name: 'is at least one failure',
      because: 'nothing else ends a deployment',
      type: 'COUNT' as const,
      value: 0,
      desired: 50,
      threshold: 1,
    },
    {
      name: 'is not bounded',
      because: 'UNBOUNDED_PERCENT was chosen',
      type: 'UNBOUNDED_PERCENT' as const,
      value: 50,
      desired: 1_000,
      threshold: 500,
    },
  ])('$name, because $because', ({ type, value, desired, threshold }) => {
    const thresholdConfiguration = type === undefined ? undefined : { type, value };

    expect(breakerThreshold({ enable: true, rollback: true, thresholdConfiguration }, desired)).toBe(threshold);
  });
});

test('the pause between attempts grows to its limit, because ECS throttles services that keep failing', () => {
  const timings = { retryMs: 1_000, retryMaxMs: 900_000 };

  expect([1, 3, 4, 5, 40].map((failures) => retryPauseMs(failures, timings))).toEqual([
    1_000, 1_000, 2_000, 4_000, 900_000,
  ]);
});
