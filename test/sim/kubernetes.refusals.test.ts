import { describe, expect, test } from 'vitest';
import { entriesOf } from '../../src/lib/entries.ts';
import { PATCH_FAULTS } from './perturbation.ts';
import { type Performance, play, sameEndAs, verdictOf } from './play.ts';
import { CREATION, DELETION, ROLLOUT } from './scenarios.ts';

/** One of each sort: what differs between the others is what they ask of ECS. */
const SCENARIOS = [CREATION[2], ROLLOUT[0], DELETION[2], DELETION.at(-1)].filter((scenario) => scenario !== undefined);

describe.each(SCENARIOS)('$name', async (scenario) => {
  const undisturbed = await play(scenario);

  test.for(refusalsIn(undisturbed))('patch $nth, $what, $is, leaves no trace', async (point) => {
    expect(verdictOf(await play(scenario, point))).toEqual(sameEndAs(undisturbed));
  });
});

/** An answer can be lost only of what took effect, and such faults count no other. */
function refusalsIn({ patches }: Performance) {
  return entriesOf(PATCH_FAULTS).flatMap(([is, { when }]) =>
    patches
      .filter(({ isRefused }) => when === 'before' || !isRefused)
      .map(({ what }, index) => ({ is, nth: index + 1, what })),
  );
}
