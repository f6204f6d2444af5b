import type { Rule } from '../../../api/rule.ts';
import { nameWithoutDot, SHARED_RULES } from '../../../api/shared-rules.ts';
import { immutable } from '../../../api/verdicts.ts';
import { rule } from './rule.ts';
import { CONTAINER_RULES } from './rules-containers.ts';
import { FARGATE_RULES } from './rules-fargate.ts';
import { LOGGING_RULES } from './rules-logging.ts';
import { NETWORK_RULES } from './rules-network.ts';
import { RESOURCE_RULES } from './rules-resources.ts';
import { ROLE_RULES } from './rules-roles.ts';
import { SIZE_RULES } from './rules-size.ts';
import { VOLUME_RULES } from './rules-volumes.ts';

/**
 * What AWS refuses and the definition alone tells. Where sources do not agree, the laxer: no definition that ECS
 * accepts is refused here.
 */
export const ECS_TASK_DEFINITION_RULES: readonly Rule[] = [
  ...SHARED_RULES,
  nameWithoutDot('family'),
  rule({
    id: 'family-is-immutable',
    source: 'AWS: a family is not renamed',
    at: '',
    asked: 'on-change',
    ...immutable('family'),
    message: 'family cannot be changed: make a new object for the other family',
    examples: { base: { family: 'web' }, refused: { family: 'shop-web' }, accepted: { family: 'web' } },
  }),
  ...CONTAINER_RULES,
  ...RESOURCE_RULES,
  ...NETWORK_RULES,
  ...VOLUME_RULES,
  ...LOGGING_RULES,
  ...FARGATE_RULES,
  ...ROLE_RULES,
  ...SIZE_RULES,
];
