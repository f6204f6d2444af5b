import { createHash } from 'node:crypto';
import type {
  Cluster,
  ClusterConfiguration,
  ClusterServiceConnectDefaultsRequest,
  ClusterSetting,
} from '@aws-sdk/client-ecs';
import { namespaceArn, type Place } from './arn.ts';
import { clientException, invalidParameter } from './refusals.ts';

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

/**
 * A namespace is answered by its ARN, also when it was named (SDK documentation of ClusterServiceConnectDefaults). A name
 * that is new makes one; here the id follows from the name, as no Cloud Map remembers it.
 */
export function connected(
  place: Place,
  defaults: ClusterServiceConnectDefaultsRequest | undefined,
): Pick<Cluster, 'serviceConnectDefaults'> {
  const namespace = defaults?.namespace;
  if (namespace === undefined || namespace === '') return {};
  if (namespace.startsWith('arn:')) return { serviceConnectDefaults: { namespace } };
  // SDK documentation of ClusterServiceConnectDefaultsRequest.namespace.
  if (namespace.length > 1024 || /[<>"/]/.test(namespace)) throw clientException('Invalid namespace name.'); // wording unknown
  const id = createHash('sha256').update(namespace).digest('hex').slice(0, 16);
  return { serviceConnectDefaults: { namespace: namespaceArn(place, `ns-${id}`) } };
}
