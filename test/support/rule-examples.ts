import { type Fragment, placesOf, type Rule } from '../../src/api/rule.ts';
import type { SchemaDefinition } from '../../src/api/schema-definition.ts';
import { ALL_DEFINITIONS } from '../../src/kinds/index.ts';

/** An object as a user would write it, without a namespace. */
export interface ExampleObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: Fragment;
}

export interface RuleExample {
  readonly kind: string;
  readonly rule: Rule;
  /** Must be there first where the rule is about a change. It is valid. */
  readonly stored?: ExampleObject;
  readonly refused: ExampleObject;
  readonly accepted: ExampleObject;
}

/** One refused object and its nearest accepted neighbour for every rule of every kind, from the rules themselves. */
export const RULE_EXAMPLES: readonly RuleExample[] = ALL_DEFINITIONS.flatMap(ruleExamples);

export function ruleExamples(definition: SchemaDefinition): readonly RuleExample[] {
  return definition.rules.map((rule) => {
    const { base = {}, refused, accepted, name = rule.id } = rule.examples;
    const build = (...fragments: readonly Fragment[]) => exampleObject(definition, name, fragments);
    return {
      kind: definition.kind,
      rule,
      ...(rule.asked === 'on-change' && { stored: build(base) }),
      refused: build(base, refused),
      accepted: build(base, accepted),
    };
  });
}

function exampleObject(definition: SchemaDefinition, name: string, fragments: readonly Fragment[]): ExampleObject {
  const { group, version, kind, minimal } = definition;
  const spec: Fragment = Object.assign({}, minimal, ...fragments);
  const stated = Object.entries(spec).filter(([, value]) => value !== undefined);
  return { apiVersion: `${group}/${version}`, kind, metadata: { name }, spec: Object.fromEntries(stated) };
}

/** The rules that an object breaks as the operator sees it, changes included. It must parse. */
export function brokenRules(
  definition: SchemaDefinition,
  object: ExampleObject,
  stored: ExampleObject = object,
): readonly string[] {
  const spec = definition.spec.parse(object.spec);
  const placed = { name: object.metadata.name, spec };
  const before = { name: stored.metadata.name, spec: definition.spec.parse(stored.spec) };
  return definition.rules
    .filter((rule) => {
      const old = placesOf(rule, before);
      return placesOf(rule, placed).some(({ value }, index) => !rule.holds(value, old[index]?.value ?? value));
    })
    .map(({ id }) => id);
}
