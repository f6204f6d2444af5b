import { assert, asyncProperty, constantFrom, nat } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { STORIES } from './stories.ts';
import { walkFrom } from './walk.ts';

/** From each source. `WALKS=300` for a longer run, `FAST_CHECK_SEED` for other walks. */
const WALKS = Number(process.env['WALKS'] ?? 15);
/** On a machine that has other things to do. */
const LIMIT_MS = WALKS * 20_000;

describe('random valid changes', () => {
  test.for(Object.entries(STORIES))(
    'of %s come true or to a reason, can be taken back, and end as from empty',
    { timeout: LIMIT_MS },
    async ([source, stories]) => {
      const seen = { steps: 0, ready: 0 };

      const property = asyncProperty(constantFrom(...stories.keys()), nat(1_000_000), async (title, seed) => {
        const { steps, faults } = await walkFrom(stories.get(title) ?? [], seed);
        seen.steps += steps.length;
        seen.ready += steps.filter((step) => step.endsWith(': Ready')).length;

        const report = faults.length === 0 ? [] : [`${title}, seed ${seed}`, ...steps, ...faults];
        expect(report.join('\n')).toBe('');
      });
      await assert(property, { numRuns: WALKS, endOnFailure: true });

      console.log(`${source}: ${WALKS} walks, of ${seen.steps} changes ${seen.ready} came true`);
      expect(seen.ready).toBeGreaterThan(seen.steps / 2);
    },
  );
});
