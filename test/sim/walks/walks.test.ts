import { assert, asyncProperty, constantFrom, nat } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { STORIES } from './stories.ts';
import { walkFrom } from './walk.ts';

/** From each source. `WALKS=300` for a longer run, `FAST_CHECK_SEED` for other walks. */
const WALKS = Number(process.env['WALKS'] ?? 15);
/** The soak asks of each spec on the way whether it is the same from empty. */
const FROM_EMPTY = process.env['WALKS'] === undefined ? 'last' : 'each';
/** On a machine that has other things to do. */
const LIMIT_MS = WALKS * 30_000;

describe('random valid changes', () => {
  test.for(Object.entries(STORIES))(
    'of %s come true or to a reason, can be taken back, and end as from empty, and what is refused is told and mended',
    { timeout: LIMIT_MS },
    async ([source, stories]) => {
      const seen = { steps: 0, ready: 0 };
      const refusals = { misshapen: 0, 'rule-breaking': 0 };

      const property = asyncProperty(constantFrom(...stories.keys()), nat(1_000_000), async (title, seed) => {
        const walk = { seed, fromEmpty: FROM_EMPTY } as const;
        const { steps, refused, faults } = await walkFrom(stories.get(title) ?? [], walk);
        seen.steps += steps.length;
        seen.ready += steps.filter((step) => step.endsWith(': Ready')).length;
        refusals[refused] += 1;

        const report = faults.length === 0 ? [] : [`${title}, seed ${seed}`, ...steps, ...faults];
        expect(report.join('\n')).toBe('');
      });
      await assert(property, { numRuns: WALKS, endOnFailure: true });

      const told = `of ${seen.steps} changes ${seen.ready} came true, and refused were ${JSON.stringify(refusals)}`;
      console.log(`${source}: ${WALKS} walks, ${told}`);
      expect(seen.ready).toBeGreaterThan(seen.steps / 2);
      expect(Math.min(...Object.values(refusals))).toBeGreaterThan(0);
    },
  );
});
