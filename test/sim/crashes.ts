import { describe, expect, test } from 'vitest';
import { type Performance, type Perturbation, play, writesToAws } from './play.ts';
import type { Scenario } from './scenario.ts';

/** Plays each scenario undisturbed, and again with a crash before and after each of its writes. */
export async function describeCrashes(scenarios: readonly Scenario[]): Promise<void> {
  let points = 0;
  for (const scenario of scenarios) {
    const undisturbed = await play(scenario);
    describe(scenario.name, () => {
      const crashes = pointsOf(undisturbed);
      points += crashes.length;
      testUndisturbed(scenario, undisturbed);
      test.for(crashes)('$title: the end is the same', async ({ perturbation }) => {
        const disturbed = await play(scenario, perturbation);

        expectSameEnd(disturbed, undisturbed);
      });
    });
  }
  test('are counted', () => {
    console.log(`${points} points of crashes in ${scenarios.length} scenarios`);
    expect(points).toBeGreaterThan(0);
  });
}

export function pointsOf({
  writes,
}: Performance): readonly { readonly title: string; readonly perturbation: Perturbation }[] {
  return writes.flatMap(({ to, what }, index) =>
    (['before', 'after'] as const).map((when) => ({
      title: `a crash ${when} write ${index + 1}, ${what} (${to})`,
      perturbation: { is: 'crash', nth: index + 1, when } as const,
    })),
  );
}

function testUndisturbed(scenario: Scenario, undisturbed: Performance): void {
  test('comes to a good end undisturbed', () => {
    expect(undisturbed.violations).toEqual([]);
    expect(undisturbed.afterwards).toEqual([]);
    const made = writesToAws(undisturbed);
    expect(made).toEqual(scenario.calls ?? made);
  });

  test('goes the same way each time', async () => {
    expect(await play(scenario)).toEqual(undisturbed);
  });
}

export function expectSameEnd(disturbed: Performance, undisturbed: Performance): void {
  expect(disturbed.fired, 'the point was reached').toBe(1);
  expect(disturbed.violations).toEqual([]);
  expect(disturbed.end).toEqual(undisturbed.end);
  expect(disturbed.afterwards, 'silence afterwards').toEqual([]);
}
