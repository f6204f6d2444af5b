import { stableJson } from '../lib/stable-json.ts';

/**
 * How one value is brought into its one spelling.
 *
 * - `drop` leaves out whatever equals its default, so that a default that was stated, one that ECS filled in and one
 *   that nobody mentioned are the same. For what is compared as a whole.
 * - `fill` puts every default in, however deep. For what ECS shows of a resource of which only a part is compared.
 * - `keep` changes spellings only: what is stated stays stated. For the wish of such a resource.
 *
 * Members that a form does not know are left out: what ECS adds one day is no difference.
 */
export type Mode = 'drop' | 'fill' | 'keep';

export type Form = (value: unknown, mode: Mode) => unknown;

/** Null, an absent member and the empty text are one and the same to ECS (rules G1, T48). */
function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

/** A text, number or flag with the default that it has where absent, and optionally one spelling for several. */
export function leaf(
  fallback?: string | number | boolean,
  spell: (value: unknown) => unknown = (value) => value,
): Form {
  return (value, mode) => {
    if (isAbsent(value)) return mode === 'fill' || (mode === 'keep' && value === '') ? fallback : undefined;
    const spelled = spell(value);
    return mode === 'drop' && spelled === fallback ? undefined : spelled;
  };
}

/** One form for every member of `T`: the compiler finds the member that was forgotten. */
export type MemberForms<T> = { readonly [Name in keyof Required<T>]: Form };

/** An object by its members. Without members it is as absent. */
export function members<T>(forms: MemberForms<T>): Form {
  const entries: readonly (readonly [string, Form])[] = Object.entries<Form>(forms);
  return (value, mode) => {
    if (isAbsent(value) && mode !== 'fill') return undefined;
    const source = asRecord(value);
    const result = entries
      .map(([name, form]) => [name, form(source[name], mode)] as const)
      .filter(([, member]) => member !== undefined);
    if (result.length === 0 && mode === 'drop') return undefined;
    return Object.fromEntries(result);
  };
}

/** What is compared as a whole wherever it is stated, within a resource of which only a part is compared. */
export function whole(form: Form): Form {
  return (value) => form(value, 'drop');
}

/**
 * An object that means something by being there: with any member stated its defaults are put in, so that it never
 * vanishes because all it states is the default. Without members it is as absent.
 */
export function presence<T>(forms: MemberForms<T>): Form {
  const form = members(forms);
  return (value) => (Object.keys(asRecord(value)).length === 0 ? undefined : form(value, 'fill'));
}

/** A list whose order has a meaning. Its items are compared whole. */
export function ordered(item: Form = leaf()): Form {
  return listOf(item, (items) => items);
}

/** A list whose order has none. */
export function set(item: Form = leaf()): Form {
  return listOf(item, (items) => items.toSorted((a, b) => byText(stableJson(a), stableJson(b))));
}

/** A list whose items have a name, sorted by it. */
export function keyed(key: string, item: Form): Form {
  return listOf(item, (items) =>
    items.toSorted((a, b) => byText(keyText(a, key), keyText(b, key)) || byText(stableJson(a), stableJson(b))),
  );
}

/**
 * A map of texts. The order of keys has no meaning, an empty text has one, and those in `defaults` are left out where
 * they say the default.
 */
export function textMap(defaults: Readonly<Record<string, string>> = {}): Form {
  return (value, mode) => {
    if (isAbsent(value) && mode !== 'fill') return undefined;
    const entries = Object.entries(asRecord(value)).filter(
      ([key, text]) => text !== undefined && text !== null && !(mode === 'drop' && defaults[key] === text),
    );
    return entries.length === 0 && mode === 'drop' ? undefined : Object.fromEntries(entries);
  };
}

function listOf(item: Form, arrange: (items: unknown[]) => unknown[]): Form {
  return (value, mode) => {
    if (isAbsent(value) && mode !== 'fill') return undefined;
    const items = Array.isArray(value) ? value.map((one) => item(one, 'drop') ?? '') : [];
    return items.length === 0 && mode === 'drop' ? undefined : arrange(items);
  };
}

function keyText(item: unknown, key: string): string {
  const value = asRecord(item)[key];
  return typeof value === 'string' ? value : stableJson(value);
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
