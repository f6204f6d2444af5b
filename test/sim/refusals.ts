import { describe, expect, test } from 'vitest';
import { isRead } from '../simulator/recording.ts';
import { expectSameEnd } from './crashes.ts';
import { type Performance, type Perturbation, play } from './play.ts';
import type { Scenario } from './scenario.ts';

interface Point {
  readonly title: string;
  readonly perturbation: Perturbation;
}

/** Plays each scenario again with the answer to a write lost, and with a call refused in two ways, at every one of them. */
export async function describeRefusals(scenarios: readonly Scenario[]): Promise<void> {
  let points = 0;
  for (const scenario of scenarios) {
    const undisturbed = await play(scenario);
    describe(scenario.name, () => {
      const all = pointsOf(undisturbed);
      points += all.length;
      test.for(all)('$title: the end is the same', async ({ perturbation }) => {
        expectSameEnd(await play(scenario, perturbation), undisturbed);
      });
    });
  }
  test('are counted', () => {
    console.log(`${points} points of lost answers and refusals in ${scenarios.length} scenarios`);
    expect(points).toBeGreaterThan(0);
  });
}

function pointsOf({ calls }: Performance): readonly Point[] {
  return calls.flatMap(({ action, isByHand }, index) => {
    if (isByHand) return [];
    const kinds = isRead(action) ? (['throttled', 'broken'] as const) : (['lost', 'throttled', 'broken'] as const);
    return kinds.map((is) => ({
      title: `call ${index + 1}, ${action}, is ${is}`,
      perturbation: { is, nth: index + 1 },
    }));
  });
}
