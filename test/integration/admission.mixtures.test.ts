import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { SchemaDefinition } from '../../src/api/schema-definition.ts';
import { ALL_DEFINITIONS } from '../../src/kinds/index.ts';
import { askBoth } from '../support/both-verdicts.ts';
import { readAccountExamples, readGuides, readKindExamples } from '../support/examples.ts';
import { judgeOfFile } from '../support/file-judge.ts';
import { type ExampleObject, ruleExamples } from '../support/rule-examples.ts';

const judge = judgeOfFile('mixtures');

const STORIES = [...readKindExamples('full'), ...readGuides(), ...readAccountExamples()].flatMap(
  ({ objects }) => objects,
);

/** Each story takes every fourth part: all of them together would take half a minute more and say the same. */
const SHARE = 4;

/** The members of the rules' examples, laid over the objects that our examples show. */
function mixtures(definition: SchemaDefinition): readonly ExampleObject[] {
  const parts = ruleExamples({ ...definition, minimal: {} }).flatMap(({ refused, accepted }) => [refused, accepted]);
  return STORIES.filter(({ kind }) => kind === definition.kind).flatMap(({ spec }, story) =>
    parts
      .filter((_, index) => (index + story) % SHARE === 0)
      .map((part) => ({ ...part, spec: { ...spec, ...part.spec } })),
  );
}

describe('the rules of a kind', () => {
  test.for(ALL_DEFINITIONS)(
    'of $kind have one verdict together, because objects break several at once',
    async (definition) => {
      const objects = mixtures(definition);

      let broken = 0;
      const different = [];
      for (const object of objects) {
        const found = await askBoth(judge, definition, object);
        if (found.operator.rules.length > 0) broken += 1;
        if (!isDeepStrictEqual(found.api, found.operator))
          different.push({ ...found, name: object.metadata.name, spec: JSON.stringify(object.spec) });
      }

      console.log(`${definition.kind}: ${objects.length} mixtures, of which ${broken} break rules`);
      expect(broken).toBeGreaterThan(0);
      expect(different).toEqual([]);
    },
  );
});
