import { describe, expect, test } from 'vitest';
import type { Point } from './perturbation.ts';
import { type Performance, play, sameEndAs, verdictOf, writesToAws } from './play.ts';
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

    test.for(crashes)('a crash $when write $nth, $what, leaves no trace', async (point) => {
      expect(verdictOf(await play(scenario, point))).toEqual(sameEndAs(undisturbed));
    });
  });

  test('crashes are counted', () => {
    console.log(`${points} points of crashes in ${scenarios.length} scenarios`);
    expect(points).toBeGreaterThan(0);
  });
}

export function crashesIn({ writes }: Performance) {
  return writes.flatMap(({ what }, index) =>
    (['before', 'after'] as const).map((when): Point & { is: 'crash' } => ({
      is: 'crash',
      nth: index + 1,
      when,
      what,
    })),
  );
}
