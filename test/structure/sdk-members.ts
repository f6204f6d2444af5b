import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as scaling from '@aws-sdk/client-application-auto-scaling';
import * as ecs from '@aws-sdk/client-ecs';
import { NormalizedSchema } from '@smithy/core/schema';
import type { SchemaRef, StaticOperationSchema } from '@smithy/types';

/** The operations of both services that are asked about here have different names, and so have their structures with enums. */
const sdk = { ...scaling, ...ecs };
const PACKAGES = ['@aws-sdk/client-application-auto-scaling', '@aws-sdk/client-ecs'];

/** A member of an operation's input, with what the SDK knows of it. */
export interface SdkMember {
  readonly shape: 'boolean' | 'number' | 'string' | 'list' | 'map' | 'structure' | 'document';
  readonly isRequired: boolean;
  /** The values that the SDK lists, where it lists any. */
  readonly values?: readonly string[];
}

/** The members of an operation's input by path: `containerDefinitions[].image`. Items of a list are `path[]`. */
export function membersOf(operation: string): ReadonlyMap<string, SdkMember> {
  const schema = Object.entries(sdk).find(([name]) => name === `${operation}$`)?.[1] as StaticOperationSchema;
  const members = new Map<string, SdkMember>();
  collect(NormalizedSchema.of(schema[4]), '', undefined, members);
  return members;
}

function collect(
  schema: NormalizedSchema,
  path: string,
  enumType: string | undefined,
  members: Map<string, SdkMember>,
): void {
  if (schema.isListSchema()) {
    const item = schema.getValueSchema();
    add(item, `${path}[]`, true, enumType, members);
    collect(item, `${path}[]`, enumType, members);
  }
  if (!schema.isStructSchema()) return;
  const required = requiredCount(schema.getSchema());
  const structure = schema.getName() ?? '';
  let index = 0;
  for (const [name, member] of schema.structIterator()) {
    const at = path === '' ? name : `${path}.${name}`;
    const type = TYPES.get(`${structure}.${name}`);
    add(member, at, index < required, type, members);
    collect(member, at, type, members);
    index += 1;
  }
}

function add(
  schema: NormalizedSchema,
  path: string,
  isRequired: boolean,
  enumType: string | undefined,
  members: Map<string, SdkMember>,
): void {
  const shape = shapeOf(schema);
  const values = shape === 'string' ? valuesOf(enumType) : undefined;
  members.set(path, { shape, isRequired, ...(values && { values }) });
}

/** The members of a static structure begin with the required ones; the seventh element says how many there are. */
function requiredCount(schema: SchemaRef): number {
  return Array.isArray(schema) && typeof schema[6] === 'number' ? schema[6] : 0;
}

function shapeOf(schema: NormalizedSchema): SdkMember['shape'] {
  if (schema.isListSchema()) return 'list';
  if (schema.isMapSchema()) return 'map';
  if (schema.isStructSchema()) return 'structure';
  if (schema.isBooleanSchema()) return 'boolean';
  if (schema.isNumericSchema()) return 'number';
  if (schema.isDocumentSchema()) return 'document';
  return 'string';
}

/** The SDK exports each enum as an object of its values, under the name that its types use. */
function valuesOf(type: string | undefined): readonly string[] | undefined {
  const found: unknown = Object.entries(sdk).find(([name]) => name === type)?.[1];
  if (typeof found !== 'object' || found === null) return undefined;
  return Object.values(found).map(String);
}

/**
 * The type of each member by `Structure.member`, without `[]`. Enums are plain strings in the schema that the SDK
 * serialises with, so their names are read from its declarations.
 */
const TYPES: ReadonlyMap<string, string> = readTypes();

function readTypes(): ReadonlyMap<string, string> {
  const types = new Map<string, string>();
  for (const file of PACKAGES.flatMap(modelsOf)) {
    const text = readFileSync(file, 'utf8');
    for (const [, kind, structure, body] of text.matchAll(
      /^export (interface|declare namespace) (\w+)[^{]*\{(.*?)^\}/gms,
    )) {
      const member = kind === 'interface' ? /^ {4}(\w+)\??: (\w+)/gm : /^ {8}(\w+): (\w+);/gm;
      for (const [, name, type] of (body ?? '').matchAll(member)) types.set(`${structure}.${name}`, type ?? '');
    }
  }
  return types;
}

function modelsOf(packageName: string): readonly string[] {
  const root = dirname(createRequire(import.meta.url).resolve(`${packageName}/package.json`));
  const models = join(root, 'dist-types', 'models');
  return readdirSync(models)
    .filter((name) => /^models_\d+\.d\.ts$/.test(name))
    .map((name) => join(models, name));
}
