import { type Rule, rulesOf } from '../../api/rule.ts';
import { RESERVED_TAG_KEY } from '../../api/tags.ts';
import type { EcsAccountSpec } from './schema.ts';

const rule = rulesOf<EcsAccountSpec>();

export const ECS_ACCOUNT_RULES: readonly Rule[] = [
  rule({
    id: 'selector-values-fit-the-operator',
    source: 'Kubernetes: LabelSelectorRequirement.values',
    at: 'namespaceSelector.matchExpressions[]',
    cel: "(self.operator in ['In', 'NotIn']) == (has(self.values) && size(self.values) > 0)",
    holds: ({ operator, values = [] }) => ['In', 'NotIn'].includes(operator) === values.length > 0,
    message: 'In and NotIn need values, Exists and DoesNotExist take none: change operator or values',
    examples: {
      refused: { namespaceSelector: { matchExpressions: [{ key: 'team', operator: 'In' }] } },
      accepted: { namespaceSelector: { matchExpressions: [{ key: 'team', operator: 'Exists' }] } },
    },
  }),
  rule({
    id: 'default-tag-key-is-free',
    source: 'AWS: tags that begin with aws: are reserved, in any case; ecs-operator.dev/ is ours',
    at: 'defaultTags[]',
    cel: `!self.key.matches('${RESERVED_TAG_KEY.source}')`,
    holds: (tag) => !RESERVED_TAG_KEY.test(tag.key),
    message: 'tag keys that begin with aws: or ecs-operator.dev/ are taken: choose another key',
    examples: {
      refused: { defaultTags: [{ key: 'aws:team', value: 'shop' }] },
      accepted: { defaultTags: [{ key: 'team', value: 'shop' }] },
    },
  }),
];
