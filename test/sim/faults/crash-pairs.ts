import { createRandom } from '../../simulator/random.ts';
import type { Performance } from '../play.ts';
import type { Point } from './fault.ts';

export const PAIRS_TITLE = 'two crashes';

/** Of a story with so many writes the first crash comes at one of the first part, so that a second can follow. */
const FIRST_PART = 0.6;
/** So many writes after the first crash the second comes at the latest. */
const MOST_BETWEEN = 3;

/** Two crashes in one play, drawn by chance: the second while the operator mends what the first has left. */
export function crashPairs({ writes }: Performance, seed: number, count: number): readonly Point[] {
  const random = createRandom(seed);
  const draw = (most: number): number => 1 + Math.floor(random() * most);
  const drawWhen = (): 'before' | 'after' => (random() < 0.5 ? 'before' : 'after');
  const first = Math.max(1, Math.floor(writes.length * FIRST_PART));
  return Array.from({ length: count }, () => {
    const [nth, when] = [draw(first), drawWhen()];
    const [next, nextWhen] = [draw(MOST_BETWEEN), drawWhen()];
    const what = writes[nth - 1]?.what ?? '';
    return {
      name: `a crash ${when} write ${nth} (${what}), and one ${nextWhen} the ${next}. write after`,
      faults: [
        { on: 'write', is: 'crash', nth, when },
        { on: 'write', is: 'crash', nth: next, when: nextWhen },
      ],
    } satisfies Point;
  });
}
