import { describe, expect, test } from 'vitest';
import { isEqual } from '../../../src/lib/stable-json.ts';
import { COLUMNS, type Column } from '../faults/columns.ts';
import { crashPairs, PAIRS_TITLE } from '../faults/crash-pairs.ts';
import type { Point } from '../faults/fault.ts';
import { type Performance, play, writesToAws } from '../play.ts';
import type { Scenario } from '../scenario.ts';
import { SCENARIOS } from '../scenarios/all.ts';
import { smallestOf } from '../trace.ts';
import { deservedBy, verdictOf } from '../verdict.ts';
import { type Extent, extentOf, select } from './selection.ts';
import { createTally, type Tally } from './tally.ts';

/** Sets the dice of the stories and of the pairs of crashes. */
const SEED = Number(process.env['MATRIX_SEED'] ?? 1);
/** `fast` is for every change, `page` for `make reliability`; `whole` takes long. */
const EXTENT = extentOf(process.env['MATRIX'] ?? 'fast');
const PAIRS = { fast: 1, page: 3, whole: 50 } as const satisfies Record<Extent, number>;

/** Plays each scenario undisturbed, and again with each perturbation at places that it can strike. */
export function describeMatrix(scenarios: readonly Scenario[]): void {
  describe.each(scenarios)('$name', async (scenario) => {
    const tally = createTally(scenario.name);
    const undisturbed = await play(scenario, [], { seed: SEED });

    test('comes to a good end undisturbed, and the same way each time', async () => {
      const made = writesToAws(undisturbed);
      const again = await play(scenario, [], { seed: SEED });

      expect(verdictOf(undisturbed, undisturbed)).toEqual(deservedBy(undisturbed));
      expect(made).toEqual(scenario.calls ?? made);
      expect(again).toEqual(undisturbed);
    });

    for (const [index, column] of COLUMNS.entries())
      await describeColumn({ scenario, undisturbed, tally }, column, index);

    const pairs = crashPairs(undisturbed, SEED, PAIRS.page);
    // Chance alone makes no new point.
    tally.column(PAIRS_TITLE, { onPage: pairs.length, fast: 0 });
    const tried = crashPairs(undisturbed, SEED, PAIRS[EXTENT]);
    describePoints({ scenario, undisturbed, tally }, { title: PAIRS_TITLE }, tried);

    test.skipIf(EXTENT === 'whole')('the page of results says what came of it; `make reliability` writes it', () => {
      const { onPage, counted } = tally.publish();

      expect(onPage).toBe(counted);
    });
  });
}

interface Story {
  readonly scenario: Scenario;
  readonly undisturbed: Performance;
  readonly tally: Tally;
}

async function describeColumn(story: Story, column: Column, index: number): Promise<void> {
  const { scenario } = story;
  const { stage } = column;
  const undisturbed = stage === undefined ? story.undisturbed : await play(scenario, [], { seed: SEED, ...stage });
  const points = column.points(undisturbed);
  const { tried, fast, onPage } = select(points, {
    extent: EXTENT,
    isWhole: column.isWhole === true,
    from: index + SCENARIOS.indexOf(scenario),
  });
  story.tally.column(column.title, { onPage: onPage.length, fast: fast.length });
  describePoints({ ...story, undisturbed }, column, tried);
}

function describePoints(
  { scenario, undisturbed, tally }: Story,
  { title, stage }: Pick<Column, 'title' | 'stage'>,
  points: readonly Point[],
): void {
  if (points.length === 0) return;
  describe.each([{ title }])('$title', () => {
    test.for(points)('$name', async ({ name, faults }) => {
      tally.begin();
      const performance = await play(scenario, faults, { seed: SEED, ...stage });

      const verdict = verdictOf(performance, undisturbed, faults);
      const deserved = deservedBy(undisturbed);
      if (!isEqual(verdict, deserved)) console.log(reportOf(performance, `${scenario.name}: ${name}`));
      expect(verdict).toEqual(deserved);
      tally.pass();
    });
  });
}

function reportOf({ trace }: Performance, name: string): string {
  return [`${name} (seed ${SEED})`, 'the smallest trace that shows it:', ...smallestOf(trace)].join('\n');
}
