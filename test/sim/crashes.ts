import { describe, expect, test } from 'vitest';
import { type Performance, type Point, play, sameEndAs, verdictOf, writesToAws } from './play.ts';
import type { Scenario } from './scenario.ts';

/** Plays each scenario undisturbed, and again with a crash before and after each of its writes. */
export function describeCrashes(scenarios: readonly Scenario[]): void {
  let points = 0;

  describe.each(scenarios)('$name', async (scenario) => {
    const undisturbed = await play(scenario);
    const crashes = crashesIn(undisturbed);
    points += crashes.length;

    test('comes to a good end undisturbed', () => {
      const made = writesToAws(undisturbed);

      expect(verdictOf(undisturbed)).toEqual({ ...sameEndAs(undisturbed), fired: 0 });
      expect(made).toEqual(scenario.calls ?? made);
    });

    test('goes the same way each time', async () => {
      expect(await play(scenario)).toEqual(undisturbed);
    });

    test.for(crashes)('$title: the end is the same', async ({ perturbation }) => {
      expect(verdictOf(await play(scenario, perturbation))).toEqual(sameEndAs(undisturbed));
    });
  });

  test('crashes are counted', () => {
    console.log(`${points} points of crashes in ${scenarios.length} scenarios`);
    expect(points).toBeGreaterThan(0);
  });
}

export function crashesIn({ writes }: Performance): readonly Point[] {
  return writes.flatMap(({ to, what }, index) =>
    (['before', 'after'] as const).map((when) => ({
      title: `a crash ${when} write ${index + 1}, ${what} (${to})`,
      perturbation: { is: 'crash', nth: index + 1, when } as const,
    })),
  );
}
