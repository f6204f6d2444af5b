import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, inject, test } from 'vitest';
import { redirectKubeconfig } from '../support/control-plane-kubeconfig.ts';
import {
  configMapEvent,
  errorEvent,
  holds,
  listsOfVersion,
  onWatches,
  refuses,
  resets,
  says,
  slows,
} from '../support/kube-misbehaviour.ts';
import { type KubeProxy, letPass, startKubeProxy, type Warden } from '../support/kube-proxy.ts';
import { connectCluster } from '../support/kubectl.ts';
import {
  configMapsOf,
  fastClock,
  type Reflected,
  type ReflectedOptions,
  reflectConfigMaps,
} from '../support/reflected.ts';
import { waitFor } from '../support/wait-for.ts';

const cluster = connectCluster(inject('cluster'));
const RIGHT_AGAIN_MS = 10_000;
const FAULT_MS = 3_000;

interface Scene {
  readonly proxy: KubeProxy;
  readonly reflected: Reflected;
  /** Behind the proxy's back. */
  put(name: string, value: string): Promise<void>;
  right(): Promise<void>;
}

async function withReflector(options: Partial<ReflectedOptions>, act: (scene: Scene) => Promise<void>): Promise<void> {
  await using namespace = await cluster.createNamespace('reflected');
  await using proxy = await startKubeProxy(cluster.kubeconfigPath);
  const kubeconfig = await redirectKubeconfig(cluster.kubeconfigPath, proxy.url);
  await using reflected = await reflectConfigMaps({ kubeconfig, namespace: namespace.name, ...options });
  const { put, reflectedIn } = configMapsOf(cluster, namespace.name);
  await act({ proxy, reflected, put, right: () => reflectedIn(reflected, RIGHT_AGAIN_MS) });
}

interface Trouble {
  readonly name: string;
  readonly warden: Warden;
  /** How many requests meet it. Of watches that break off, the fifth in a row would have the version doubted. */
  readonly strikes: number;
  /** Lists that it takes to be right again. */
  readonly relists: number;
  readonly because: string;
}

const TROUBLES: readonly Trouble[] = [
  { name: 'resets', warden: resets, strikes: 3, relists: 0, because: 'the version that is known stays good' },
  { name: 'is slow', warden: slows(1_500), strikes: 1, relists: 0, because: 'it answers in the end' },
  {
    name: 'takes requests and answers none',
    warden: holds,
    strikes: 3,
    relists: 0,
    because: 'silence says nothing of the version',
  },
  {
    name: 'cuts a watch within a line',
    warden: onWatches(says(configMapEvent('ADDED', 'never-was', '1'), 'is cut short')),
    strikes: 3,
    relists: 0,
    because: 'half a line says nothing',
  },
  {
    name: 'refuses by 429 with Retry-After',
    warden: refuses(429, 'TooManyRequests', { 'retry-after': '1' }),
    strikes: 3,
    relists: 0,
    because: 'it asks for patience only',
  },
  {
    name: 'refuses by 401',
    warden: refuses(401, 'Unauthorized'),
    strikes: 3,
    relists: 0,
    because: 'a token may have rotated',
  },
  {
    name: 'refuses by 503',
    warden: refuses(503, 'ServiceUnavailable'),
    strikes: 3,
    relists: 0,
    because: 'it will be back',
  },
  {
    name: 'answers watches with 410',
    warden: onWatches(refuses(410, 'Expired')),
    strikes: 1,
    relists: 1,
    because: 'the version that is known has gone',
  },
  {
    name: 'says 410 within the watch',
    warden: onWatches(says(errorEvent(410, 'Expired'), 'ends')),
    strikes: 1,
    relists: 1,
    because: 'the version that is known has gone',
  },
  {
    name: 'sends an event of a time long past',
    warden: onWatches(says(configMapEvent('MODIFIED', 'kept', '1'), 'ends')),
    strikes: 1,
    relists: 1,
    because: 'what is held may not be what is',
  },
];

/** Has so many requests meet the warden, and all others pass. Resolves with the last. */
function strike(proxy: KubeProxy, warden: Warden, times: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let left = times;
  const counting: Warden = (passage) => {
    left -= 1;
    if (left === 0) {
      proxy.appoint(letPass);
      resolve();
    }
    return warden(passage);
  };
  proxy.appoint(counting);
  return promise;
}

describe.concurrent('the store is right within 10 s after a server', () => {
  test.for(TROUBLES)('$name, after $relists more lists, because $because', ({ warden, strikes: times, relists }) =>
    // A request that is not answered is given up after 30 s, were it not for this.
    withReflector({ timeouts: { connectMs: 2_000, answerMs: 2_000 } }, async (scene) => {
      const { proxy, reflected, put, right } = scene;
      await put('kept', '1');
      await right();

      const strikes = strike(proxy, warden, times);
      proxy.cut();
      await put('kept', '2');
      await put('new', '1');
      await strikes;
      await right();

      expect(reflected.lists - 1).toBe(relists);
      expect(reflected.told).not.toContain('added never-was');
      expect(reflected.told.filter((change) => change === 'added kept')).toHaveLength(1);
    }),
  );

  test('refuses connections for a while, without a list', () =>
    withReflector({}, async ({ proxy, reflected, put, right }) => {
      await put('kept', '1');
      await right();

      await proxy.close();
      await put('kept', '2');
      await sleep(FAULT_MS);
      await proxy.open();
      await right();

      expect(reflected.lists).toBe(1);
    }));

  test('lists what was long ago, and is not believed meanwhile', () =>
    withReflector({}, async ({ proxy, reflected, put, right }) => {
      await put('kept', '1');
      await right();

      proxy.appoint(onWatches(refuses(410, 'Expired')));
      proxy.cut();
      proxy.appoint(listsOfVersion('1'));
      await put('kept', '2');
      await sleep(FAULT_MS);
      proxy.appoint(letPass);
      await right();

      expect(reflected.told).not.toContain('deleted kept');
    }));

  test('lets a watch go dark, once its silence is longer than bookmarks leave it', () =>
    withReflector({ clock: fastClock(30) }, async ({ proxy, reflected, put, right }) => {
      await put('kept', '1');
      await right();
      const version =
        reflected.store
          .values()
          .map(({ metadata }) => metadata.resourceVersion ?? '')
          .at(-1) ?? '';

      proxy.appoint(onWatches(says(configMapEvent('BOOKMARK', '', version), 'goes silent')));
      proxy.cut();
      const isWatched = (): boolean => proxy.requests.filter((each) => each.includes('watch=true')).length > 1;
      await waitFor('the watch that goes dark', isWatched, Boolean);
      proxy.appoint(letPass);
      await put('kept', '2');
      await right();

      expect(reflected.lists).toBe(1);
    }));
});
