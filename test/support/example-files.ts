import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { SchemaDefinition } from '../../src/api/schema-definition.ts';
import type { ExampleObject } from './rule-examples.ts';

const KINDS = join(import.meta.dirname, '..', '..', 'src', 'kinds');

/** The objects of one of a kind's example files, in order. */
export function readExamples(definition: SchemaDefinition, file: 'minimal' | 'full'): readonly ExampleObject[] {
  const text = readFileSync(join(KINDS, folderOf(definition.kind), 'examples', `${file}.yaml`), 'utf8');
  return parseAllDocuments(text).map((document) => {
    if (document.errors[0]) throw document.errors[0];
    return document.toJS() as ExampleObject;
  });
}

/** `EcsTaskDefinition` → `ecs-task-definition`. */
function folderOf(kind: string): string {
  return kind.replaceAll(/(?<=.)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}
