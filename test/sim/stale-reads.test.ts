import { describe, expect, test } from 'vitest';
import { crashesIn } from './crashes.ts';
import { play, sameEndAs, verdictOf } from './play.ts';
import { refusalsIn } from './refusals.ts';
import { CHANGE, CREATION, DELETION } from './scenarios.ts';

/** Reads of ECS may show the world as it was a moment ago. */
const LAG = { readLagMs: 3_000 };
const WITH_CRASHES = CREATION.slice(0, 3);
/** Deleted before ECS shows what it was asked for. */
const HASTY = DELETION.filter(({ isHasty }) => isHasty === true);
const SCENARIOS = [...CREATION, ...CHANGE, ...HASTY];

describe('while every read of ECS is 3 s late', () => {
  test.for(SCENARIOS)('$name: the end is the same', async (scenario) => {
    const prompt = await play(scenario);

    expect(verdictOf(await play(scenario, undefined, LAG))).toEqual({ ...sameEndAs(prompt), fired: 0 });
  });
});

describe.each([...WITH_CRASHES, ...HASTY.slice(-1)])('while every read of ECS is 3 s late, $name', async (scenario) => {
  const undisturbed = await play(scenario, undefined, LAG);

  test.for(crashesIn(undisturbed))('a crash $when write $nth, $what, leaves no trace', async (point) => {
    expect(verdictOf(await play(scenario, point, LAG))).toEqual(sameEndAs(undisturbed));
  });

  test.for(refusalsIn(undisturbed).filter(({ is }) => is === 'lost'))(
    'call $nth, $what, $is, leaves no trace',
    async (point) => {
      expect(verdictOf(await play(scenario, point, LAG))).toEqual(sameEndAs(undisturbed));
    },
  );
});
