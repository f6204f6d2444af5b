import type {
  Cluster,
  ClusterConfiguration,
  ClusterServiceConnectDefaultsRequest,
  ClusterSetting,
} from '@aws-sdk/client-ecs';
import { namespaceArnOf } from './namespaces.ts';
import { invalidParameter } from './refusals.ts';
import type { World } from './world.ts';

// SDK documentation of ClusterSetting.value.
const INSIGHTS = ['disabled', 'enabled', 'enhanced'];

/** The settings after a change: those that it does not name stay. */
export function settled(
  current: readonly ClusterSetting[],
  change: readonly ClusterSetting[] | undefined,
): ClusterSetting[] {
  const settings = new Map(current.map((setting) => [setting.name, setting]));
  for (const setting of change ?? []) {
    if (setting.name === undefined) throw invalidParameter('Setting name cannot be empty.'); // wording unknown
    if (!INSIGHTS.includes(setting.value ?? '')) throw invalidParameter('Invalid cluster setting value.'); // wording unknown
    settings.set(setting.name, setting);
  }
  return [...settings.values()];
}

/** SDK documentation of ExecuteCommandLogging: DEFAULT if none is stated, and OVERRIDE needs a configuration. */
export function configured(configuration: ClusterConfiguration | undefined): Pick<Cluster, 'configuration'> {
  if (configuration === undefined) return {};
  const { executeCommandConfiguration: execute } = configuration;
  if (execute === undefined) return { configuration };
  const { logging = 'DEFAULT', logConfiguration } = execute;
  if ((logging === 'OVERRIDE') !== (logConfiguration !== undefined)) {
    throw invalidParameter('logConfiguration is required if, and only if, logging is OVERRIDE.'); // wording unknown
  }
  return { configuration: { ...configuration, executeCommandConfiguration: { ...execute, logging } } };
}

/** A namespace is answered by its ARN, also when it was named (SDK documentation of ClusterServiceConnectDefaults). */
export function connected(
  world: World,
  defaults: ClusterServiceConnectDefaultsRequest | undefined,
): Pick<Cluster, 'serviceConnectDefaults'> {
  const namespace = defaults?.namespace;
  if (namespace === undefined || namespace === '') return {};
  return { serviceConnectDefaults: { namespace: namespaceArnOf(world, namespace) } };
}
