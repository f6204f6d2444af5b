import { isPlainObject } from '../../lib/stable-json.ts';
import type { CanonicalCluster } from './canonical.ts';

/** What becomes of a member that was stated and is no more. */
export type Clearing = { readonly clear: unknown } | { readonly stays: string };

const NO_KEY_REMOVAL = 'ECS documents no way to take a key of managed storage away; another key can be stated.';

/**
 * By path, for every optional member of UpdateCluster and PutClusterCapacityProviders (a test walks the SDK's schema).
 * The value is the canonical one, which for ECS is the same as absent. Sources: the SDK's documentation of each member
 * (an empty namespace removes Service Connect's defaults; `logging` is DEFAULT unless said otherwise), and that
 * `executeCommandConfiguration` is replaced as a whole.
 */
export const CLEARING: Readonly<Record<string, Clearing>> = {
  'settings.containerInsights': { clear: 'disabled' },
  'configuration.executeCommandConfiguration.kmsKeyId': { clear: '' },
  'configuration.executeCommandConfiguration.logging': { clear: 'DEFAULT' },
  'configuration.executeCommandConfiguration.logConfiguration.cloudWatchLogGroupName': { clear: '' },
  'configuration.executeCommandConfiguration.logConfiguration.cloudWatchEncryptionEnabled': { clear: false },
  'configuration.executeCommandConfiguration.logConfiguration.s3BucketName': { clear: '' },
  'configuration.executeCommandConfiguration.logConfiguration.s3EncryptionEnabled': { clear: false },
  'configuration.executeCommandConfiguration.logConfiguration.s3KeyPrefix': { clear: '' },
  'configuration.managedStorageConfiguration.kmsKeyId': { stays: NO_KEY_REMOVAL },
  'configuration.managedStorageConfiguration.fargateEphemeralStorageKmsKeyId': { stays: NO_KEY_REMOVAL },
  'serviceConnectDefaults.namespace': { clear: '' },
  capacityProviders: { clear: [] },
  defaultCapacityProviderStrategy: { clear: [] },
};

/** The paths of all that is stated; lists count as one. */
export function statedPaths(stated: unknown, path = ''): string[] {
  if (!isPlainObject(stated)) return path === '' || stated === undefined ? [] : [path];
  return Object.entries(stated)
    .flatMap(([name, member]) => statedPaths(member, path === '' ? name : `${path}.${name}`))
    .toSorted();
}

/** The wish with what is to be cleared: members that were stated before, are not now, and can be cleared. */
export function withCleared(stated: CanonicalCluster, before: readonly string[]): CanonicalCluster {
  const now = new Set(statedPaths(stated));
  return before
    .filter((path) => !now.has(path))
    .reduce<CanonicalCluster>((wish, path) => {
      const clearing = Object.hasOwn(CLEARING, path) ? CLEARING[path] : undefined;
      return clearing !== undefined && 'clear' in clearing ? put(wish, path.split('.'), clearing.clear) : wish;
    }, stated);
}

/** A copy of `target` with `value` at that path. */
function put(target: object, [name = '', ...rest]: readonly string[], value: unknown): object {
  const inner: unknown = Reflect.get(target, name);
  return { ...target, [name]: rest.length === 0 ? value : put(isPlainObject(inner) ? inner : {}, rest, value) };
}
