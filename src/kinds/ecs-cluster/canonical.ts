import type {
  CapacityProviderStrategyItem,
  Cluster,
  ClusterConfiguration,
  ClusterServiceConnectDefaults,
  ClusterSettingName,
  ExecuteCommandConfiguration,
  ExecuteCommandLogConfiguration,
  ManagedStorageConfiguration,
} from '@aws-sdk/client-ecs';
import { type Form, keyed, leaf, type Mode, members, set } from '../../api/canonical-form.ts';
import { isPlainObject } from '../../lib/stable-json.ts';
import type { EcsClusterSpec } from './schema.ts';

/** The part of a cluster that can be wished, with settings by their name, as ECS keys them. */
export interface CanonicalCluster {
  readonly settings?: Readonly<Partial<Record<ClusterSettingName, string>>>;
  readonly configuration?: ClusterConfiguration;
  readonly serviceConnectDefaults?: ClusterServiceConnectDefaults;
  readonly capacityProviders?: readonly string[];
  readonly defaultCapacityProviderStrategy?: readonly CapacityProviderStrategyItem[];
}

/** Rule C1: a setting that nobody named is at its default; the account's setting may say otherwise, so only stated ones count. */
const SETTING_DEFAULTS = { containerInsights: 'disabled' };

const settings: Form = (value, mode) => {
  if (!Array.isArray(value) && mode !== 'fill') return undefined;
  const stated = (Array.isArray(value) ? value : [])
    .filter(isPlainObject)
    .filter((item) => item['value'] !== undefined);
  const named = Object.fromEntries(stated.map((item) => [String(item['name']), item['value']]));
  return mode === 'fill' ? { ...SETTING_DEFAULTS, ...named } : named;
};

/** Named twice a provider is there once. */
const providers: Form = (value, mode) => set()(Array.isArray(value) ? [...new Set<unknown>(value)] : value, mode);

/** Rules C1 to C5, by member; what is not here (C6: counts, statistics, attachments, status) is never compared. */
const FORM = members<CanonicalCluster>({
  settings,
  configuration: members<ClusterConfiguration>({
    executeCommandConfiguration: members<ExecuteCommandConfiguration>({
      kmsKeyId: leaf(''),
      logging: leaf('DEFAULT'), // C4
      logConfiguration: members<ExecuteCommandLogConfiguration>({
        cloudWatchLogGroupName: leaf(''),
        cloudWatchEncryptionEnabled: leaf(false),
        s3BucketName: leaf(''),
        s3EncryptionEnabled: leaf(false),
        s3KeyPrefix: leaf(''),
      }),
    }),
    managedStorageConfiguration: members<ManagedStorageConfiguration>({
      kmsKeyId: leaf(''),
      fargateEphemeralStorageKmsKeyId: leaf(''),
    }),
  }),
  serviceConnectDefaults: members<ClusterServiceConnectDefaults>({ namespace: leaf('') }), // C5
  capacityProviders: providers, // C2
  defaultCapacityProviderStrategy: keyed(
    'capacityProvider',
    members<CapacityProviderStrategyItem>({ capacityProvider: leaf(), weight: leaf(0), base: leaf(0) }),
  ), // C3
});

function canonical(value: unknown, mode: Mode): CanonicalCluster {
  return FORM(value, mode) ?? {};
}

/** What the spec states, in canonical words. An empty `executeCommandConfiguration` states ECS's default. */
export function canonicalSpec(spec: EcsClusterSpec): CanonicalCluster {
  const stated = canonical(spec, 'keep');
  const execute = spec.configuration?.executeCommandConfiguration;
  if (execute === undefined || Object.keys(execute).length > 0) return stated;
  const { executeCommandConfiguration = {} } = canonical({}, 'fill').configuration ?? {};
  return { ...stated, configuration: { ...stated.configuration, executeCommandConfiguration } };
}

/** What ECS shows, with every default put in, so that each stated member finds its counterpart. */
export function canonicalCluster(cluster: Cluster): CanonicalCluster {
  return canonical(cluster, 'fill');
}
