import { isEqual, isPlainObject, stableJson } from '../lib/stable-json.ts';
import type { Difference } from './plan.ts';

export interface DiffOptions {
  /** `whole`: a member on either side counts. `stated`: a member absent from the wish is not ours, whatever its value. */
  readonly mode: 'whole' | 'stated';
  /**
   * Lists whose items have a name, by path without indices (`containerDefinitions.environment`), with the member that
   * names them. They are compared item by item, in any order. Other lists are compared whole and in order: what is a
   * set is sorted by whoever makes the canonical form.
   */
  readonly keyed?: Readonly<Record<string, string>>;
  /** Paths (without indices) of objects that belong to whoever states them: there a member on either side counts. */
  readonly whole?: readonly string[];
  /** Paths (without indices) whose values must not be told; the difference says `(hidden)`. */
  readonly isHidden?: (path: string) => boolean;
}

/** Stands for a value that must not be told. */
export const HIDDEN = '(hidden)';

/**
 * Where the wish and the world differ, both in canonical terms (defaults filled, values in one spelling, absent members
 * left out). Pure; an empty list means equal. Paths read like the spec: `containerDefinitions[web].image`.
 */
export function diff(wanted: unknown, found: unknown, options: DiffOptions): readonly Difference[] {
  return [...compare(wanted, found, { path: '', plain: '', options })];
}

interface Place {
  readonly path: string;
  /** The path without the names of items, to look up tables. */
  readonly plain: string;
  readonly options: DiffOptions;
}

function* compare(wanted: unknown, found: unknown, at: Place): Generator<Difference> {
  if (wanted === undefined && (at.options.mode === 'stated' || found === undefined)) return;
  const key = at.options.keyed?.[at.plain];
  if (key !== undefined && areEither(wanted, found, (side) => isItemList(side, key))) {
    yield* compareItems(itemsOf(wanted), itemsOf(found), key, at);
  } else if (areEither(wanted, found, isPlainObject)) {
    yield* compareMembers(itemOf(wanted), itemOf(found), at);
  } else if (!isEqual(wanted, found)) {
    const isHidden = at.options.isHidden?.(at.plain) ?? false;
    yield isHidden ? { path: at.path, wanted: HIDDEN, found: HIDDEN } : { path: at.path, wanted, found };
  }
}

type Item = Readonly<Record<string, unknown>>;

/** True where both sides are of that form, or one is and the other is not there. */
function areEither(wanted: unknown, found: unknown, isOf: (side: unknown) => boolean): boolean {
  return (wanted === undefined || isOf(wanted)) && (found === undefined || isOf(found));
}

/** A list of objects that can be told apart by `key`. With a key twice they cannot: such a list is compared whole. */
function isItemList(value: unknown, key: string): boolean {
  if (!Array.isArray(value) || !value.every(isPlainObject)) return false;
  return new Set(value.map((one) => nameOf(one, key))).size === value.length;
}

function nameOf(one: Item, key: string): string {
  const name = one[key];
  return typeof name === 'string' ? name : stableJson(name);
}

function itemsOf(side: unknown): readonly Item[] {
  return Array.isArray(side) ? side.filter(isPlainObject) : [];
}

function itemOf(side: unknown): Item {
  return isPlainObject(side) ? side : {};
}

function* compareMembers(wanted: Item, found: Item, at: Place): Generator<Difference> {
  const within = at.options.whole?.includes(at.plain)
    ? { ...at, options: { ...at.options, mode: 'whole' as const } }
    : at;
  const names =
    within.options.mode === 'whole' ? new Set([...Object.keys(wanted), ...Object.keys(found)]) : Object.keys(wanted);
  for (const name of names) yield* compare(own(wanted, name), own(found, name), member(within, name));
}

/** A label may be called `constructor`: what is inherited does not count. */
function own(side: Item, name: string): unknown {
  return Object.hasOwn(side, name) ? side[name] : undefined;
}

function* compareItems(wanted: readonly Item[], found: readonly Item[], key: string, at: Place): Generator<Difference> {
  const foundByName = new Map(found.map((one) => [nameOf(one, key), one]));
  for (const one of wanted) {
    const name = nameOf(one, key);
    yield* compareItem(one, foundByName.get(name), name, at);
    foundByName.delete(name);
  }
  // An item that nobody wished for counts even where only what is stated is compared: the list itself was stated.
  for (const [name, one] of foundByName) yield* compareItem(undefined, one, name, at);
}

function* compareItem(
  wanted: Item | undefined,
  found: Item | undefined,
  name: string,
  at: Place,
): Generator<Difference> {
  const place = { ...at, path: `${at.path}[${name}]` };
  if (wanted !== undefined && found !== undefined) {
    yield* compareMembers(wanted, found, place);
    return;
  }
  const isHidden = at.options.isHidden?.(at.plain) ?? false;
  yield isHidden
    ? { path: place.path, wanted: wanted && HIDDEN, found: found && HIDDEN }
    : { path: place.path, wanted, found };
}

function member(at: Place, name: string): Place {
  const join = (path: string): string => (path === '' ? name : `${path}.${name}`);
  return { ...at, path: join(at.path), plain: join(at.plain) };
}
