import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { NormalizedSchema } from '@smithy/core/schema';
import type { SchemaRef, StaticOperationSchema } from '@smithy/types';
import { API_SERVICES, type ApiService, actionIn } from './api-services.ts';

/** The schema of an action's input, as the SDK itself serialises it; undefined for an action that it does not know. */
export function inputSchemaOf(action: string): NormalizedSchema | undefined {
  const known = OPERATION_SCHEMAS.get(action);
  return known === undefined ? undefined : NormalizedSchema.of(known[4]);
}

/** Those members of a structure that must be there. They come first in a static schema; its seventh element counts them. */
export function requiredMembersOf(structure: NormalizedSchema): readonly string[] {
  const schema: SchemaRef = structure.getSchema();
  if (!Array.isArray(schema)) return [];
  const [names, count] = [schema[4] as unknown, schema[6] as unknown];
  return Array.isArray(names) && typeof count === 'number' ? names.slice(0, count).map(String) : [];
}

/**
 * The values that a member may have, where the SDK lists them. In its schemas an enum is a plain string; which one it
 * is stands only in its type declarations.
 */
export function enumOf(structure: string, member: string): readonly string[] | undefined {
  memberTypes ??= readMemberTypes();
  return ENUMS.get(memberTypes.get(`${structure}.${member}`) ?? '');
}

const OPERATION_SCHEMAS: ReadonlyMap<string, StaticOperationSchema> = new Map(
  API_SERVICES.flatMap((service) =>
    Object.entries(service.sdk).flatMap(([name, value]): [string, StaticOperationSchema][] =>
      name.endsWith('$') && Array.isArray(value) && (value as readonly unknown[])[0] === 9
        ? [[actionIn(service, name.slice(0, -1)), value as unknown as StaticOperationSchema]]
        : [],
    ),
  ),
);

const ENUMS: ReadonlyMap<string, readonly string[]> = new Map(
  API_SERVICES.flatMap(({ sdk }) => Object.entries(sdk)).flatMap(([name, value]): [string, string[]][] => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
    const values: unknown[] = Object.values(value);
    return values.every((item) => typeof item === 'string') ? [[name, values]] : [];
  }),
);

let memberTypes: ReadonlyMap<string, string> | undefined;

/** Both services together: no structure with an enum has a namesake in the other. */
function readMemberTypes(): ReadonlyMap<string, string> {
  return new Map(API_SERVICES.flatMap((service) => [...memberTypesOf(service)]));
}

function memberTypesOf({ packageName }: ApiService): ReadonlyMap<string, string> {
  const root = dirname(createRequire(import.meta.url).resolve(`${packageName}/package.json`));
  const models = join(root, 'dist-types', 'models');
  const types = new Map<string, string>();
  for (const file of readdirSync(models).filter((name) => /^models_\d+\.d\.ts$/.test(name))) {
    const text = readFileSync(join(models, file), 'utf8');
    for (const [, structure, body] of text.matchAll(/^export interface (\w+)[^{]*\{(.*?)^\}/gms)) {
      for (const [, member, type] of (body ?? '').matchAll(/^ {4}(\w+)\??: (\w+)/gm)) {
        types.set(`${structure}.${member}`, type ?? '');
      }
    }
  }
  return types;
}
