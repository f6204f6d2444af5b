import { z } from 'zod';

/**
 * The few shapes that fields have. Each takes the field's description first: one plain line of our own, which ends up
 * in the CRD and in the reference. Bounds are ECS's, except those that `COST_BOUNDS` lists.
 */
interface TextBounds {
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: RegExp;
}

export function text(description: string, { min = 0, max, pattern }: TextBounds = {}): z.ZodString {
  let schema = z.string();
  if (min > 0) schema = schema.min(min);
  if (pattern !== undefined) schema = schema.regex(pattern);
  if (max === undefined) return schema.meta({ description });
  return schema
    .refine((value) => lengthOf(value) <= max, { error: `Too big: expected string to have <=${max} characters` })
    .meta({ description, maxLength: max });
}

/** In code points, as the API server and AWS count: zod's own bound would count an emoji twice. */
function lengthOf(value: string): number {
  return Array.from(value).length;
}

interface NumberBounds {
  readonly min?: number;
  readonly max?: number;
}

/** ECS's integers are of 32 bits; a value outside is no number that it could ever take. */
const INT32 = { min: -(2 ** 31), max: 2 ** 31 - 1 };

export function integer(description: string, bounds: NumberBounds = {}): z.ZodInt {
  const { min = INT32.min, max = INT32.max } = bounds;
  return z.int().min(min).max(max).meta({ description, format: 'int32' });
}

/** A whole number that may pass 32 bits. */
export function long(description: string, bounds: NumberBounds = {}): z.ZodInt {
  let schema = z.int();
  if (bounds.min !== undefined) schema = schema.min(bounds.min);
  if (bounds.max !== undefined) schema = schema.max(bounds.max);
  return schema.meta({ description, format: 'int64' });
}

export function decimal(description: string, bounds: NumberBounds = {}): z.ZodNumber {
  let schema = z.number();
  if (bounds.min !== undefined) schema = schema.min(bounds.min);
  if (bounds.max !== undefined) schema = schema.max(bounds.max);
  return schema.meta({ description, format: 'double' });
}

export function flag(description: string): z.ZodBoolean {
  return z.boolean().meta({ description });
}

export function oneOf<const Values extends readonly [string, ...string[]]>(
  description: string,
  values: Values,
): z.ZodEnum<{ [Value in Values[number]]: Value }> {
  return z.enum(values).meta({ description });
}

export function group<Shape extends z.ZodRawShape>(description: string, shape: Shape): z.ZodObject<Shape> {
  return z.object(shape).meta({ description });
}

interface ListBounds {
  readonly min?: number;
  readonly max?: number;
}

/** A list that is replaced as a whole. */
export function list<Item extends z.ZodType>(
  description: string,
  item: Item,
  bounds: ListBounds = {},
): z.ZodArray<Item> {
  return bounded(item, bounds).meta({ description, 'x-kubernetes-list-type': 'atomic' });
}

/** A list whose items have a name, which must be required: each item has its own owner under server-side apply. */
export function keyedList<Item extends z.ZodType>(
  description: string,
  key: keyof z.infer<Item> & string,
  item: Item,
  bounds: ListBounds = {},
): z.ZodArray<Item> {
  return bounded(item, bounds).meta({
    description,
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': [key],
  });
}

export function textMap(description: string, value: z.ZodString = z.string()): z.ZodRecord<z.ZodString, z.ZodString> {
  return z.record(z.string(), value).meta({ description });
}

export function timestamp(description: string): z.ZodString {
  return z.string().meta({ description, format: 'date-time' });
}

function bounded<Item extends z.ZodType>(item: Item, bounds: ListBounds): z.ZodArray<Item> {
  let schema = z.array(item);
  if (bounds.min !== undefined) schema = schema.min(bounds.min);
  if (bounds.max !== undefined) schema = schema.max(bounds.max);
  return schema;
}
