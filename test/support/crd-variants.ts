import type { Rule } from '../../src/api/rule.ts';
import type { SchemaDefinition } from '../../src/api/schema-definition.ts';
import { customResourceDefinition } from '../../tools/generate-crds.ts';
import type { ExampleObject } from './rule-examples.ts';

/** A CRD of a kind of ours under a group of its own, so that nobody else's objects or tests meet it. */
export interface Variant {
  readonly definition: SchemaDefinition;
  /** The CRD as it is. */
  readonly crd: object;
  /** The CRD with every rule that is asked of an object at such a place tightened to what nothing fulfils. */
  tightened(isMeant: (place: RulePlace) => boolean): object;
  /** The example as an object of this group. */
  adopt(example: ExampleObject): ExampleObject;
}

/** Where a rule stands in the schema: `root`, `spec`, or below it. */
export type RulePlace = 'root' | 'spec' | 'below';

/** Neither short names nor categories: those would be taken twice. */
export function variantOf(definition: SchemaDefinition, group: string): Variant {
  const variant: SchemaDefinition = { ...definition, group, shortNames: [], categories: [] };
  return {
    definition: variant,
    crd: customResourceDefinition(variant),
    tightened(isMeant) {
      const rules = variant.rules.map((rule) => (isMeant(placeOf(rule.at)) ? strictest(rule) : rule));
      return customResourceDefinition({ ...variant, rules });
    },
    adopt: (example) => ({ ...example, apiVersion: `${group}/${definition.version}` }),
  };
}

/** With one more rule, which nothing fulfils. */
export function withImpossibleRule({ definition }: Variant, at: string): object {
  const examples = { refused: {}, accepted: {} };
  const rule = { id: 'impossible', source: '', message: 'impossible', level: 'admission', asked: 'always' } as const;
  const rules = [...definition.rules, { ...rule, at, cel: 'false', examples, holds: () => false }];
  return customResourceDefinition({ ...definition, rules });
}

function placeOf(at: string): RulePlace {
  if (at === 'root') return 'root';
  return at === '' ? 'spec' : 'below';
}

/**
 * The most that a rule of its sort can ask; a transition can ask for nothing more than that nothing changes. What it
 * asked before stays in it, as rules of one place are told apart by their text.
 */
function strictest(rule: Rule): Rule {
  return rule.cel === undefined ? rule : { ...rule, cel: `(${rule.cel}) && (${STRICTEST[rule.asked]})` };
}

const STRICTEST = { always: 'false', 'at-creation': 'oldSelf.hasValue()', 'on-change': 'self == oldSelf' } as const;
