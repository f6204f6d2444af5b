import type {
  ClusterConfiguration,
  ClusterSetting,
  ClusterSettingName,
  CreateClusterCommandInput,
  ExecuteCommandConfiguration,
  PutClusterCapacityProvidersCommandInput,
  UpdateClusterCommandInput,
} from '@aws-sdk/client-ecs';
import type { CanonicalCluster } from './canonical.ts';
import type { DesiredCluster } from './model.ts';

export function createInput({ name, wanted, tags }: DesiredCluster): CreateClusterCommandInput {
  const { capacityProviders, defaultCapacityProviderStrategy } = wanted;
  const { cluster: _, ...rest } = updateInput(name, wanted, {}, Object.keys(wanted));
  return {
    clusterName: name,
    ...withoutEmptyNamespace(rest),
    ...(capacityProviders && { capacityProviders: [...capacityProviders] }),
    ...(defaultCapacityProviderStrategy && { defaultCapacityProviderStrategy: [...defaultCapacityProviderStrategy] }),
    tags: tags.tags.map(({ key, value }) => ({ key, value })),
  };
}

/** The empty namespace is an instruction to remove one, which a cluster that is to be made does not have. */
function withoutEmptyNamespace({ serviceConnectDefaults, ...rest }: Omit<UpdateClusterCommandInput, 'cluster'>) {
  return serviceConnectDefaults?.namespace ? { serviceConnectDefaults, ...rest } : rest;
}

/** The input with those top-level members of the wish that differ. What is not ours is sent back as it was found. */
export function updateInput(
  cluster: string,
  wanted: CanonicalCluster,
  found: CanonicalCluster,
  names: readonly string[],
): UpdateClusterCommandInput {
  const { settings, configuration, serviceConnectDefaults } = wanted;
  const has = (name: keyof CanonicalCluster): boolean => names.includes(name);
  return {
    cluster,
    ...(has('settings') && settings && { settings: settingList(settings) }),
    ...(has('configuration') &&
      configuration && { configuration: mergedConfiguration(configuration, found.configuration ?? {}) }),
    ...(has('serviceConnectDefaults') &&
      serviceConnectDefaults && { serviceConnectDefaults: { namespace: serviceConnectDefaults.namespace ?? '' } }),
  };
}

const SETTING_NAMES = ['containerInsights'] as const satisfies readonly ClusterSettingName[];

function settingList(settings: NonNullable<CanonicalCluster['settings']>): ClusterSetting[] {
  return SETTING_NAMES.flatMap((name) => (settings[name] === undefined ? [] : [{ name, value: settings[name] }]));
}

/** Whole, as ECS replaces it: what is wished over what is there. */
function mergedConfiguration(wanted: ClusterConfiguration, found: ClusterConfiguration): ClusterConfiguration {
  const managed = withoutEmpty({ ...found.managedStorageConfiguration, ...wanted.managedStorageConfiguration });
  return {
    executeCommandConfiguration: mergedExecution(
      wanted.executeCommandConfiguration ?? {},
      found.executeCommandConfiguration ?? {},
    ),
    ...(Object.keys(managed).length > 0 && { managedStorageConfiguration: managed }),
  };
}

/** A log configuration that is not ours is kept only where it still has a meaning: with OVERRIDE. */
function mergedExecution(
  wanted: ExecuteCommandConfiguration,
  found: ExecuteCommandConfiguration,
): ExecuteCommandConfiguration {
  const { logConfiguration: wantedLog, ...wantedRest } = wanted;
  const { logConfiguration: foundLog, ...foundRest } = found;
  const rest = withoutEmpty({ ...foundRest, ...wantedRest });
  const log = withoutEmpty(rest.logging === 'OVERRIDE' ? { ...foundLog, ...wantedLog } : { ...wantedLog });
  const isStated = Object.values(log).some((value) => value !== false);
  return { ...rest, logging: rest.logging ?? 'DEFAULT', ...(isStated && { logConfiguration: log }) };
}

/** ECS reads an empty text as a value; in canonical words it means that there is none. */
function withoutEmpty<T extends object>(value: T): T {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every member of these inputs is optional
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== '' && member !== undefined)) as T;
}

/**
 * Both lists are always required, and both are replaced: the one that is not stated goes back as it was found, but for
 * strategy items of providers that go, which ECS would refuse.
 */
export function providersInput(
  cluster: string,
  wanted: CanonicalCluster,
  found: CanonicalCluster,
): PutClusterCapacityProvidersCommandInput {
  const capacityProviders = [...(wanted.capacityProviders ?? found.capacityProviders ?? [])];
  const kept = (found.defaultCapacityProviderStrategy ?? []).filter(({ capacityProvider }) =>
    capacityProviders.includes(String(capacityProvider)),
  );
  return {
    cluster,
    capacityProviders,
    defaultCapacityProviderStrategy: [...(wanted.defaultCapacityProviderStrategy ?? kept)],
  };
}
