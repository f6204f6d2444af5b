import { describe, expect, test } from 'vitest';
import { readKindExamples } from '../../../test/support/examples.ts';
import { fieldPaths, statedPaths } from '../../../test/support/stated-paths.ts';
import { structural } from '../../../tools/generate-crds.ts';
import { ecsTaskDefinitionDefinition } from './definition.ts';

const FILES = ['minimal', 'full'] as const;

const EXAMPLES = FILES.flatMap((file) => examplesIn(file).map((object) => ({ file, object })));

describe.each(EXAMPLES)('$object.metadata.name in $file.yaml of EcsTaskDefinition', ({ object }) => {
  test('fits the schema member by member, because unknown ones would be dropped in silence', () => {
    const parsed = ecsTaskDefinitionDefinition.spec.parse(object.spec);

    expect(parsed).toEqual(object.spec);
  });

  test('keeps every rule, because users begin from it', () => {
    const spec = ecsTaskDefinitionDefinition.spec.parse(object.spec);

    expect(ecsTaskDefinitionDefinition.check({ name: object.metadata.name, spec })).toEqual([]);
  });
});

test('full.yaml of EcsTaskDefinition states every field, because silence is tested with it', () => {
  const stated = new Set(examplesIn('full').flatMap(({ spec }) => statedPaths(spec)));
  const fields = fieldPaths(structural(ecsTaskDefinitionDefinition.spec));

  expect(fields.filter((path) => !stated.has(path))).toEqual([]);
});

test('the minimal spec of EcsTaskDefinition is valid, because the examples of the rules are laid over it', () => {
  const { minimal } = ecsTaskDefinitionDefinition;

  expect(ecsTaskDefinitionDefinition.spec.parse(minimal)).toEqual(minimal);
  expect(ecsTaskDefinitionDefinition.check({ name: 'minimal', spec: minimal })).toEqual([]);
});

function examplesIn(file: (typeof FILES)[number]) {
  const objects = readKindExamples(file).flatMap((example) => example.objects);
  return objects.filter(({ kind }) => kind === ecsTaskDefinitionDefinition.kind);
}
