import { nameOf, type Stage } from '../../support/operator-stage.ts';

/** Moments at which something was asked of either side. */
export interface Traffic {
  readonly calls: readonly number[];
}

const WINDOW_MS = 10_000;
/**
 * In so short a time a disturbed operator may ask so much more than at its busiest undisturbed: three objects and four
 * watches are tried again after 1, 2 and 4 s.
 */
const MOST_FACTOR = 2;
const MOST_MORE = 40;

/** The most that was asked within ten seconds. */
export function busiestOf({ calls }: Traffic): number {
  const sorted = calls.toSorted((a, b) => a - b);
  let first = 0;
  return sorted.reduce((most, at, index) => {
    while (at - (sorted[first] ?? at) > WINDOW_MS) first += 1;
    return Math.max(most, index - first + 1);
  }, 0);
}

export function isHot(busiest: number, undisturbed: number): boolean {
  return busiest > undisturbed * MOST_FACTOR + MOST_MORE;
}

/** At rest a disturbed operator may look so much more than an undisturbed one. */
const MOST_READS_FACTOR = 1.5;
const MOST_READS_MORE = 20;

export function isRestless(reads: number, undisturbed: number): boolean {
  return reads > undisturbed * MOST_READS_FACTOR + MOST_READS_MORE;
}

interface Resting {
  readonly operators: readonly { readonly depth: number }[];
  readonly objects: Stage['objects'];
}

/** Members of a status that announce what is about to be asked of AWS. */
const INTENTS = ['registering', 'creating', 'deploying'];

/** What still goes on where nothing should. */
export function unrestIn({ operators, objects }: Resting): readonly string[] {
  const keys = operators.flatMap(({ depth }) => (depth === 0 ? [] : `${depth} keys are in the queues at rest`));
  const intents = objects().flatMap((object) =>
    INTENTS.filter((intent) => object.status[intent] !== undefined).map(
      (intent) => `${nameOf(object)} is ${intent} at rest`,
    ),
  );
  return [...keys, ...intents];
}

/** What is left open once every operator was asked to stop. */
export async function leftoversOf(stage: Stage): Promise<readonly string[]> {
  const { clock, api } = stage;
  let isOver = false;
  void stage.stop().finally(() => {
    isOver = true;
  });
  await clock.runUntil(() => isOver, { limitMs: 60_000 });
  await clock.settle();
  const timers = clock.pendingTimers === 0 ? [] : [`${clock.pendingTimers} timers are left`];
  const watches = api.openWatches === 0 ? [] : [`${api.openWatches} watches are left`];
  return [...timers, ...watches];
}
