import { type Rule, rulesOf } from '../../api/rule.ts';
import { nameWithoutDot, SHARED_RULES } from '../../api/shared-rules.ts';
import { immutable } from '../../api/verdicts.ts';
import type { EcsClusterSpec } from './schema.ts';

const rule = rulesOf<EcsClusterSpec>();

export const ECS_CLUSTER_RULES: readonly Rule[] = [
  ...SHARED_RULES,
  nameWithoutDot('clusterName'),
  rule({
    id: 'cluster-name-is-immutable',
    source: 'SDK: UpdateCluster has no new name',
    at: '',
    asked: 'on-change',
    ...immutable('clusterName'),
    message: 'clusterName cannot be changed: make a new object for the other name',
    examples: { base: { clusterName: 'shop' }, refused: { clusterName: 'store' }, accepted: { clusterName: 'shop' } },
  }),
  rule({
    id: 'override-logging-says-where',
    source: 'SDK: ExecuteCommandConfiguration.logging',
    at: 'configuration.executeCommandConfiguration',
    cel: "!has(self.logging) || self.logging != 'OVERRIDE' || has(self.logConfiguration)",
    holds: (configuration) => configuration.logging !== 'OVERRIDE' || configuration.logConfiguration !== undefined,
    message: 'logging OVERRIDE needs logConfiguration: say where, or use DEFAULT or NONE',
    examples: {
      refused: { configuration: { executeCommandConfiguration: { logging: 'OVERRIDE' } } },
      accepted: {
        configuration: {
          executeCommandConfiguration: { logging: 'OVERRIDE', logConfiguration: { cloudWatchLogGroupName: 'exec' } },
        },
      },
    },
  }),
];
