import { type Rule, rulesOf } from '../../api/rule.ts';
import { nameWithoutDot, SHARED_RULES } from '../../api/shared-rules.ts';
import { strategyRules } from '../../api/strategy-rules.ts';
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
  rule({
    id: 'container-insights-value-is-known',
    source: 'SDK: ClusterSetting.value',
    at: 'settings[]',
    cel: "!has(self.value) || self.value in ['disabled', 'enabled', 'enhanced']",
    holds: ({ value }) => value === undefined || ['disabled', 'enabled', 'enhanced'].includes(value),
    message: 'containerInsights is disabled, enabled or enhanced: choose one of them',
    examples: {
      refused: { settings: [{ name: 'containerInsights', value: 'on' }] },
      accepted: { settings: [{ name: 'containerInsights', value: 'enabled' }] },
    },
  }),
  rule({
    id: 'default-strategy-names-own-providers',
    source: 'SDK: CreateClusterRequest.capacityProviders',
    at: '',
    cel: '!has(self.capacityProviders) || !has(self.defaultCapacityProviderStrategy) || self.defaultCapacityProviderStrategy.all(i, i.capacityProvider in self.capacityProviders)',
    holds: ({ capacityProviders, defaultCapacityProviderStrategy = [] }) =>
      capacityProviders === undefined ||
      defaultCapacityProviderStrategy.every(({ capacityProvider }) => capacityProviders.includes(capacityProvider)),
    message:
      'the default strategy names a capacity provider that the cluster does not have: add it to capacityProviders',
    examples: {
      base: { defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1 }] },
      refused: { capacityProviders: ['FARGATE_SPOT'] },
      accepted: { capacityProviders: ['FARGATE_SPOT', 'FARGATE'] },
    },
  }),
  ...strategyRules('defaultCapacityProviderStrategy', {
    capacityProviders: ['FARGATE', 'FARGATE_SPOT', 'own', 'other'],
  }),
];
