import {
  type Arbitrary,
  array,
  boolean,
  constant,
  constantFrom,
  dictionary,
  double,
  integer,
  nat,
  oneof,
  record,
  sample,
  string,
  uniqueArray,
} from 'fast-check';
import type { Fragment } from '../../src/api/rule.ts';
import type { SchemaDefinition } from '../../src/api/schema-definition.ts';
import { isPlainObject } from '../../src/lib/stable-json.ts';
import { type Structural, structural } from '../../tools/generate-crds.ts';
import { readGuides, readKindExamples } from './examples.ts';
import { ruleExamples } from './rule-examples.ts';

/** Any spec that fits the schema of a kind. Rules between its members may be broken. */
export function specs(definition: SchemaDefinition): Arbitrary<Fragment> {
  const { schema, words } = sourceOf(definition);
  return objects(schema, { path: '', words, absences: 6 }) as Arbitrary<Fragment>;
}

/** Which member of which object within a spec, around again where there are fewer; and the dice for its value. */
export interface Redraw {
  readonly place: number;
  readonly member: number;
  readonly isDropped: boolean;
  readonly seed: number;
}

export const redraws: Arbitrary<Redraw> = record({
  // Half of them at the top, which is one place among many.
  place: oneof(constant(0), nat(10_000)),
  member: nat(10_000),
  isDropped: boolean(),
  seed: nat(1_000_000_000),
});

/** The spec with one member, at any depth, drawn anew or, where it is not required, taken out. */
export function redraw(definition: SchemaDefinition, spec: Fragment, { place, member, ...dice }: Redraw): Fragment {
  const { schema, words } = sourceOf(definition);
  const places = placesIn(spec, schema, { path: '', set: (value) => value });
  const chosen = places[place % places.length];
  const [name, node] = Object.entries(chosen?.schema.properties ?? {}).at(member % membersOf(chosen)) ?? [];
  if (chosen === undefined || name === undefined || node === undefined) return spec;
  const { [name]: _, ...others } = chosen.value;
  if (dice.isDropped && !requiredOf(chosen.schema).includes(name)) return chosen.set(others) as Fragment;
  const at = { path: chosen.path === '' ? name : `${chosen.path}.${name}`, words, absences: 1 };
  const [value] = sample(values(node, at), { seed: dice.seed, numRuns: 1 });
  return chosen.set({ ...others, [name]: value }) as Fragment;
}

/** Whether a key stands twice in a keyed list, which the API server refuses and the operator need not look for. */
export function hasKeyTwice(definition: SchemaDefinition, spec: Fragment): boolean {
  return isKeyTwiceIn(spec, sourceOf(definition).schema);
}

function isKeyTwiceIn(value: unknown, schema: Structural): boolean {
  if (isPlainObject(value)) {
    return Object.entries(schema.properties ?? {}).some(([name, member]) => isKeyTwiceIn(value[name], member));
  }
  if (!Array.isArray(value)) return false;
  const key = keyOf(schema);
  const keys = new Set(value.map((item: unknown) => (isPlainObject(item) && key !== undefined ? item[key] : item)));
  if (key !== undefined && keys.size < value.length) return true;
  return value.some((item) => isKeyTwiceIn(item, schema.items ?? {}));
}

/** The member by which the items of a list are told apart. */
function keyOf(list: Structural): string | undefined {
  const keys = list['x-kubernetes-list-map-keys'];
  return Array.isArray(keys) ? String(keys[0]) : undefined;
}

/** Texts and numbers that stand at a path in some example: only with those ECS finds what the spec refers to. */
type Words = ReadonlyMap<string, readonly unknown[]>;

interface Source {
  readonly schema: Structural;
  readonly words: Words;
}

const SOURCES = new Map<SchemaDefinition, Source>();

function sourceOf(definition: SchemaDefinition): Source {
  const known = SOURCES.get(definition);
  if (known !== undefined) return known;
  const examples = [...readGuides(), ...readKindExamples('*')].flatMap((example) => example.objects);
  const accepted = ruleExamples(definition).map((example) => example.accepted);
  const words = new Map<string, unknown[]>();
  for (const { kind, spec } of [...examples, ...accepted]) if (kind === definition.kind) collect(spec, '', words);
  const source = { schema: structural(definition.spec), words };
  SOURCES.set(definition, source);
  return source;
}

function collect(value: unknown, path: string, words: Map<string, unknown[]>): void {
  if (Array.isArray(value)) for (const item of value) collect(item, `${path}[]`, words);
  else if (isPlainObject(value)) {
    for (const [name, member] of Object.entries(value)) collect(member, path === '' ? name : `${path}.${name}`, words);
  } else words.set(path, [...(words.get(path) ?? []), value]);
}

interface Place {
  readonly path: string;
  readonly words: Words;
  /** So many times an optional member is left out for once that it is stated. */
  readonly absences: number;
}

function values(node: Structural, at: Place): Arbitrary<unknown> {
  const { type, enum: known, items, additionalProperties: entries } = node;
  if (Array.isArray(known)) return constantFrom<unknown[]>(...(known as unknown[]));
  if (type === 'boolean') return boolean();
  if (type === 'string') return orWord(texts(node), at);
  if (type === 'integer' || type === 'number') return orWord(numbers(node), at);
  if (items !== undefined) return lists(node, items, { ...at, path: `${at.path}[]` });
  if (entries !== undefined) return dictionary(texts({}), values(entries, at), { maxKeys: 3, noNullPrototype: true });
  return objects(node, at);
}

interface Weighted {
  readonly arbitrary: Arbitrary<unknown>;
  readonly weight: number;
}

function orWord(any: Arbitrary<unknown>, { path, words }: Place): Arbitrary<unknown> {
  const found = words.get(path);
  if (found === undefined) return any;
  return oneof({ arbitrary: constantFrom(...found), weight: 3 }, { arbitrary: any, weight: 1 });
}

/** Letters that all patterns take. */
const LETTERS = constantFrom('a', 'b', 'c', 'x', 'y', 'z', '0', '1', '8', '9');

function texts({ minLength, maxLength }: Structural): Arbitrary<string> {
  const most = Math.min(Number(maxLength ?? 12), 12);
  return string({ unit: LETTERS, minLength: Number(minLength ?? 0), maxLength: most });
}

function numbers({ type, minimum, maximum }: Structural): Arbitrary<number> {
  const min = Number(minimum ?? 0);
  const max = Number(maximum ?? 100_000);
  const any = type === 'integer' ? integer({ min, max }) : double({ min, max, noNaN: true }).map(roundToTenths);
  return oneof(
    any,
    integer({ min: Math.ceil(min), max: Math.min(Math.floor(max), Math.ceil(min) + 10) }),
    constantFrom(min, max),
  );
}

function roundToTenths(value: number): number {
  return Math.round(value * 10) / 10;
}

function lists(list: Structural, items: Structural, at: Place): Arbitrary<unknown[]> {
  const key = keyOf(list);
  const minLength = Number(list['minItems'] ?? 0);
  const bounds = { minLength, maxLength: Math.max(minLength, Math.min(Number(list['maxItems'] ?? 3), 3)) };
  if (key === undefined) return array(values(items, at), bounds);
  return uniqueArray(values(items, at), { ...bounds, selector: (item) => (item as Fragment)[key] });
}

function objects(node: Structural, at: Place): Arbitrary<unknown> {
  const required = requiredOf(node);
  const entries = Object.entries(node.properties ?? {}).map(([name, member]) => {
    const value = values(member, { ...at, path: at.path === '' ? name : `${at.path}.${name}`, absences: 1 });
    if (required.includes(name)) return [name, value] as const;
    const absent = { arbitrary: constant(undefined), weight: at.absences };
    return [name, oneof<Weighted[]>(absent, { arbitrary: value, weight: 1 })] as const;
  });
  return record(Object.fromEntries(entries), { noNullPrototype: true }).map((drawn) =>
    Object.fromEntries(Object.entries(drawn).filter(([, value]) => value !== undefined)),
  );
}

function requiredOf({ required }: Structural): readonly unknown[] {
  return Array.isArray(required) ? required : [];
}

interface Spot {
  readonly value: Fragment;
  readonly schema: Structural;
  readonly path: string;
  /** The whole spec with something else there. */
  set(value: unknown): unknown;
}

/** Every object within a spec that has members of its own. */
function placesIn(value: unknown, schema: Structural, { path, set }: Pick<Spot, 'path' | 'set'>): readonly Spot[] {
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown, index) =>
      placesIn(item, schema.items ?? {}, { path: `${path}[]`, set: (next) => set(value.with(index, next)) }),
    );
  }
  if (!isPlainObject(value) || schema.properties === undefined) return [];
  const below = Object.entries(schema.properties).flatMap(([name, member]) =>
    placesIn(value[name], member, {
      path: path === '' ? name : `${path}.${name}`,
      set: (next) => set({ ...value, [name]: next }),
    }),
  );
  return [{ value, schema, path, set }, ...below];
}

function membersOf(spot: Spot | undefined): number {
  return Object.keys(spot?.schema.properties ?? {}).length;
}
