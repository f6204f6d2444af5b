import { createHash } from 'node:crypto';

/** JSON with the keys of every object sorted and `undefined` members left out: equal values give equal text. */
export function stableJson(value: unknown): string {
  return (
    JSON.stringify(value, (_key, member: unknown) => (isPlainObject(member) ? sortKeys(member) : member)) ?? 'null'
  );
}

/** The first `length` hexadecimal digits of the SHA-256 of `stableJson(value)`. */
export function stableHash(value: unknown, length = 32): string {
  const digest = createHash('sha256').update(stableJson(value)).digest();
  // A slice of the whole text would hold on to it, and many a hash is kept for long.
  return digest.toString('hex', 0, Math.ceil(length / 2)).slice(0, length);
}

/** True where both sides have the same `stableJson`, which is written only where a look at the members does not tell. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) return areEqualLists(a, b);
  if (hasMembers(a) && hasMembers(b)) return haveEqualMembers(a, b);
  return stableJson(a) === stableJson(b);
}

function areEqualLists(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, index) => isEqual(item, b[index]));
}

/** Whether its text is that of its members, and of nothing else. */
function hasMembers(value: unknown): value is Readonly<Record<string, unknown>> {
  return isPlainObject(value) && typeof value['toJSON'] !== 'function';
}

function haveEqualMembers(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): boolean {
  const names = statedNames(a);
  return (
    names.length === statedNames(b).length &&
    names.every((name) => Object.hasOwn(b, name) && !isLeftOut(b[name]) && isEqual(a[name], b[name]))
  );
}

function statedNames(value: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.keys(value).filter((name) => !isLeftOut(value[name]));
}

/** JSON has no word for it. */
function isLeftOut(member: unknown): boolean {
  return member === undefined || typeof member === 'function' || typeof member === 'symbol';
}

export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function sortKeys(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
