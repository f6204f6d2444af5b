import * as fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createFakeKubeApi, type FakeKubeApi } from '../../../test/support/fake-kube-api.ts';
import { createVirtualClock, type VirtualClock } from '../../../test/support/virtual-clock.ts';
import { Failure } from '../../core/failure.ts';
import { type Clock, sleepOn } from '../../lib/clock.ts';
import { silentLog } from '../../lib/log.ts';
import { type KubeApi, KubeError } from '../kube/kube-api.ts';
import { createLeaderElector, type LeaderElector } from './leader-election.ts';
import { LEASES } from './lease.ts';

const KEY = { namespace: 'system', name: 'ecs-operator' };

interface Candidate {
  readonly elector: LeaderElector;
  readonly told: string[];
  stop(): Promise<void>;
}

function stand(identity: string, api: KubeApi, clock: Clock, random = () => 0.5): Candidate {
  const told: string[] = [];
  const elector = createLeaderElector({
    ...KEY,
    api,
    clock,
    random,
    identity,
    log: silentLog,
    onMasterStatus: (isLeader) => void told.push(isLeader ? 'master' : 'not master'),
  });
  const life = new AbortController();
  const callbacks = {
    onStarted: () => void told.push('started'),
    onLost: (because: string) => void told.push(`lost: ${because}`),
  };
  const running = elector.run(callbacks, life.signal);
  async function stop(): Promise<void> {
    life.abort();
    await running;
  }
  return { elector, told, stop };
}

function play(): { readonly clock: VirtualClock; readonly api: FakeKubeApi } {
  const clock = createVirtualClock();
  return { clock, api: createFakeKubeApi({ clock }) };
}

function holderOf(api: FakeKubeApi): unknown {
  return (api.object(LEASES, KEY)?.['spec'] as Record<string, unknown> | undefined)?.['holderIdentity'];
}

describe('a leader elector', () => {
  test('takes a lease that nobody holds, and renews it every 2 s with one call', async () => {
    const { clock, api } = play();
    const a = stand('a', api, clock);
    onTestFinished(a.stop);
    await clock.settle();
    expect([a.elector.isLeader(), holderOf(api)]).toEqual([true, 'a']);

    await clock.advance(60_000);

    expect(a.told).toEqual(['not master', 'master', 'started']);
    expect(api.writes).toHaveLength(31);
    expect(api.calls.get('get leases')).toBe(1);
    expect(api.object(LEASES, KEY)?.['spec']).toEqual({
      holderIdentity: 'a',
      leaseDurationSeconds: 15,
      acquireTime: '2026-01-01T00:00:00.000000Z',
      renewTime: '2026-01-01T00:01:00.000000Z',
      leaseTransitions: 0,
    });
  });

  test('waits while another renews, and takes over once that one has been silent for 15 s', async () => {
    const { clock, api } = play();
    const broken = new AbortController();
    const a = stand('a', breakable(api, broken.signal), clock);
    await clock.settle();
    const b = stand('b', api, clock);
    onTestFinished(b.stop);
    await clock.advance(120_000);
    expect([a.elector.isLeader(), b.elector.isLeader()]).toEqual([true, false]);

    broken.abort();
    await clock.advance(12_000);
    expect(a.told.at(-1)).toBe('lost: it could not be renewed in time');
    expect([a.elector.isLeader(), b.elector.isLeader()]).toEqual([false, false]);
    await clock.advance(8_000);

    expect([b.elector.isLeader(), holderOf(api)]).toEqual([true, 'b']);
    expect(api.object(LEASES, KEY)?.['spec']).toMatchObject({ leaseTransitions: 1 });
    await a.stop();
  });

  test('releases the lease when it ends, so that the next one need not wait', async () => {
    const { clock, api } = play();
    const a = stand('a', api, clock);
    await clock.settle();
    const b = stand('b', api, clock);
    onTestFinished(b.stop);
    await clock.settle();

    await a.stop();
    expect([a.elector.isLeader(), holderOf(api)]).toEqual([false, '']);
    await clock.advance(1_200);

    expect(b.elector.isLeader()).toBe(true);
    expect(a.told).toEqual(['not master', 'master', 'started', 'not master']);
  });

  test('ends although the release hangs, because a process must', async () => {
    const { clock, api } = play();
    const a = stand('a', api, clock);
    await clock.settle();
    api.faults.add({ verb: 'replace', error: 'hang' });

    const stopped = a.stop();
    await clock.advance(5_000);
    await stopped;

    expect(holderOf(api)).toBe('a');
  });

  test('releases what it may hold when it ends within the claim', async () => {
    const { clock, api } = play();
    api.faults.add({ verb: 'create', when: 'after', error: 'hang' });
    const a = stand('a', api, clock);
    await clock.settle();
    expect(a.elector.isLeader()).toBe(false);

    await a.stop();

    expect(holderOf(api)).toBe('');
  });

  test('keeps what others wrote into the lease', async () => {
    const { clock, api } = play();
    const metadata = { ...KEY, labels: { app: 'shop' } };
    await api.create(LEASES, { metadata, spec: { strategy: 'OldestEmulationVersion' } }, new AbortController().signal);
    const a = stand('a', api, clock);
    onTestFinished(a.stop);

    await clock.advance(4_000);

    expect(api.object(LEASES, KEY)).toMatchObject({
      metadata: { labels: { app: 'shop' } },
      spec: { strategy: 'OldestEmulationVersion', holderIdentity: 'a' },
    });
  });
});

describe('a leader', () => {
  test.for([
    {
      name: 'errors',
      when: 'before' as const,
      error: new KubeError({ code: 500, reason: 'InternalError', message: 'no etcd' }),
    },
    { name: 'silence', when: 'before' as const, error: 'hang' as const },
    { name: 'lost answers', error: 'reset' as const, when: 'after' as const },
  ])('bears $name for less than 10 s', async ({ error, when }) => {
    const { clock, api } = play();
    const a = stand('a', api, clock);
    onTestFinished(a.stop);
    await clock.settle();

    const trouble = api.faults.add({ verb: 'replace', error, when, times: Number.POSITIVE_INFINITY });
    await clock.advance(8_500);
    trouble.remove();
    await clock.advance(6_000);

    expect(trouble.fired).toBeGreaterThan(0);
    expect([a.elector.isLeader(), a.told.at(-1)]).toEqual([true, 'started']);
  });

  test('goes on when somebody annotates the lease', async () => {
    const { clock, api } = play();
    const a = stand('a', api, clock);
    onTestFinished(a.stop);
    await clock.settle();

    api.edit(LEASES, KEY, { metadata: { annotations: { note: 'x' } } });
    await clock.advance(20_000);

    expect([a.elector.isLeader(), a.told.at(-1)]).toEqual([true, 'started']);
  });

  test.for([
    { name: 'is taken', spec: { holderIdentity: 'b' }, because: 'it is held by b' },
    { name: 'was held by another and is free again', spec: { holderIdentity: '' }, because: 'it was released' },
  ])('learns that its lease $name', async ({ spec, because }) => {
    const { clock, api } = play();
    const a = stand('a', api, clock);
    onTestFinished(a.stop);
    await clock.settle();

    api.edit(LEASES, KEY, { spec });
    await clock.advance(2_000);

    expect(a.told.at(3)).toBe('not master');
    expect(a.told.at(4)).toBe(`lost: ${because}`);
  });

  test('learns that its lease was deleted', async () => {
    const { clock, api } = play();
    const a = stand('a', api, clock);
    onTestFinished(a.stop);
    await clock.settle();

    api.delete(LEASES, KEY);
    await clock.advance(2_000);
    expect(a.told.at(4)).toBe('lost: it was deleted');
    await clock.advance(3_000);

    expect(a.elector.isLeader()).toBe(true);
  });

  test('that stood still does not believe that it leads, although no timer told it', async () => {
    const { clock, api } = play();
    const a = stand('a', api, clock);
    onTestFinished(a.stop);
    await clock.settle();
    expect(() => a.elector.assertHeld()).not.toThrow();

    clock.stall(13_500);

    expect(a.elector.isLeader()).toBe(false);
    expect(() => a.elector.assertHeld()).toThrow(Failure);
    expect(() => a.elector.assertHeld()).toThrow(expect.objectContaining({ code: 'NotLeader' }));
  });

  test('that was suspended does not believe that it leads, although its monotonic clock stood still as well', async () => {
    const { clock, api } = play();
    const a = stand('a', api, clock);
    onTestFinished(a.stop);
    await clock.settle();

    clock.jump(60_000);
    expect(a.elector.isLeader()).toBe(false);
    await clock.advance(2_000);

    expect([a.elector.isLeader(), a.told.at(-1)]).toEqual([true, 'started']);
  });

  test('holds on when the wall clock is set back, because nothing else has changed', async () => {
    const { clock, api } = play();
    const a = stand('a', api, clock);
    onTestFinished(a.stop);
    await clock.settle();

    clock.jump(-3_600_000);

    expect(a.elector.isLeader()).toBe(true);
    await clock.advance(30_000);
    expect([a.elector.isLeader(), a.told.at(-1)]).toEqual([true, 'started']);
  });

  test('counts its term from before the write was sent, because the others may see it at once', async () => {
    const clock = createVirtualClock();
    const api = createFakeKubeApi({ clock, latencyMs: 1_500 });
    const a = stand('a', api, clock);
    await clock.advance(3_000);
    expect(a.elector.isLeader()).toBe(true);

    clock.stall(12_000);

    expect(a.elector.isLeader()).toBe(false);
    const stopped = a.stop();
    await clock.advance(10_000);
    await stopped;
  });
});

describe('two electors', () => {
  test('never hold the lease both, however slow, dark or paused they are', async () => {
    const step = fc.record({
      who: fc.constantFrom(0, 1),
      what: fc.constantFrom('pause', 'dark', 'lossy', 'jump', 'nothing', 'nothing'),
      ms: fc.constantFrom(500, 3_000, 9_000, 14_000, 17_000, 40_000),
    });
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), neverBoth), { numRuns: 60 });
  });
});

interface Trouble {
  readonly who: number;
  readonly what: string;
  readonly ms: number;
}

async function neverBoth(troubles: readonly Trouble[]): Promise<void> {
  const { clock, api } = play();
  const worlds = ['a', 'b'].map((identity) => {
    const paused = pausable(clock);
    const link = troubled(api, clock);
    return { paused, link, candidate: stand(identity, link.api, paused.clock) };
  });
  let led = 0;
  for (const { who, what, ms } of troubles) {
    const world = worlds[who];
    if (what === 'pause') world?.paused.pause(ms);
    if (what === 'dark' || what === 'lossy') world?.link.trouble(what, ms);
    if (what === 'jump') clock.jump(ms);
    for (let passed = 0; passed < ms + 5_000; passed += 250) {
      await clock.advance(250);
      const leaders = worlds.filter(({ candidate }) => candidate.elector.isLeader());
      led += leaders.length;
      expect(leaders.length).toBeLessThan(2);
    }
  }
  await clock.advance(120_000);
  expect(worlds.filter(({ candidate }) => candidate.elector.isLeader())).toHaveLength(1);
  expect(led).toBeGreaterThan(0);
  const stopping = Promise.all(worlds.map(({ candidate }) => candidate.stop()));
  await clock.advance(10_000);
  await stopping;
}

/** A process of its own: while it is paused its timers do not fire, and its clocks go on. */
function pausable(clock: VirtualClock): { readonly clock: Clock; pause(ms: number): void } {
  let until = 0;
  const own: Clock = {
    now: clock.now,
    monotonic: clock.monotonic,
    sleep: (ms, signal) => sleepOn(own, ms, signal),
    schedule: (ms, callback) => {
      let cancel = clock.schedule(ms, function fire() {
        const restMs = until - clock.monotonic();
        if (restMs > 0) cancel = clock.schedule(restMs, fire);
        else callback();
      });
      return () => cancel();
    },
  };
  return { clock: own, pause: (ms) => void (until = clock.monotonic() + ms) };
}

/** A connection of its own: calls hang in the dark, and take effect without an answer where it is lossy. */
function troubled(
  api: FakeKubeApi,
  clock: VirtualClock,
): { readonly api: KubeApi; trouble(what: string, ms: number): void } {
  let what = 'none';
  let until = 0;
  async function pass<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T> {
    if (clock.monotonic() >= until) return call();
    if (what === 'lossy') await call().catch(() => undefined);
    await clock.sleep(until - clock.monotonic(), signal);
    if (what === 'lossy') throw new KubeError({ code: 0, reason: 'Unreachable', message: 'reset' });
    return call();
  }
  return {
    api: {
      ...api,
      get: (...args) => pass(() => api.get(...args), args[2]),
      create: (...args) => pass(() => api.create(...args), args[2]),
      replace: (...args) => pass(() => api.replace(...args), args[2]),
    },
    trouble: (kind, ms) => {
      what = kind;
      until = clock.monotonic() + ms;
    },
  };
}

/** After the signal aborts nothing is reached any more. */
function breakable(api: FakeKubeApi, signal: AbortSignal): KubeApi {
  return {
    ...api,
    get: (...args) => (signal.aborted ? refuse() : api.get(...args)),
    replace: (...args) => (signal.aborted ? refuse() : api.replace(...args)),
  };
}

function refuse(): Promise<never> {
  return Promise.reject(new KubeError({ code: 0, reason: 'Unreachable', message: 'no route' }));
}
