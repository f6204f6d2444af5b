import { type Arbitrary, array, assert, asyncProperty, boolean, constantFrom, oneof, pre, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Fragment } from '../../src/api/rule.ts';
import type { SchemaDefinition } from '../../src/api/schema-definition.ts';
import { DEFINITIONS } from '../../src/kinds/index.ts';
import { askBoth } from '../support/both-verdicts.ts';
import { readGuides, readKindExamples } from '../support/examples.ts';
import { judgeOfFile } from '../support/file-judge.ts';
import { redraw, redraws, specs } from '../support/schema-draws.ts';
import { mutate, mutations } from '../support/spec-mutations.ts';

const judge = judgeOfFile('draws');

/** Always the same specs: whoever meets a difference has not made it. Others are looked for by another seed. */
const RUN = { seed: 20_261_125, numRuns: 500 };

const STORIES = [...readKindExamples('full'), ...readGuides()].flatMap(({ objects }) => objects);

/** Drawn from nothing few specs keep all rules; with some members of an example drawn anew many do. */
function drawnSpecs(definition: SchemaDefinition): Arbitrary<Fragment> {
  const stories = STORIES.filter(({ kind }) => kind === definition.kind);
  const changed = tuple(constantFrom(...stories), array(redraws, { minLength: 1, maxLength: 6 })).map(
    ([{ spec }, steps]) => steps.reduce((before, step) => redraw(definition, before, step), spec),
  );
  return oneof(specs(definition), changed);
}

describe('a spec that chance has drawn from the schema', () => {
  test.for(DEFINITIONS)('of $kind has one verdict from API server and operator', async (definition) => {
    const { group, version, kind } = definition;
    const seen = { fine: 0, misshapen: 0, broken: 0 };

    const property = asyncProperty(drawnSpecs(definition), boolean(), mutations, async (drawn, isWhole, steps) => {
      const spec = isWhole ? drawn : mutate(drawn, steps);
      const object = { apiVersion: `${group}/${version}`, kind, metadata: { name: 'drawn' }, spec };
      const { api, operator, isKeyTwice } = await askBoth(judge, definition, object);
      pre(!isKeyTwice);
      const isMisshapen = api.shape.length > 0;
      if (isMisshapen) seen.misshapen += 1;
      else if (api.rules.length > 0) seen.broken += 1;
      else seen.fine += 1;

      expect(isWhole && isMisshapen).toBe(false);
      // Of several misshapen members not every one is told, and then the rules are not asked.
      expect({ isMisshapen: operator.shape.length > 0, rules: operator.rules }).toEqual({
        isMisshapen,
        rules: isMisshapen ? operator.rules : api.rules,
      });
    });
    await assert(property, RUN);

    console.log(`${kind}, drawn specs: ${JSON.stringify(seen)}`);
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(0);
  });
});
