import { describe, expect, onTestFinished, test } from 'vitest';
import { createFakeKubeApi, type FakeKubeApi, LEASES } from '../../../test/support/fake-kube-api.ts';
import { createRecordingLog, type LogLine } from '../../../test/support/recording-log.ts';
import { TOY_KIND, TOYS, toy } from '../../../test/support/toy-objects.ts';
import { createVirtualClock, type VirtualClock } from '../../../test/support/virtual-clock.ts';
import { type KubeApi, KubeError, type KubeWatchEvent } from '../kube/kube-api.ts';
import type { StoreChange } from './object-store.ts';
import { createReflector, type Reflector } from './reflector.ts';

interface Scene {
  readonly clock: VirtualClock;
  readonly api: FakeKubeApi;
  readonly reflector: Reflector;
  /** As `added shop/a`. */
  readonly told: string[];
  readonly changes: StoreChange[];
  readonly lines: readonly LogLine[];
  readonly counts: { lists: number; ends: string[]; handlerFailures: number };
  readonly stop: () => Promise<void>;
}

interface Casting {
  readonly before?: (api: FakeKubeApi) => void;
  readonly wrap?: (api: FakeKubeApi) => KubeApi;
  readonly onChange?: (change: StoreChange) => void;
  readonly namespaces?: readonly string[];
  readonly random?: () => number;
  readonly historyLimit?: number;
}

/** A reflector that runs on a fake API server, with one turn of the clock behind it. */
async function play({
  before,
  wrap,
  onChange,
  namespaces,
  random = () => 0.5,
  historyLimit,
}: Casting = {}): Promise<Scene> {
  const clock = createVirtualClock();
  const api = createFakeKubeApi({ clock, kinds: [TOY_KIND], historyLimit });
  before?.(api);
  const log = createRecordingLog();
  const changes: StoreChange[] = [];
  const told: string[] = [];
  const counts = { lists: 0, ends: [] as string[], handlerFailures: 0 };
  const reflector = createReflector({
    api: wrap?.(api) ?? api,
    resource: TOYS,
    namespaces,
    clock,
    random,
    log,
    metrics: {
      listed: () => void (counts.lists += 1),
      watchEnded: (because) => void counts.ends.push(because),
      handlerFailed: () => void (counts.handlerFailures += 1),
    },
    onChange: (change) => {
      changes.push(change);
      told.push(`${change.is} ${change.key}`);
      onChange?.(change);
    },
  });
  const life = new AbortController();
  const running = reflector.run(life.signal);
  async function stop(): Promise<void> {
    life.abort();
    await running;
  }
  onTestFinished(stop);
  await clock.settle();
  return { clock, api, reflector, told, changes, lines: log.lines, counts, stop };
}

describe('a reflector', () => {
  test('tells what there is, and then what changes', async () => {
    const { clock, api, told, changes, reflector } = await play({ before: (server) => server.apply(toy('a')) });

    api.apply(toy('b'));
    api.apply(toy('a', { size: 2 }));
    api.delete(TOYS, { namespace: 'shop', name: 'b' });
    await clock.settle();

    expect(told).toEqual(['added shop/a', 'added shop/b', 'updated shop/a', 'deleted shop/b']);
    expect(changes.map(({ isInitial }) => isInitial)).toEqual([true, false, false, false]);
    expect(changes[2]?.previous?.['spec']).toEqual({});
    expect(reflector.store.keys()).toEqual(['shop/a']);
    expect(reflector.store.get('shop/a')?.['spec']).toEqual({ size: 2 });
  });

  test('has synced once the last page is told, because workers begin then', async () => {
    const clock = createVirtualClock();
    const api = createFakeKubeApi({ clock, kinds: [TOY_KIND], latencyMs: 100 });
    for (let index = 0; index < 1_200; index += 1) api.apply(toy(`t-${index}`));
    const options = { api, resource: TOYS, clock, random: () => 0, log: createRecordingLog() };
    const reflector = createReflector({ ...options, onChange: () => undefined });
    const life = new AbortController();
    const running = reflector.run(life.signal);
    const synced = reflector.whenSynced(life.signal);

    await clock.advance(299);
    expect([reflector.hasSynced, reflector.store.size]).toEqual([false, 0]);
    await clock.advance(1);
    await synced;

    expect([reflector.hasSynced, reflector.store.size, api.calls.get('list toys')]).toEqual([true, 1_200, 3]);
    life.abort();
    await running;
  });

  test('keeps objects that nobody can change, without managedFields', async () => {
    const given = toy('a', { list: [{ deep: 1 }] });
    const metadata = { ...given.metadata, managedFields: [{ manager: 'kubectl' }] };
    const { reflector } = await play({ before: (api) => api.apply({ ...given, metadata }) });

    const object = reflector.store.get('shop/a');

    expect(object?.metadata).not.toHaveProperty('managedFields');
    expect(Object.isFrozen(object)).toBe(true);
    expect(Object.isFrozen((object as unknown as { spec: { list: [object] } }).spec.list[0])).toBe(true);
  });

  test('follows the namespaces that it was given, and no other', async () => {
    const { clock, api, told, reflector } = await play({ namespaces: ['shop', 'bank'] });

    api.apply(toy('a'));
    api.apply(toy('a', {}, 'bank'));
    api.apply(toy('a', {}, 'home'));
    await clock.settle();
    expect(told.toSorted()).toEqual(['added bank/a', 'added shop/a']);

    api.compact();
    api.endWatches('reset');
    await clock.advance(60_000);
    expect(reflector.store.keys().toSorted()).toEqual(['bank/a', 'shop/a']);
    expect(told).toHaveLength(2);
  });

  test('shows a delete and recreate that it missed as both, because the old resource is to be cleaned up', async () => {
    const { clock, api, told, changes } = await play({ before: (server) => server.apply(toy('a', { size: 1 })) });

    api.endWatches('reset');
    api.delete(TOYS, { namespace: 'shop', name: 'a' });
    api.apply(toy('a', { size: 2 }));
    api.compact();
    await clock.advance(60_000);

    expect(told).toEqual(['added shop/a', 'deleted shop/a', 'added shop/a']);
    expect(changes[1]?.object['spec']).toEqual({ size: 1 });
    expect(changes[1]?.object.metadata.uid).not.toBe(changes[2]?.object.metadata.uid);
  });

  test('contains what a handler throws and reports it, because the next change must still come', async () => {
    const { clock, api, told, counts, lines } = await play({
      onChange: ({ key }) => {
        if (key === 'shop/a') throw new Error('the handler is broken');
      },
    });

    api.apply(toy('a'));
    api.apply(toy('b'));
    await clock.settle();

    expect(told).toEqual(['added shop/a', 'added shop/b']);
    expect(counts.handlerFailures).toBe(1);
    expect(lines.find(({ level }) => level === 'error')?.facts).toMatchObject({ resource: 'toys', key: 'shop/a' });
  });
});

describe('a reflector whose watch ends', () => {
  test('in due time goes on from the last version at once, without a list', async () => {
    const { clock, api, counts, told } = await play({ random: () => 0 });

    await clock.advance(300_000);
    api.apply(toy('a'));
    await clock.settle();

    expect([counts.lists, counts.ends, told]).toEqual([1, ['timeout'], ['added shop/a']]);
  });

  test('asks for 300 to 600 seconds, so that not all watches end together', async () => {
    const asked: number[] = [];
    for (const chance of [0, 0.5, 0.999]) {
      await play({ random: () => chance, wrap: (api) => spyOnWatch(api, (seconds) => asked.push(seconds)) });
    }

    expect(asked).toEqual([300, 450, 600]);
  });

  test.for([
    { how: 'reset' as const, name: 'a broken connection' },
    { how: { code: 500, reason: 'InternalError', message: 'etcd leader changed' }, name: 'an ERROR event' },
  ])('by $name resumes from where it was, because nothing was missed', async ({ how }) => {
    const { clock, api, counts, told } = await play();
    api.apply(toy('a'));
    await clock.settle();

    api.endWatches(how);
    api.apply(toy('b'));
    await clock.advance(800);

    expect(told).toEqual(['added shop/a', 'added shop/b']);
    expect(counts.lists).toBe(1);
  });

  test.for([
    { name: 'is refused with 410', strike: (api: FakeKubeApi) => [api.endWatches('reset'), api.compact()] },
    { name: 'brings 410', strike: (api: FakeKubeApi) => [api.compact()] },
    {
      name: 'meets a server that lags',
      strike: (api: FakeKubeApi) => [
        api.faults.add({
          verb: 'watch',
          error: new KubeError({ code: 504, reason: 'Timeout', message: 'Too large resource version: 9, current: 3' }),
        }),
        api.endWatches('close'),
      ],
    },
  ])('lists again where the watch $name, and tells what it missed', async ({ strike }) => {
    const { clock, api, counts, told } = await play({
      before: (server) => [server.apply(toy('a')), server.apply(toy('gone'))],
    });
    api.holdWatches(true);
    api.apply(toy('a', { size: 2 }));
    api.apply(toy('new'));
    api.delete(TOYS, { namespace: 'shop', name: 'gone' });

    strike(api);
    api.holdWatches(false);
    await clock.advance(2_000);

    expect(counts.lists).toBe(2);
    expect(told.slice(2).toSorted()).toEqual(['added shop/new', 'deleted shop/gone', 'updated shop/a']);
  });

  test('resumes after a bookmark, because a quiet resource would fall out of the window', async () => {
    const { clock, api, counts } = await play({ historyLimit: 3 });
    for (let index = 0; index < 5; index += 1) await touchLease(api);
    api.bookmark();
    await clock.settle();

    api.endWatches('reset');
    await clock.advance(2_000);

    expect([counts.lists, api.calls.get('watch toys')]).toEqual([1, 2]);
  });
});

describe('a reflector in trouble', () => {
  test.for([
    { name: 'no connection', error: 'reset' as const },
    { name: '401', error: new KubeError({ code: 401, reason: 'Unauthorized', message: 'Unauthorized' }) },
    { name: '403', error: new KubeError({ code: 403, reason: 'Forbidden', message: 'toys is forbidden' }) },
    { name: '404', error: new KubeError({ code: 404, reason: 'NotFound', message: 'no such resource' }) },
    { name: '500', error: new KubeError({ code: 500, reason: 'InternalError', message: 'etcd has no leader' }) },
  ])('comes back after an hour of $name, for the list and for the watch', async ({ error }) => {
    const { clock, api, told } = await play();
    const trouble = api.faults.add({ error, times: Number.POSITIVE_INFINITY });
    api.endWatches('reset');

    await clock.advance(3_600_000);
    trouble.remove();
    api.apply(toy('a'));
    await clock.advance(30_000);

    expect(told).toEqual(['added shop/a']);
    expect(trouble.fired).toBeLessThan(1_000);
  });

  test.for([
    { name: 'no connection', error: 'reset' as const },
    { name: '401', error: new KubeError({ code: 401, reason: 'Unauthorized', message: 'Unauthorized' }) },
    { name: '403', error: new KubeError({ code: 403, reason: 'Forbidden', message: 'toys is forbidden' }) },
    { name: '429', error: new KubeError({ code: 429, reason: 'TooManyRequests', message: 'later' }) },
    { name: '503', error: new KubeError({ code: 503, reason: '', message: 'no server is available' }) },
  ])('needs 10 s at most and no list after $name, because the version that it has stays good', async ({ error }) => {
    const { clock, api, told, counts } = await play({ random: () => 0.999 });
    const trouble = api.faults.add({ verb: 'watch', error, times: Number.POSITIVE_INFINITY });
    api.endWatches('reset');
    await clock.advance(600_000);

    trouble.remove();
    api.apply(toy('a'));
    await clock.advance(10_000);

    expect(told).toEqual(['added shop/a']);
    expect(counts.lists).toBe(1);
  });

  test('lists again after five watches in a row that broke off, because the version may be what breaks them', async () => {
    const error = new KubeError({ code: 0, reason: 'BrokenOff', message: 'the watch broke off' });
    const { clock, api, counts } = await play();
    api.faults.add({ verb: 'watch', error, times: 5 });
    api.endWatches('reset');

    await clock.advance(60_000);

    expect(counts.lists).toBe(2);
  });

  test('syncs once a first list succeeds, however many failed', async () => {
    const { clock, reflector } = await play({
      before: (api) => api.faults.add({ verb: 'list', error: 'reset', times: 5 }),
    });
    expect(reflector.hasSynced).toBe(false);

    await clock.runUntil(() => reflector.hasSynced, { limitMs: 60_000 });

    expect(reflector.hasSynced).toBe(true);
  });

  test('waits as long as the server asks it to', async () => {
    const error = new KubeError({ code: 429, reason: 'TooManyRequests', message: 'later' }, { retryAfterMs: 20_000 });
    const { clock, api, reflector } = await play({ before: (server) => server.faults.add({ verb: 'list', error }) });

    await clock.advance(19_999);
    expect(api.calls.get('list toys')).toBe(1);
    await clock.advance(1);

    expect(reflector.hasSynced).toBe(true);
  });

  test('gives up a list that hangs', async () => {
    const { clock, reflector } = await play({
      before: (api) => api.faults.add({ verb: 'list', error: 'hang' }),
    });

    await clock.advance(61_000);

    expect(reflector.hasSynced).toBe(true);
  });

  test('begins a watch again that went dark, soon where bookmarks were seen', async () => {
    const { clock, api, told, counts } = await play();
    await touchLease(api);
    await clock.advance(61_000);
    api.endWatches('dark');
    api.apply(toy('a'));

    await clock.advance(181_000);

    expect(told).toEqual(['added shop/a']);
    expect(counts.ends).toEqual(['Silence']);
  });

  test('begins a watch again that was dark from the start, after its planned end', async () => {
    const { clock, api, told } = await play();
    api.endWatches('dark');
    api.apply(toy('a'));

    await clock.advance(450_000);
    expect(told).toEqual([]);
    await clock.advance(31_000);

    expect(told).toEqual(['added shop/a']);
  });

  test('does not ask in a tight loop where each watch ends at once', async () => {
    const { clock, api } = await play({
      wrap: (server) => ({
        ...server,
        async *watch(...args: Parameters<KubeApi['watch']>): AsyncIterable<KubeWatchEvent> {
          for await (const event of server.watch(...args))
            if (event.type === 'ERROR') yield event;
            else return;
        },
      }),
    });

    for (let index = 0; index < 60; index += 1) {
      await touchLease(api);
      api.bookmark();
      await clock.advance(1_000);
    }

    expect(api.calls.get('watch toys')).toBeLessThan(20);
  });

  test('stops at once, even while all calls hang and ignore its signal', async () => {
    const never = new Promise<never>(() => undefined);
    const { stop, clock } = await play({ wrap: (api) => ({ ...api, list: () => never }) });

    await stop();

    expect(clock.pendingTimers).toBe(0);
  });
});

describe('a reflector that sees time go back', () => {
  test('lists again rather than believe an older event', async () => {
    const newer = { ...toy('a'), metadata: { ...toy('a').metadata, uid: 'u', resourceVersion: '90' } };
    const older = { ...toy('a'), metadata: { ...toy('a').metadata, uid: 'u', resourceVersion: '80' } };
    const { clock, reflector, counts } = await play({
      wrap: withEvents({ type: 'ADDED', object: newer }, { type: 'DELETED', object: older }),
    });

    expect(reflector.store.get('shop/a')?.metadata.resourceVersion).toBe('90');
    await clock.advance(3_600_000);

    expect(counts.lists).toBeGreaterThanOrEqual(2);
    expect(reflector.store.size).toBe(0);
  });

  test('ignores an event that comes twice', async () => {
    const twice = { ...toy('a'), metadata: { ...toy('a').metadata, uid: 'u', resourceVersion: '90' } };
    const { told, counts } = await play({
      wrap: withEvents({ type: 'ADDED', object: twice }, { type: 'ADDED', object: twice }),
    });

    expect([told, counts.lists]).toEqual([['added shop/a'], 1]);
  });

  test('finds out that a backup was restored, although a watch from a version yet to come is silent', async () => {
    const far = { metadata: { name: '', resourceVersion: '900' } };
    const { clock, api, reflector } = await play({
      before: (server) => server.apply(toy('a')),
      wrap: withEvents({ type: 'BOOKMARK', object: far }),
    });
    await clock.settle();
    api.endWatches('reset');
    await clock.advance(1_000);
    api.delete(TOYS, { namespace: 'shop', name: 'a' });

    await clock.advance(1_800_000);

    expect(reflector.store.size).toBe(0);
  });

  test('believes an older list only when it stays so, because a server may lag and a backup may be restored', async () => {
    const far = { metadata: { name: '', resourceVersion: '900' } };
    const { clock, api, reflector, counts } = await play({
      before: (server) => server.apply(toy('a')),
      wrap: withEvents(
        { type: 'BOOKMARK', object: far },
        { type: 'ERROR', status: { code: 410, reason: 'Expired', message: '' } },
      ),
    });
    api.delete(TOYS, { namespace: 'shop', name: 'a' });

    await clock.advance(1_000);
    expect([reflector.store.size, counts.lists]).toEqual([1, 1]);
    await clock.advance(120_000);

    expect([reflector.store.size, counts.lists]).toEqual([0, 2]);
  });
});

/** The version of the server rises, though nothing of the toys changes: a bookmark has something to say. */
async function touchLease(api: FakeKubeApi): Promise<void> {
  const metadata = { name: `lease-${api.writes.length}`, namespace: 'shop' };
  await api.create(LEASES, { metadata }, new AbortController().signal);
}

/** The first watch begins with these. */
function withEvents(...events: readonly KubeWatchEvent[]): (api: FakeKubeApi) => KubeApi {
  let isFirst = true;
  return (api) => ({
    ...api,
    async *watch(...args: Parameters<KubeApi['watch']>): AsyncIterable<KubeWatchEvent> {
      const begins = isFirst ? events : [];
      isFirst = false;
      yield* begins;
      yield* api.watch(...args);
    },
  });
}

function spyOnWatch(api: FakeKubeApi, onWatch: (timeoutSeconds: number) => void): KubeApi {
  return {
    ...api,
    watch(resource, options, signal) {
      onWatch(options.timeoutSeconds);
      return api.watch(resource, options, signal);
    },
  };
}
