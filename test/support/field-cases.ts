import type { Structural } from '../../tools/generate-crds.ts';

/** One bound of one member: a spec just past it, and one just within it, where there are such values. */
export interface FieldCase {
  /** Of the schema, with `[]` for items and `{}` for values of a map. */
  readonly path: string;
  /** Which word of the schema is asked. */
  readonly keyword: string;
  readonly past?: unknown;
  readonly within?: unknown;
  /** A spec that both sides must only judge alike. */
  readonly disputed?: unknown;
}

interface Place {
  readonly path: string;
  /** Whether null says the same as leaving it out: the API server drops such members before it looks. */
  readonly isDroppedWhenNull: boolean;
  /** A whole spec with this value at the place, and everything required around it. */
  build(value: unknown): unknown;
}

/** Every bound, enum, pattern, type and required member of a schema. Rules between members may be broken on the way. */
export function fieldCases(schema: Structural): readonly FieldCase[] {
  return below(schema, { path: '', isDroppedWhenNull: false, build: (value) => value });
}

function casesAt(node: Structural, place: Place): readonly FieldCase[] {
  const own = [...ownCases(node), nullCase(place)].map(({ keyword, past, within, disputed }) => ({
    path: place.path,
    keyword,
    ...(past !== undefined && { past: place.build(past) }),
    ...(within !== undefined && { within: place.build(within) }),
    ...(disputed !== undefined && { disputed: place.build(disputed) }),
  }));
  return [...own, ...below(node, place)];
}

function below(node: Structural, { path, build }: Place): readonly FieldCase[] {
  const members = Object.entries(node.properties ?? {}).flatMap(([name, member]) =>
    casesAt(member, {
      path: path === '' ? name : `${path}.${name}`,
      isDroppedWhenNull: !requiredOf(node).includes(name),
      build: (value) => build({ ...asRecord(sample(node)), [name]: value }),
    }),
  );
  const { items, additionalProperties: values } = node;
  const item = { path: `${path}[]`, isDroppedWhenNull: false, build: (value: unknown) => build([value]) };
  const entry = { path: `${path}{}`, isDroppedWhenNull: true, build: (value: unknown) => build({ key: value }) };
  return [...members, ...(items ? casesAt(items, item) : []), ...(values ? casesAt(values, entry) : [])];
}

type OwnCase = Omit<FieldCase, 'path'>;

function nullCase({ isDroppedWhenNull }: Place): OwnCase {
  return isDroppedWhenNull ? { keyword: 'null', within: null } : { keyword: 'null', past: null };
}

function ownCases(node: Structural): readonly OwnCase[] {
  return [
    { keyword: 'type', past: ofOtherType(node), within: sample(node) },
    ...textCases(node),
    ...numberCases(node),
    ...listCases(node),
    ...memberCases(node),
  ];
}

function ofOtherType({ type }: Structural): unknown {
  return type === 'string' ? 7 : 'seven';
}

/** Where one engine of regular expressions may see a letter, a blank or an end of line, and the other not. */
const ODD_LETTERS = ['a\u00a0b', 'a\u000bb', 'a\ufeffb', 'a\u2028b', 'a\u0085b', 'a\n', 'é', 'ａ', '🐳', '٣', '\u0000'];

function textCases(node: Structural): readonly OwnCase[] {
  const { enum: values, pattern } = node;
  const min = numberOf(node, 'minLength') ?? 0;
  const max = numberOf(node, 'maxLength');
  const known: readonly unknown[] = Array.isArray(values) ? values : [];
  const long = (text: (length: number) => string) =>
    max === undefined ? [] : [{ past: text(max + 1), within: text(max) }];
  return [
    ...known.map((value) => ({ keyword: 'enum', past: `${String(value)} `, within: value })),
    ...(pattern === undefined ? [] : [{ keyword: 'pattern', past: 'a b', within: sample(node) }]),
    ...(pattern === undefined ? [] : ODD_LETTERS.map((disputed) => ({ keyword: 'pattern', disputed }))),
    ...(min === 0 ? [] : [{ keyword: 'minLength', past: 'x'.repeat(min - 1), within: textOf(node, min) }]),
    ...long((length) => textOf(node, length)).map((lengths) => ({ keyword: 'maxLength', ...lengths })),
    // Kubernetes counts code points, JavaScript counts such a letter twice.
    ...(pattern === undefined
      ? long((length) => '🐳'.repeat(length)).map((lengths) => ({ keyword: 'maxLength in code points', ...lengths }))
      : []),
  ];
}

/** What texts of some patterns begin with; letters may follow. */
const BEGINNINGS = ['', 'https://', 'arn:aws:iam::123456789012:role/'];

/** A text of that length, or of the least that the pattern takes where that is more. */
function textOf({ pattern }: Structural, length: number): string {
  const fits = (text: string): boolean => typeof pattern !== 'string' || new RegExp(pattern, 'u').test(text);
  return BEGINNINGS.map((beginning) => `${beginning}x`.padEnd(length, 'x')).find(fits) ?? 'x'.repeat(length);
}

function numberCases(node: Structural): readonly OwnCase[] {
  const { type, format } = node;
  if (type !== 'integer' && type !== 'number') return [];
  const step = type === 'integer' ? 1 : 0.01;
  const min = numberOf(node, 'minimum') ?? (format === 'int32' ? -(2 ** 31) : undefined);
  const max = numberOf(node, 'maximum') ?? (format === 'int32' ? 2 ** 31 - 1 : undefined);
  return [
    ...(type === 'integer' ? [{ keyword: 'integer', past: Math.max(min ?? 0, 0) + 0.5 }] : []),
    ...(min === undefined ? [] : [{ keyword: 'minimum', past: min - step, within: min }]),
    // The API server holds a whole number against the whole part of a bound.
    ...(min === undefined ? [] : [{ keyword: 'minimum, whole', past: Math.ceil(min) - 1 }]),
    ...(max === undefined ? [] : [{ keyword: 'maximum', past: max + step, within: max }]),
  ];
}

function listCases(node: Structural): readonly OwnCase[] {
  const { items } = node;
  if (items === undefined) return [];
  const min = numberOf(node, 'minItems');
  const max = numberOf(node, 'maxItems');
  const build = (count: number) => Array.from({ length: count }, (_, index) => itemAt(node, items, index));
  const isReachable = max !== undefined && max + 1 <= keysOf(node, items);
  return [
    ...(min === undefined ? [] : [{ keyword: 'minItems', past: build(min - 1), within: build(min) }]),
    ...(isReachable ? [{ keyword: 'maxItems', past: build(max + 1), within: build(max) }] : []),
  ];
}

/** Items of a keyed list differ in their key. */
function itemAt(list: Structural, items: Structural, index: number): unknown {
  const key = keyOf(list);
  return key === undefined ? sample(items) : { ...asRecord(sample(items)), [key]: `key-${index}` };
}

/** How many items can differ in their key. A list whose keys are counted is full before it is too long. */
function keysOf(list: Structural, items: Structural): number {
  const values = items.properties?.[keyOf(list) ?? '']?.['enum'];
  return Array.isArray(values) ? values.length : Number.POSITIVE_INFINITY;
}

function keyOf(list: Structural): string | undefined {
  const keys = list['x-kubernetes-list-map-keys'];
  return Array.isArray(keys) ? String(keys[0]) : undefined;
}

function memberCases(node: Structural): readonly OwnCase[] {
  return requiredOf(node).map((name) => {
    const { [name]: _, ...others } = asRecord(sample(node));
    return { keyword: `required ${name}`, past: others };
  });
}

/** The smallest value that the schema takes. */
function sample(node: Structural): unknown {
  const { type, enum: values, items } = node;
  if (Array.isArray(values)) return values[0];
  if (type === 'string') return textOf(node, numberOf(node, 'minLength') ?? 1);
  if (type === 'integer' || type === 'number') return numberOf(node, 'minimum') ?? 1;
  if (type === 'boolean') return true;
  if (type === 'array') return Array.from({ length: numberOf(node, 'minItems') ?? 0 }, () => items && sample(items));
  return Object.fromEntries(
    requiredOf(node).map((name) => [name, node.properties?.[name] && sample(node.properties[name])]),
  );
}

function requiredOf({ required }: Structural): readonly string[] {
  return Array.isArray(required) ? required : [];
}

function numberOf(node: Structural, keyword: string): number | undefined {
  const value = node[keyword];
  return typeof value === 'number' ? value : undefined;
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
