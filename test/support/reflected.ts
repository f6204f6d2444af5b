import { type Clock, sleepOn, systemClock } from '../../src/lib/clock.ts';
import { createKubeApi, loadKubeConfig } from '../../src/runtime/kube/kube-client.ts';
import type { KubeTimeouts } from '../../src/runtime/kube/kube-transport.ts';
import type { ObjectStore } from '../../src/runtime/watch/object-store.ts';
import { createReflector } from '../../src/runtime/watch/reflector.ts';
import type { Cluster } from './kubectl.ts';
import { createRecordingLog } from './recording-log.ts';
import { waitFor } from './wait-for.ts';

const CONFIG_MAPS = { group: '', version: 'v1', plural: 'configmaps' };

export interface ReflectedOptions {
  readonly kubeconfig: string;
  readonly namespace: string;
  readonly clock?: Clock;
  readonly timeouts?: KubeTimeouts;
}

/** The ConfigMaps of a namespace as our reflector knows them, by our real transport. Disposing of it ends both. */
export interface Reflected extends AsyncDisposable {
  readonly store: ObjectStore;
  /** Whole lists that were taken in. */
  readonly lists: number;
  /** All that was ever told: `added a`. */
  readonly told: readonly string[];
}

/** Resolves once it has synced. */
export async function reflectConfigMaps(options: ReflectedOptions): Promise<Reflected> {
  const { kubeconfig, namespace, clock = systemClock, timeouts } = options;
  await using cleanup = new AsyncDisposableStack();
  const connection = loadKubeConfig({ path: kubeconfig });
  const shared = { connection, clock: systemClock, userAgent: 'test', fieldManager: 'test' };
  const api = cleanup.use(createKubeApi({ ...shared, timeouts }));
  const told: string[] = [];
  let lists = 0;
  const reflector = createReflector({
    api,
    resource: CONFIG_MAPS,
    namespaces: [namespace],
    clock,
    random: Math.random,
    log: createRecordingLog(),
    metrics: {
      listed: () => void (lists += 1),
      watchEnded: () => undefined,
      handlerFailed: () => undefined,
    },
    onChange: ({ is, object }) => void told.push(`${is} ${object.metadata.name}`),
  });
  const life = new AbortController();
  const running = reflector.run(life.signal);
  cleanup.defer(async () => {
    life.abort();
    await running;
  });
  await reflector.whenSynced(AbortSignal.timeout(30_000));
  const lifetime = cleanup.move();
  return {
    store: reflector.store,
    told,
    get lists() {
      return lists;
    },
    [Symbol.asyncDispose]: () => lifetime.disposeAsync(),
  };
}

interface Held {
  readonly metadata: { readonly name: string; readonly resourceVersion?: string };
}

/** The ConfigMaps of a namespace as the API server has them, without any detour. */
export interface ConfigMaps {
  /** Makes one, or changes it. */
  put(name: string, value: string): Promise<void>;
  /** Waits until the store holds just what there is. */
  reflectedIn(reflected: Reflected, timeoutMs: number): Promise<void>;
}

export function configMapsOf(cluster: Cluster, namespace: string): ConfigMaps {
  return {
    async put(name, value) {
      await cluster.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data: { value } });
    },
    async reflectedIn({ store }, timeoutMs) {
      const { stdout } = await cluster.kubectl(['get', 'configmaps', '--namespace', namespace, '--output=json']);
      const { items } = JSON.parse(stdout) as { items: readonly Held[] };
      const wanted = versionsOf(items);
      const look = (): string => versionsOf(store.values());
      await waitFor('the store to be right', look, (held) => held === wanted, { timeoutMs, everyMs: 50 });
    },
  };
}

function versionsOf(objects: readonly Held[]): string {
  return objects
    .map(({ metadata }) => `${metadata.name} ${metadata.resourceVersion}`)
    .toSorted()
    .join();
}

/** Time that goes so many times faster than the machine's. */
export function fastClock(speed: number): Clock {
  const startMs = Date.now();
  const clock: Clock = {
    now: () => startMs + (Date.now() - startMs) * speed,
    monotonic: () => performance.now() * speed,
    schedule: (ms, callback) => systemClock.schedule(ms / speed, callback),
    sleep: (ms, signal) => sleepOn(clock, ms, signal),
  };
  return clock;
}
