import type { Structural } from '../../tools/generate-crds.ts';

/** Every field that a value states, without the indices of items: `tags[].key`. What is empty states only itself. */
export function statedPaths(value: unknown, path = ''): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => statedPaths(item, `${path}[]`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const at = path === '' ? name : `${path}.${name}`;
    return [at, ...statedPaths(member, at)];
  });
}

/** Every field that a schema has, in the same words. */
export function fieldPaths(schema: Structural, path = ''): readonly string[] {
  if (schema.items) return fieldPaths(schema.items, `${path}[]`);
  return Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    const at = path === '' ? name : `${path}.${name}`;
    return [at, ...fieldPaths(member, at)];
  });
}
