import { isPlainObject } from '../../../src/lib/stable-json.ts';
import type { Structural } from '../../../tools/generate-crds.ts';

/** One change to what ECS shows of one member of a spec. */
export interface Trial {
  /** Of the schema, without the indices of items: `loadBalancers[].containerPort`. */
  readonly path: string;
  /** Another value; an item or key fewer or more; or an optional object that is gone. */
  readonly act: 'other' | 'fewer' | 'more' | 'gone';
  /** The member of the spec. */
  readonly member: string;
  /** What is written at once: the member, or one policy or action of `scaling`. */
  readonly unit: string;
  /** What the member is after the change. What is given stays as it is. */
  change(shown: unknown): unknown;
}

interface Spot {
  readonly member: string;
  readonly unit: string;
  readonly path: string;
  /** Paths that the spec states, in the same words. */
  readonly stated: ReadonlySet<string>;
  readonly put: (shown: unknown, change: (value: unknown) => unknown) => unknown;
}

/** Every change to a member that the spec states; of equal ones at several items the first. */
export function trialsOf(
  member: string,
  shown: unknown,
  schema: Structural,
  stated: ReadonlySet<string>,
): readonly Trial[] {
  const all = below(shown, schema, {
    member,
    unit: member,
    path: member,
    stated,
    put: (value, change) => change(value),
  });
  const known = new Set<string>();
  return all.filter(({ path, act }) => {
    const id = `${path} ${act}`;
    return !known.has(id) && known.add(id);
  });
}

function below(value: unknown, schema: Structural, at: Spot): readonly Trial[] {
  if (value === undefined) return [];
  if (schema.items !== undefined) return ofList(value, schema.items, at);
  if (schema.properties !== undefined) return ofObject(value, schema, at);
  if (schema.additionalProperties !== undefined) return ofMap(value, at);
  return [trial(at, 'other', (old) => another(old, schema))];
}

function ofObject(value: unknown, schema: Structural, at: Spot): readonly Trial[] {
  if (!isPlainObject(value)) return [];
  return Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    const path = `${at.path}.${name}`;
    if (!at.stated.has(path)) return [];
    const put: Spot['put'] = (shown, change) =>
      at.put(shown, (old) => withMember(old as object, name, change((old as Record<string, unknown>)[name])));
    const within = below(value[name], member, { ...at, path, put });
    const isRequired = Array.isArray(schema['required']) && schema['required'].includes(name);
    const isObject = member.properties !== undefined && value[name] !== undefined;
    return isObject && !isRequired ? [...within, trial({ ...at, path, put }, 'gone', () => undefined)] : within;
  });
}

function ofList(value: unknown, items: Structural, at: Spot): readonly Trial[] {
  if (!Array.isArray(value) || value.length === 0) return [];
  const path = `${at.path}[]`;
  const within = value.flatMap((item: unknown, index) => {
    const put: Spot['put'] = (shown, change) =>
      at.put(shown, (old) => (old as unknown[]).with(index, change((old as unknown[])[index])));
    return below(item, items, { ...at, unit: unitOf(item, at), path, put });
  });
  const fewer = trial(at, 'fewer', (old) => (old as unknown[]).slice(1));
  const more = trial(at, 'more', (old) => [...(old as unknown[]), another((old as unknown[])[0], items)]);
  // The values of a list of texts are told at the list.
  const isPlain = items.properties === undefined;
  return [...(isPlain ? within.map((one) => ({ ...one, path: at.path })) : within), fewer, ...(isPlain ? [more] : [])];
}

function unitOf(item: unknown, { unit, path, member }: Spot): string {
  const isApart = member === 'scaling' && unit === member && isPlainObject(item);
  return isApart ? `${path}[${String(item['name'])}]` : unit;
}

function ofMap(value: unknown, at: Spot): readonly Trial[] {
  const entry = isPlainObject(value) ? Object.entries(value)[0] : undefined;
  if (entry === undefined) return [];
  const [name, first] = entry;
  return [
    trial(at, 'other', (old) => ({ ...(old as object), [name]: another(first, {}) })),
    trial(at, 'fewer', (old) => withMember(old as object, name, undefined)),
    trial(at, 'more', (old) => ({ ...(old as object), 'one-more': 'x' })),
  ];
}

function trial({ member, unit, path, put }: Spot, act: Trial['act'], change: (value: unknown) => unknown): Trial {
  return { path, act, member, unit, change: (shown) => put(shown, change) };
}

function withMember(value: object, name: string, member: unknown): object {
  const rest = Object.fromEntries(Object.entries(value).filter(([other]) => other !== name));
  return member === undefined ? rest : { ...rest, [name]: member };
}

const HOUR_MS = 3_600_000;

/** Another value of the same form, one that the schema knows where it knows some. */
function another(value: unknown, { enum: known }: Structural): unknown {
  if (Array.isArray(known)) return known.find((one) => one !== value) ?? `${String(value)}x`;
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  if (value instanceof Date) return new Date(value.getTime() + HOUR_MS);
  // JSON that the spec has as text.
  if (isPlainObject(value)) return { ...value, other: 'x' };
  const text = String(value);
  const digits = /\d+$/.exec(text)?.[0];
  return digits === undefined ? `${text}x` : `${text.slice(0, -digits.length)}${Number(digits) + 1}`;
}
