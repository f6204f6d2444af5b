import { describe, expect, test } from 'vitest';
import { aBox, BOX_KIND, BOXES, SHELF_KIND, toyRegistration } from '../../test/support/toy-kind.ts';
import { createPlayground, TOY_IDENTITY } from '../../test/support/toy-operator.ts';
import { silentLog } from '../lib/log.ts';
import type { LeadershipCallbacks } from './leader-election/leader-election.ts';
import type { ManagerOptions } from './manager.ts';
import { createOperator } from './operator.ts';
import { createMetrics } from './telemetry/metrics.ts';

interface Setting {
  readonly isElected?: boolean;
  readonly watches?: ManagerOptions['watches'];
  readonly flush?: ManagerOptions['flush'];
}

/** A manager of both toys, and an election in the test's hand. */
function setUp({ isElected = true, watches, flush }: Setting = {}) {
  const playground = createPlayground();
  const { clock, api, world } = playground;
  let callbacks: LeadershipCallbacks | undefined;
  let isReleased = false;
  const elector = {
    async run(given: LeadershipCallbacks, signal: AbortSignal): Promise<void> {
      callbacks = given;
      if (isElected) given.onStarted();
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      isReleased = true;
    },
  };
  const metrics = createMetrics({
    prefix: 'toys_',
    clock,
    controllers: ['box', 'shelf'],
    workers: 2,
    leaseName: 'toys',
    kubeHost: 'kube',
  });
  const manager = createOperator({
    registrations: [toyRegistration(BOX_KIND, world), toyRegistration(SHELF_KIND, world)],
    api,
    identity: TOY_IDENTITY,
    clock,
    random: () => 0.5,
    log: silentLog,
    metrics,
    record: () => undefined,
    workers: 2,
    resyncIntervalMs: 600_000,
    shutdownGraceMs: 20_000,
    elector,
    watches,
    flush,
  });
  const stop = new AbortController();
  return {
    ...playground,
    manager,
    metrics,
    stop,
    lead: () => callbacks?.onStarted(),
    lose: () => callbacks?.onLost('the test says so'),
    isReleased: () => isReleased,
  };
}

describe('the manager', () => {
  test('works while it leads, and ends with nothing left open', async () => {
    const { api, clock, manager, stop, condition, isReleased } = setUp();
    api.apply(aBox('red'));
    const ending = manager.run(stop.signal);
    await clock.runUntil(() => condition(BOXES, 'red', 'Ready') === 'True InSync');

    stop.abort();

    await expect(ending).resolves.toBe('stopped');
    expect([isReleased(), api.openWatches, clock.pendingTimers]).toEqual([true, 0, 0]);
  });

  test('gives the lease back before all is told, because the next leader need not wait for that', async () => {
    const telling = Promise.withResolvers<void>();
    const { clock, manager, stop, isReleased } = setUp({ flush: () => telling.promise });
    let ended: string | undefined;
    void manager.run(stop.signal).then((ending) => (ended = ending));
    await clock.runUntil(() => manager.isReady);

    stop.abort();
    await clock.settle();
    expect([isReleased(), ended]).toEqual([true, undefined]);
    telling.resolve();
    await clock.settle();

    expect(ended).toBe('stopped');
  });

  test('as a standby fills its caches, writes nothing, and takes over without a list', async () => {
    const { api, clock, world, manager, stop, lead, condition } = setUp({ isElected: false });
    api.apply(aBox('red'));
    void manager.run(stop.signal);
    await clock.runUntil(() => manager.isReady);
    await clock.advance(60_000);
    expect([api.writes, world.reads]).toEqual([[], []]);
    const lists = api.calls.get('list boxes');

    lead();
    await clock.runUntil(() => condition(BOXES, 'red', 'Ready') === 'True InSync');

    expect(api.calls.get('list boxes')).toBe(lists);
    stop.abort();
  });

  test('is not ready before its caches are filled', async () => {
    const { api, clock, manager, stop } = setUp();
    api.setDown(true);
    void manager.run(stop.signal);
    await clock.advance(60_000);
    expect(manager.isReady).toBe(false);

    api.setDown(false);
    await clock.runUntil(() => manager.isReady);

    stop.abort();
  });

  test('works on nothing before it knows what else is to be known', async () => {
    const known = Promise.withResolvers<void>();
    let hasSynced = false;
    let hasEnded = false;
    const watch = {
      get hasSynced() {
        return hasSynced;
      },
      whenSynced: () => known.promise,
      async run(signal: AbortSignal) {
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
        hasEnded = true;
      },
    };
    const { api, clock, world, manager, stop, condition } = setUp({ watches: [watch] });
    api.apply(aBox('red'));
    const ending = manager.run(stop.signal);
    await clock.advance(60_000);
    expect([manager.isReady, world.reads]).toEqual([false, []]);

    hasSynced = true;
    known.resolve();
    await clock.runUntil(() => condition(BOXES, 'red', 'Ready') === 'True InSync');

    expect(manager.isReady).toBe(true);
    stop.abort();
    await ending;
    expect(hasEnded).toBe(true);
  });

  test('that is told to end while the API server is away ends', async () => {
    const { api, clock, manager, stop } = setUp();
    api.setDown(true);
    const ending = manager.run(stop.signal);
    await clock.advance(1_000);

    stop.abort();

    await expect(ending).resolves.toBe('stopped');
  });

  test('lets steps under way finish, and holds the lease until then', async () => {
    const { api, clock, world, manager, stop, isReleased } = setUp();
    const step = Promise.withResolvers<void>();
    world.onWrite = (_step, when) => (when === 'before' ? step.promise : undefined);
    api.apply(aBox('red'));
    const ending = manager.run(stop.signal);
    await clock.advance(10);

    stop.abort();
    await clock.advance(5_000);
    expect([isReleased(), world.boxes.size]).toEqual([false, 0]);
    step.resolve();

    await expect(ending).resolves.toBe('stopped');
    expect(world.boxes.size).toBe(1);
  });

  test('gives up at once what it only looks at, because the next leader looks anew', async () => {
    const { api, clock, world, manager, stop } = setUp();
    world.onRead = () => new Promise(() => undefined);
    api.apply(aBox('red'));
    const ending = manager.run(stop.signal);
    await clock.advance(10);
    expect(world.reads).toHaveLength(1);
    const writes = api.writes.length;

    stop.abort();

    await expect(ending).resolves.toBe('stopped');
    expect(api.writes).toHaveLength(writes);
  });

  test('gives up steps that take longer than the grace', async () => {
    const { api, clock, world, manager, stop } = setUp();
    world.onWrite = () => new Promise(() => undefined);
    api.apply(aBox('red'));
    const ending = manager.run(stop.signal);
    await clock.advance(10);

    stop.abort();
    await clock.advance(20_000);

    await expect(ending).resolves.toBe('stopped');
  });

  test('that loses the lease drops everything at once', async () => {
    const { api, clock, world, manager, stop, lose } = setUp();
    let isGivenUp = false;
    world.write = (_step, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          isGivenUp = true;
          reject(signal.reason);
        });
      });
    api.apply(aBox('red'));
    const ending = manager.run(stop.signal);
    await clock.advance(10);
    const writes = api.writes.length;

    lose();

    await expect(ending).resolves.toBe('lease-lost');
    expect(isGivenUp).toBe(true);
    expect(api.writes.length).toBe(writes);
  });

  test('knows how long the longest reconcile runs', async () => {
    const { api, clock, world, manager, stop } = setUp();
    world.onWrite = () => new Promise(() => undefined);
    api.apply(aBox('red'));
    void manager.run(stop.signal);

    await clock.advance(30_000);

    expect(manager.longestRunningMs).toBe(30_000);
    stop.abort();
    await clock.advance(20_000);
  });
});

describe('the metrics', () => {
  test('have every label from the start, and count under the names that dashboards know', async () => {
    const { api, clock, manager, metrics, stop, condition } = setUp();
    const before = await metrics.registry.metrics();
    expect(before).toContain('controller_runtime_reconcile_total{controller="shelf",result="error"} 0');
    expect(before).toContain('workqueue_retries_total{name="box",controller="box"} 0');
    expect(before).toContain('toys_events_discarded_total{because="full"} 0');
    expect(before).toContain('leader_election_master_status{name="toys"} 0');

    api.apply(aBox('red'));
    void manager.run(stop.signal);
    await clock.runUntil(() => condition(BOXES, 'red', 'Ready') === 'True InSync');
    await clock.advance(10);

    const after = await metrics.registry.metrics();
    expect(after).toContain('controller_runtime_reconcile_total{controller="box",result="requeue_after"} 2');
    expect(after).toContain('toys_resources{controller="box",ready="true"} 1');
    expect(after).toContain('toys_resources{controller="box",ready="false"} 0');
    expect(after).toContain('toys_resources_by_reason{controller="box",ready="true",reason="InSync"} 1');
    expect(after).toContain('toys_resources_by_reason{controller="box",ready="false",reason="Growing"} 0');
    expect(after).toContain('toys_resources_by_reason{controller="shelf",ready="unknown",reason="Suspended"} 0');
    expect(after).toContain('workqueue_depth{name="box",controller="box"} 0');
    expect(after).toContain('controller_runtime_active_workers{controller="box"} 0');
    stop.abort();
  });
});
