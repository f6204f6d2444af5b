import type { Rule } from '../../api/rule.ts';
import { nameWithoutDot, SHARED_RULES } from '../../api/shared-rules.ts';

export const ECS_SERVICE_RULES: readonly Rule[] = [...SHARED_RULES, nameWithoutDot('serviceName')];
