import { describe, expect, test } from 'vitest';
import { readKindExamples } from '../../../test/support/examples.ts';
import { fieldPaths, statedPaths } from '../../../test/support/stated-paths.ts';
import { structural } from '../../../tools/generate-crds.ts';
import { ecsClusterDefinition } from './definition.ts';

const FILES = ['minimal', 'full'] as const;

const EXAMPLES = FILES.flatMap((file) => examplesIn(file).map((object) => ({ file, object })));

describe.each(EXAMPLES)('$object.metadata.name in $file.yaml of EcsCluster', ({ object }) => {
  test('fits the schema member by member, because unknown ones would be dropped in silence', () => {
    const parsed = ecsClusterDefinition.spec.parse(object.spec);

    expect(parsed).toEqual(object.spec);
  });

  test('keeps every rule, because users begin from it', () => {
    const spec = ecsClusterDefinition.spec.parse(object.spec);

    expect(ecsClusterDefinition.check({ name: object.metadata.name, spec })).toEqual([]);
  });
});

test('full.yaml of EcsCluster states every field, because silence is tested with it', () => {
  const stated = new Set(examplesIn('full').flatMap(({ spec }) => statedPaths(spec)));
  const fields = fieldPaths(structural(ecsClusterDefinition.spec));

  expect(fields.filter((path) => !stated.has(path))).toEqual([]);
});

test('the minimal spec of EcsCluster is valid, because the examples of the rules are laid over it', () => {
  const { minimal } = ecsClusterDefinition;

  expect(ecsClusterDefinition.spec.parse(minimal)).toEqual(minimal);
  expect(ecsClusterDefinition.check({ name: 'minimal', spec: minimal })).toEqual([]);
});

function examplesIn(file: (typeof FILES)[number]) {
  const objects = readKindExamples(file).flatMap((example) => example.objects);
  return objects.filter(({ kind }) => kind === ecsClusterDefinition.kind);
}
