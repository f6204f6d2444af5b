import { describe, expect, test } from 'vitest';
import { readAccountExamples } from '../../../test/support/examples.ts';
import { fieldPaths, statedPaths } from '../../../test/support/stated-paths.ts';
import { structural } from '../../../tools/generate-crds.ts';
import { ecsAccountDefinition } from './definition.ts';

const FILES = ['minimal', 'full'] as const;

const EXAMPLES = FILES.flatMap((file) => examplesIn(file).map((object) => ({ file, object })));

describe.each(EXAMPLES)('$object.metadata.name in $file.yaml of EcsAccount', ({ object }) => {
  test('fits the schema member by member, because unknown ones would be dropped in silence', () => {
    const parsed = ecsAccountDefinition.spec.parse(object.spec);

    expect(parsed).toEqual(object.spec);
  });

  test('keeps every rule, because users begin from it', () => {
    const spec = ecsAccountDefinition.spec.parse(object.spec);

    expect(ecsAccountDefinition.check({ name: object.metadata.name, spec })).toEqual([]);
  });
});

test('full.yaml of EcsAccount states every field, because it is where people look', () => {
  const stated = new Set(examplesIn('full').flatMap(({ spec }) => statedPaths(spec)));
  const fields = fieldPaths(structural(ecsAccountDefinition.spec));

  expect(fields.filter((path) => !stated.has(path))).toEqual([]);
});

test('the minimal spec of EcsAccount is valid, because the examples of the rules are laid over it', () => {
  const { minimal } = ecsAccountDefinition;

  expect(ecsAccountDefinition.spec.parse(minimal)).toEqual(minimal);
  expect(ecsAccountDefinition.check({ name: 'minimal', spec: minimal })).toEqual([]);
});

function examplesIn(file: (typeof FILES)[number]) {
  return readAccountExamples()
    .filter(({ path }) => path.endsWith(`/ecs-account/examples/${file}.yaml`))
    .flatMap(({ objects }) => objects);
}
