import { describe, expect, test } from 'vitest';
import { isRead } from '../simulator/recording.ts';
import type { Point } from './perturbation.ts';
import { type Performance, play, sameEndAs, verdictOf } from './play.ts';
import type { Scenario } from './scenario.ts';

/** Plays each scenario again with the answer to a write lost, and with a call refused in two ways, at every one of them. */
export function describeRefusals(scenarios: readonly Scenario[]): void {
  let points = 0;

  describe.each(scenarios)('$name', async (scenario) => {
    const undisturbed = await play(scenario);
    const refusals = refusalsIn(undisturbed);
    points += refusals.length;

    test.for(refusals)('call $nth, $what, $is, leaves no trace', async (point) => {
      expect(verdictOf(await play(scenario, point))).toEqual(sameEndAs(undisturbed));
    });
  });

  test('refusals are counted', () => {
    console.log(`${points} points of lost answers and refusals in ${scenarios.length} scenarios`);
    expect(points).toBeGreaterThan(0);
  });
}

export function refusalsIn({ calls }: Performance): readonly (Point & { is: 'lost' | 'throttled' | 'broken' })[] {
  return calls.flatMap(({ action, isByHand }, index) => {
    if (isByHand) return [];
    const kinds = isRead(action) ? (['throttled', 'broken'] as const) : (['lost', 'throttled', 'broken'] as const);
    return kinds.map((is) => ({ is, nth: index + 1, what: action }));
  });
}
