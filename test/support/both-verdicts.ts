import type { SchemaDefinition } from '../../src/api/schema-definition.ts';
import type { ApiVerdict, Judge } from './api-verdict.ts';
import type { ExampleObject } from './rule-examples.ts';

/** What one side has against a new object. */
export interface Objections {
  /** The members whose value is none that they can have: `spec.tags.0.key`. */
  readonly shape: readonly string[];
  /** The rules between members that are broken, by id. Not asked by all where the shape is wrong. */
  readonly rules: readonly string[];
}

export interface BothVerdicts {
  readonly api: Objections;
  readonly operator: Objections;
  /** Whether a key stands twice in a keyed list. The API server lets no such object pass, so the operator need not look. */
  readonly isKeyTwice: boolean;
}

/** Asks API server and operator about one new object. */
export async function askBoth(
  judge: Judge,
  definition: SchemaDefinition,
  object: ExampleObject,
): Promise<BothVerdicts> {
  const verdict = await judge.create(object);
  // What the API server accepts reaches the operator as it is stored.
  const spec = verdict.isAccepted ? verdict.spec : withoutNulls(object.spec);
  return {
    api: objectionsOf(definition, verdict),
    operator: objectionsOfOperator(definition, { name: object.metadata.name, spec }),
    isKeyTwice: verdict.causes.some(({ message }) => message.startsWith('Duplicate value')),
  };
}

/** Where the API server only says that it has not come to ask the rules. */
const NO_FIELD = '<nil>';

function objectionsOf(definition: SchemaDefinition, { causes }: ApiVerdict): Objections {
  const asked = rulesOfNew(definition);
  const shape = causes.filter(({ message }) => !asked.some((rule) => message.includes(rule.message)));
  const broken = asked.filter((rule) => causes.some(({ message }) => message.includes(rule.message)));
  const fields = shape.map(({ field }) => field).filter((field) => field !== NO_FIELD);
  return { shape: distinct(fields.map(asZodWrites)), rules: distinct(broken.map(({ id }) => id)) };
}

function objectionsOfOperator(definition: SchemaDefinition, object: { name: string; spec: unknown }): Objections {
  const parsed = definition.spec.safeParse(object.spec);
  if (!parsed.success) {
    const paths = parsed.error.issues.map(({ path }) => ['spec', ...path].join('.'));
    return { shape: distinct(paths), rules: [] };
  }
  const messages = new Set(definition.check({ name: object.name, spec: parsed.data }).map(({ message }) => message));
  const broken = rulesOfNew(definition).filter(({ message }) => messages.has(message));
  return { shape: [], rules: distinct(broken.map(({ id }) => id)) };
}

function rulesOfNew({ rules }: SchemaDefinition): SchemaDefinition['rules'] {
  return rules.filter(({ level, asked }) => level === 'admission' && asked !== 'on-change');
}

/** What would be stored of an object that is refused for something else: the API server drops members that are null. */
function withoutNulls(sent: unknown): unknown {
  return JSON.parse(JSON.stringify(sent), (_, value: unknown) => (value === null ? undefined : value));
}

/** Indexes and keys with a dot. The scale subresource names its member with a dot before it. */
function asZodWrites(field: string): string {
  return field.replace(/^\./, '').replaceAll(/\[(\w+)\]/g, '.$1');
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].toSorted();
}
