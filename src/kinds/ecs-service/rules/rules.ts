import type { Rule } from '../../../api/rule.ts';
import { nameWithoutDot, SHARED_RULES } from '../../../api/shared-rules.ts';
import { strategyRules } from '../../../api/strategy-rules.ts';
import { SCALING_RULES } from '../scaling/rules.ts';
import { CAPACITY_RULES } from './rules-capacity.ts';
import { DEPLOYMENT_RULES } from './rules-deployment.ts';
import { IDENTITY_RULES } from './rules-identity.ts';
import { NETWORK_RULES } from './rules-network.ts';
import { PLACEMENT_RULES } from './rules-placement.ts';
import { VOLUME_RULES } from './rules-volumes.ts';

/**
 * What AWS refuses and the service alone tells. Where sources do not agree, the laxer. What depends on the task
 * definition or the cluster is for ECS to say. A member that is left out is not ours, and so breaks no rule.
 */
export const ECS_SERVICE_RULES: readonly Rule[] = [
  ...SHARED_RULES,
  nameWithoutDot('serviceName'),
  ...IDENTITY_RULES,
  ...CAPACITY_RULES,
  ...strategyRules('capacityProviderStrategy'),
  ...PLACEMENT_RULES,
  ...NETWORK_RULES,
  ...DEPLOYMENT_RULES,
  ...VOLUME_RULES,
  ...SCALING_RULES,
];
