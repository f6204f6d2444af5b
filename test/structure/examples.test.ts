import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ALL_DEFINITIONS } from '../../src/kinds/index.ts';
import { readAccountExamples, readGuides, readKindExamples } from '../support/examples.ts';
import type { ExampleObject } from '../support/rule-examples.ts';

const GUIDES = readGuides();
const SHOWN = GUIDES.flatMap(({ objects }) => objects);

const EVERY = [...GUIDES, ...readKindExamples('*'), ...readAccountExamples()].flatMap(({ path, objects }) =>
  objects.map((object) => ({ path, kind: object.kind, name: object.metadata.name, object })),
);

/** Names of the objects that an object refers to. */
function referencesOf({ spec }: ExampleObject): readonly string[] {
  return Object.entries({ EcsCluster: spec['clusterRef'], EcsTaskDefinition: spec['taskDefinitionRef'] }).flatMap(
    ([kind, reference]) => (isReference(reference) ? [`${kind} ${reference.name}`] : []),
  );
}

function isReference(value: unknown): value is { readonly name: string } {
  return typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string';
}

describe('the examples', () => {
  test.for(EVERY)('$path: $kind $name is valid, because people copy it', ({ object }) => {
    const definition = ALL_DEFINITIONS.find(({ kind }) => kind === object.kind);
    if (definition === undefined) throw new Error(`no kind ${object.kind}`);

    const parsed = definition.spec.safeParse(object.spec);

    expect(object.apiVersion).toBe(`${definition.group}/${definition.version}`);
    expect(parsed.error?.issues ?? []).toEqual([]);
    // What the schema does not know is dropped by parsing, and would be dropped by the API server.
    expect(parsed.data).toEqual(object.spec);
    expect(definition.check({ name: object.metadata.name, spec: object.spec })).toEqual([]);
  });

  test.for(['EcsTaskDefinition', 'EcsService'])('show ten of %s at least, because one shape proves little', (kind) => {
    const shown = SHOWN.filter((object) => object.kind === kind);

    expect(shown.length).toBeGreaterThanOrEqual(10);
  });

  test('have names of their own, because all of them can be applied to one namespace', () => {
    const names = SHOWN.map((object) => `${object.kind} ${object.metadata.name}`);

    expect(names).toEqual([...new Set(names)]);
  });

  test.for(GUIDES)('$path brings what it refers to, because a story is whole', ({ objects }) => {
    const brought = new Set(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`));

    const missing = objects.flatMap(referencesOf).filter((reference) => !brought.has(reference));

    expect(missing).toEqual([]);
  });

  test('are all listed in their README, because it is how they are found', () => {
    const readme = readFileSync(join(import.meta.dirname, '..', '..', 'examples', 'README.md'), 'utf8');

    const listed = [...readme.matchAll(/\]\(((?:guides|scaling)\/[a-z0-9-]+\.yaml)\)/g)].map(([, file]) => file);

    expect(listed).toEqual(GUIDES.map(({ path }) => relative('examples', path)));
    for (const { path } of readAccountExamples().filter((example) => example.path.startsWith('examples/')))
      expect(readme).toContain(`](${relative('examples', path)})`);
  });
});
