import { globSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import type { ExampleObject } from './rule-examples.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** Neither namespace nor status: an example is what a user writes. */
const ParsedExample = z.strictObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.strictObject({ name: z.string() }),
  spec: z.record(z.string(), z.unknown()),
});

export interface Example {
  /** From the root of the project. */
  readonly path: string;
  readonly objects: readonly ExampleObject[];
}

/** The stories of `examples`, each of which stands for itself. */
export function readGuides(): readonly Example[] {
  return [...read('examples/guides/*.yaml'), ...read('examples/scaling/*.yaml')];
}

/** What the folder of each kind that stands for something in ECS shows of it: `minimal.yaml` and `full.yaml`. */
export function readKindExamples(name: 'minimal' | 'full' | '*'): readonly Example[] {
  return read(`src/kinds/ecs-{cluster,service,task-definition}/examples/${name}.yaml`);
}

/** What is shown of accounts, in their own folder and in `examples`. They live in no namespace. */
export function readAccountExamples(): readonly Example[] {
  return [...read('src/kinds/ecs-account/examples/*.yaml'), ...read('examples/accounts/*.yaml')];
}

function read(pattern: string): readonly Example[] {
  return globSync(join(ROOT, pattern))
    .toSorted()
    .map((file) => ({ path: relative(ROOT, file), objects: parseObjects(readFileSync(file, 'utf8')) }));
}

function parseObjects(text: string): readonly ExampleObject[] {
  return parseAllDocuments(text).map((document) => {
    const [error] = 'errors' in document ? document.errors : [];
    if (error !== undefined) throw error;
    return ParsedExample.parse(document.toJS());
  });
}
