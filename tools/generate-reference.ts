import { z } from 'zod';
import type { Rule } from '../src/api/rule.ts';
import type { SchemaDefinition } from '../src/api/schema-definition.ts';
import { ALL_DEFINITIONS } from '../src/kinds/index.ts';
import { customResourceDefinition } from './generate-crds.ts';
import { madeFrom } from './made-from.ts';

/** One page of fields a kind, and one of all rules. */
export function generateReference(): ReadonlyMap<string, string> {
  const pages = ALL_DEFINITIONS.map((definition): [string, string] => [
    `docs/reference/${definition.singular}.md`,
    kindPage(definition),
  ]);
  return new Map([...pages, ['docs/reference/rules.md', rulesPage()]]);
}

/** As much of a structural schema as the page shows. */
interface Field {
  readonly type?: string | undefined;
  readonly description?: string | undefined;
  readonly enum?: readonly unknown[] | undefined;
  readonly required?: readonly string[] | undefined;
  readonly properties?: Readonly<Record<string, Field>> | undefined;
  readonly items?: Field | undefined;
  readonly additionalProperties?: Field | undefined;
}

const Field: z.ZodType<Field> = z.lazy(() =>
  z.object({
    type: z.string().optional(),
    description: z.string().optional(),
    enum: z.array(z.unknown()).optional(),
    required: z.array(z.string()).optional(),
    properties: z.record(z.string(), Field).optional(),
    items: Field.optional(),
    additionalProperties: Field.optional(),
  }),
);

const Crd = z.object({
  spec: z.object({ versions: z.tuple([z.object({ schema: z.object({ openAPIV3Schema: Field }) })]) }),
});

function kindPage(definition: SchemaDefinition): string {
  const crd = Crd.parse(customResourceDefinition(definition));
  const { spec, status } = crd.spec.versions[0].schema.openAPIV3Schema.properties ?? {};
  return `${madeFrom(`src/kinds/${folderOf(definition)}`, 'src/api')}
# ${definition.kind}

${definition.description}
\`${definition.group}/${definition.version}\`, short name \`${definition.shortNames.join('`, `')}\`.
The smallest and the fullest example are in [examples](../../src/kinds/${folderOf(definition)}/examples).
What is refused is in [rules](rules.md).

## spec

${table(spec)}

## status

${table(status)}
`;
}

/** EcsTaskDefinition → ecs-task-definition */
function folderOf({ kind }: SchemaDefinition): string {
  return kind.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}

function table(schema: Field | undefined): string {
  const rows = [...rowsOf(schema ?? {}, '')].map(([path, type, text]) => `| \`${path}\` | ${type} | ${text} |`);
  return ['| field | type | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

type Row = readonly [path: string, type: string, text: string];

function* rowsOf(schema: Field, at: string): Generator<Row> {
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const path = at === '' ? name : `${at}.${name}`;
    const needed = schema.required?.includes(name) ? ' **required**' : '';
    yield [path, typeOf(field) + needed, textOf(field)];
    if (field.items?.properties) yield* rowsOf(field.items, `${path}[]`);
    else yield* rowsOf(field, path);
  }
}

function typeOf(field: Field): string {
  if (field.items) return `${typeOf(field.items)}[]`;
  if (field.additionalProperties) return `map of ${typeOf(field.additionalProperties)}`;
  return field.type ?? '';
}

function textOf(field: Field): string {
  const values = (field.enum ?? field.items?.enum)?.map((value) => `\`${String(value)}\``).join(', ');
  return escape([field.description ?? '', values && `One of ${values}.`].filter(Boolean).join(' '));
}

function rulesPage(): string {
  const sections = ALL_DEFINITIONS.map(({ kind, rules }) => {
    const rows = rules.map(ruleRow).join('\n');
    return `## ${kind}\n\n| rule | where | level | what it says |\n| --- | --- | --- | --- |\n${rows}`;
  });
  return `${madeFrom('src/kinds/*/rules.ts', 'src/api/shared-rules.ts')}
# Rules

What is refused beyond types, enums and bounds.
**admission**: the API server refuses the object.
**reconcile**: the object is stored and becomes \`Stalled\` before any call to ECS.
Everything else is left to ECS, and its answer is shown as it is.

${sections.join('\n\n')}
`;
}

const ASKED: Readonly<Record<Rule['asked'], string>> = {
  always: '',
  'at-creation': ', at creation',
  'on-change': ', on change',
};

function ruleRow({ id, at, level, asked, message }: Rule): string {
  const where = at === 'root' ? 'the object' : `\`${at === '' ? 'spec' : `spec.${at}`}\``;
  return `| \`${id}\` | ${where} | ${level}${ASKED[asked]} | ${escape(message)} |`;
}

function escape(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
