import { createHash } from 'node:crypto';

/** JSON with the keys of every object sorted and `undefined` members left out: equal values give equal text. */
export function stableJson(value: unknown): string {
  return (
    JSON.stringify(value, (_key, member: unknown) => (isPlainObject(member) ? sortKeys(member) : member)) ?? 'null'
  );
}

/** The first `length` hexadecimal digits of the SHA-256 of `stableJson(value)`. */
export function stableHash(value: unknown, length = 32): string {
  return createHash('sha256').update(stableJson(value)).digest('hex').slice(0, length);
}

/** True where both sides have the same `stableJson`. */
export function isEqual(a: unknown, b: unknown): boolean {
  return a === b || stableJson(a) === stableJson(b);
}

export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function sortKeys(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
