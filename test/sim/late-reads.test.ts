import { describe, expect, test } from 'vitest';
import { openStage, RESTART_MS, RESYNC_MS, type Stage } from '../support/operator-stage.ts';
import { DEFINITION, definition } from './scenarios/acts.ts';

/** A younger revision may be about to be used by somebody, and stays. */
const HOUR_MS = 3_600_000;

/** The states of all revisions there ever were, once the operator that registered was killed before it could say so. */
async function revisionsUnder(readLagMs: number): Promise<readonly string[]> {
  let hasCrashed = false;
  const stage: Stage = await openStage({
    readLagMs,
    onWrite({ what }, when, operator) {
      if (hasCrashed || what !== 'RegisterTaskDefinition' || when !== 'after') return;
      hasCrashed = true;
      stage.crash(operator);
      stage.clock.schedule(RESTART_MS, () => stage.start());
    },
  });
  stage.start();
  stage.apply(definition());
  await stage.clock.runUntil(() => hasCrashed && stage.areReady(DEFINITION), { limitMs: RESYNC_MS });
  await stage.clock.advance(HOUR_MS + 3 * RESYNC_MS);
  stage.simulator.settle();
  const statuses = [...stage.simulator.world.taskDefinitions.values()].map(
    (revision) => revision.definition.status ?? '',
  );
  return statuses.toSorted((a, b) => a.localeCompare(b));
}

describe('reads that do not show for so long what was registered', () => {
  test('lead to no second revision within the minute that is waited', async () => {
    expect(await revisionsUnder(45_000)).toEqual(['ACTIVE']);
  });

  test('lead to one more beyond it, and one of the two is deregistered once it is an hour old', async () => {
    expect(await revisionsUnder(90_000)).toEqual(['ACTIVE', 'INACTIVE']);
  });
});
