import { stringify } from 'yaml';
import { z } from 'zod';
import type { Rule } from '../src/api/rule.ts';
import type { SchemaDefinition } from '../src/api/schema-definition.ts';
import type { PrinterColumn } from '../src/core/definition.ts';
import { ALL_DEFINITIONS } from '../src/kinds/index.ts';

/** A structural schema as the API server takes it: a plain tree, no references. */
export interface Structural {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Structural>>;
  readonly items?: Structural;
  readonly additionalProperties?: Structural;
  readonly [keyword: string]: unknown;
}

const HEADER = '# Made from src/kinds by `make generate`. Change the schema there.\n';

/** The CRD of every kind, by path. */
export function generateCrds(): ReadonlyMap<string, string> {
  return new Map(
    ALL_DEFINITIONS.map((definition) => [
      `crds/${definition.group}_${definition.plural}.yaml`,
      HEADER + stringify(customResourceDefinition(definition), { lineWidth: 0, aliasDuplicateObjects: false }),
    ]),
  );
}

export function customResourceDefinition(definition: SchemaDefinition): object {
  const { group, kind, plural, singular, shortNames, categories, scope } = definition;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      // The API server drops an empty list, and a second apply would then change something.
      names: {
        kind,
        listKind: `${kind}List`,
        plural,
        singular,
        shortNames,
        ...(categories.length > 0 && { categories }),
      },
      scope,
      versions: [
        {
          name: definition.version,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: rootSchema(definition) },
          subresources: { status: {}, ...(definition.scale && { scale: definition.scale }) },
          additionalPrinterColumns: definition.printerColumns.map(printerColumn),
        },
      ],
    },
  };
}

/**
 * The status begins with an observedGeneration that no object has, so that readers of status do not take an object
 * that nobody has looked at yet for current.
 */
function rootSchema(definition: SchemaDefinition): Structural {
  const bare: Structural = {
    description: definition.description,
    type: 'object',
    required: ['spec'],
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: { type: 'object' },
      spec: structural(definition.spec),
      status: { ...structural(definition.status), default: { observedGeneration: -1 } },
    },
  };
  return definition.rules.filter(({ level }) => level === 'admission').reduce(withRule, bare);
}

/** zod's JSON schema, without what the API server has no word for or takes as given. */
export function structural(schema: z.ZodType): Structural {
  const options = { target: 'openapi-3.0', io: 'input', unrepresentable: 'throw', reused: 'inline' } as const;
  return withoutNoise(z.toJSONSchema(schema, options) as Structural);
}

function withoutNoise(node: Structural): Structural {
  const { $schema: _, properties, items, additionalProperties, ...rest } = node;
  return {
    ...rest,
    ...(properties && { properties: mapValues(properties, withoutNoise) }),
    ...(items && { items: withoutNoise(items) }),
    ...(additionalProperties && { additionalProperties: withoutNoise(additionalProperties) }),
  };
}

function withRule(root: Structural, rule: Rule): Structural {
  const path = rule.at === 'root' ? [] : ['spec', ...rule.at.split('.').filter((step) => step !== '')];
  return append(root, path, {
    rule: rule.cel,
    message: rule.message,
    ...(rule.asked === 'at-creation' && { optionalOldSelf: true }),
  });
}

function append(node: Structural, path: readonly string[], validation: object): Structural {
  const [step, ...rest] = path;
  if (step === undefined) {
    const known = node['x-kubernetes-validations'];
    return { ...node, 'x-kubernetes-validations': [...(Array.isArray(known) ? known : []), validation] };
  }
  const name = step.replace('[]', '');
  const member = node.properties?.[name];
  if (member === undefined) throw new Error(`no member ${name} on the way of the rule ${JSON.stringify(validation)}`);
  const changed =
    step.endsWith('[]') && member.items
      ? { ...member, items: append(member.items, rest, validation) }
      : append(member, rest, validation);
  return { ...node, properties: { ...node.properties, [name]: changed } };
}

function printerColumn({ priority = 0, ...column }: PrinterColumn): object {
  return priority === 0 ? column : { ...column, priority };
}

function mapValues(
  record: Readonly<Record<string, Structural>>,
  change: (value: Structural) => Structural,
): Record<string, Structural> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
