import { isEqual, isPlainObject } from '../../lib/stable-json.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * The JSON merge patch that makes `next` of `current`: members that vanished are null, lists are replaced whole.
 * Undefined where both are equal, so that nothing need be written.
 */
export function mergePatchOf(current: Json, next: Json): Json | undefined {
  const patch: Record<string, unknown> = {};
  for (const name of new Set([...Object.keys(current), ...Object.keys(next)])) {
    const [before, after] = [current[name], next[name]];
    if (isEqual(before, after)) continue;
    const isNested = isPlainObject(before) && isPlainObject(after);
    patch[name] = isNested ? mergePatchOf(before, after) : (withoutUndefined(after) ?? null);
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}

function withoutUndefined(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
