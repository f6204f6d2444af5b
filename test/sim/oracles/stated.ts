import { isEqual, isPlainObject } from '../../../src/lib/stable-json.ts';

/** Whether all of the wish is found, with whatever else there is. */
export function isIn(wish: unknown, found: unknown): boolean {
  if (Array.isArray(wish)) {
    return Array.isArray(found) && wish.length === found.length && wish.every((item, at) => isIn(item, found[at]));
  }
  if (!isPlainObject(wish)) return isEqual(wish, found);
  return isPlainObject(found) && Object.entries(wish).every(([name, member]) => isIn(member, found[name]));
}

/** The first of these members that the spec states and that is found to be otherwise. */
export function otherIn(
  members: readonly string[],
  spec: Readonly<Record<string, unknown>>,
  found: object,
): string | undefined {
  const shown = new Map<string, unknown>(Object.entries(found));
  return members.find((member) => (spec[member] ?? undefined) !== undefined && !isIn(spec[member], shown.get(member)));
}
