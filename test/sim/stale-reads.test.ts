import { describe, expect, test } from 'vitest';
import { expectSameEnd, pointsOf } from './crashes.ts';
import { play } from './play.ts';
import { CHANGE, CREATION } from './scenarios.ts';

/** Reads of ECS may show the world as it was a moment ago. */
const LAG = { readLagMs: 3_000 };
const WITH_CRASHES = CREATION.slice(0, 3);
const SCENARIOS = [...CREATION, ...CHANGE];

describe('while every read of ECS is 3 s late', () => {
  test.for(SCENARIOS)('$name: the end is the same', async (scenario) => {
    const [late, prompt] = [await play(scenario, undefined, LAG), await play(scenario)];

    expect(late.violations).toEqual([]);
    expect(late.end).toEqual(prompt.end);
    expect(late.afterwards).toEqual([]);
  });
});

describe.each(WITH_CRASHES)('while every read of ECS is 3 s late, $name', async (scenario) => {
  const undisturbed = await play(scenario, undefined, LAG);

  test.for(pointsOf(undisturbed))('$title: the end is the same', async ({ perturbation }) => {
    expectSameEnd(await play(scenario, perturbation, LAG), undisturbed);
  });
});
