import type { Clock } from '../../lib/clock.ts';
import { orAborted } from '../../lib/deadline.ts';
import type { Log } from '../../lib/log.ts';
import type { Random } from '../../lib/random.ts';
import type { KubeApi, KubeObject, KubeResource } from '../kube/kube-api.ts';
import { ListWatch, type ListWatchMetrics } from './list-watch.ts';
import { type ObjectStore, type StoreChange, WritableObjectStore } from './object-store.ts';

export interface ReflectorMetrics extends ListWatchMetrics {
  /** `onChange` threw; the change itself is in the store. */
  handlerFailed(): void;
}

export interface ReflectorOptions {
  readonly api: KubeApi;
  readonly resource: KubeResource;
  /** All namespaces where undefined or empty. */
  readonly namespaces?: readonly string[] | undefined;
  readonly labelSelector?: string | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics?: ReflectorMetrics | undefined;
  /** Called after the store holds the change, in the order of the changes. What it throws is reported, and ends nothing. */
  readonly onChange: (change: StoreChange) => void;
}

/**
 * Keeps a store in step with the API server and tells every change. It never dies: from each state it tries again until
 * its signal aborts.
 */
export interface Reflector {
  /** Resolves once the signal aborts, whatever the API server does. Call it once. */
  run(signal: AbortSignal): Promise<void>;
  readonly store: ObjectStore;
  /** True once everything that was there at the start was told. It stays true. */
  readonly hasSynced: boolean;
  /** Resolves with `hasSynced`; rejects with the signal's reason. */
  whenSynced(signal: AbortSignal): Promise<void>;
}

export function createReflector(options: ReflectorOptions): Reflector {
  const { resource, log, metrics, onChange } = options;
  const store = new WritableObjectStore();
  const scopes: readonly (string | undefined)[] = options.namespaces?.length ? options.namespaces : [undefined];
  const unsynced = new Set(scopes);
  const synced = Promise.withResolvers<void>();

  function tell(changes: readonly Omit<StoreChange, 'isInitial'>[], isInitial: boolean): void {
    for (const change of changes) {
      try {
        onChange({ ...change, isInitial });
      } catch (error) {
        metrics?.handlerFailed();
        log.error({ resource: resource.plural, key: change.key, err: error }, 'change could not be told');
      }
    }
  }

  function streamOf(namespace: string | undefined): ListWatch {
    const { api, clock, random, labelSelector } = options;
    const sink = {
      listed(objects: readonly KubeObject[]): void {
        tell(store.replaceAll(objects, namespace), unsynced.has(namespace));
        unsynced.delete(namespace);
        if (unsynced.size === 0) synced.resolve();
      },
      put: (object: KubeObject) => tell(store.put(object), false),
      removed: (object: KubeObject) => tell(store.remove(object), false),
    };
    return new ListWatch({ api, resource, namespace, labelSelector, clock, random, log, metrics, sink });
  }

  return {
    store,
    get hasSynced() {
      return unsynced.size === 0;
    },
    async run(signal) {
      await Promise.all(scopes.map((namespace) => streamOf(namespace).run(signal)));
    },
    whenSynced: (signal) => orAborted(signal, () => synced.promise),
  };
}
