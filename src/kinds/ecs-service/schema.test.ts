import { describe, expect, test } from 'vitest';
import { readKindExamples } from '../../../test/support/examples.ts';
import { fieldPaths, statedPaths } from '../../../test/support/stated-paths.ts';
import { structural } from '../../../tools/generate-crds.ts';
import { ecsServiceDefinition } from './definition.ts';

const FILES = ['minimal', 'full'] as const;

const EXAMPLES = FILES.flatMap((file) => examplesIn(file).map((object) => ({ file, object })));

describe.each(EXAMPLES)('$object.metadata.name in $file.yaml of EcsService', ({ object }) => {
  test('fits the schema member by member, because unknown ones would be dropped in silence', () => {
    const parsed = ecsServiceDefinition.spec.parse(object.spec);

    expect(parsed).toEqual(object.spec);
  });

  test('keeps every rule, because users begin from it', () => {
    const spec = ecsServiceDefinition.spec.parse(object.spec);

    expect(ecsServiceDefinition.check({ name: object.metadata.name, spec })).toEqual([]);
  });
});

test('full.yaml of EcsService states every field, because silence is tested with it', () => {
  const stated = new Set(examplesIn('full').flatMap(({ spec }) => statedPaths(spec)));
  const fields = fieldPaths(structural(ecsServiceDefinition.spec));

  expect(fields.filter((path) => !stated.has(path))).toEqual([]);
});

test('the minimal spec of EcsService is valid, because the examples of the rules are laid over it', () => {
  const { minimal } = ecsServiceDefinition;

  expect(ecsServiceDefinition.spec.parse(minimal)).toEqual(minimal);
  expect(ecsServiceDefinition.check({ name: 'minimal', spec: minimal })).toEqual([]);
});

function examplesIn(file: (typeof FILES)[number]) {
  const objects = readKindExamples(file).flatMap((example) => example.objects);
  return objects.filter(({ kind }) => kind === ecsServiceDefinition.kind);
}
