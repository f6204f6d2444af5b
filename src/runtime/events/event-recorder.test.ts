import { describe, expect, test } from 'vitest';
import { createFakeKubeApi, EVENTS, type FakeKubeApi } from '../../../test/support/fake-kube-api.ts';
import { TOY_KIND, toy } from '../../../test/support/toy-objects.ts';
import { createVirtualClock, type VirtualClock } from '../../../test/support/virtual-clock.ts';
import { silentLog } from '../../lib/log.ts';
import { KubeError, type KubeObject } from '../kube/kube-api.ts';
import type { EventNotice } from './event-object.ts';
import { createEventRecorder, type EventRecorder } from './event-recorder.ts';

interface Scene {
  readonly clock: VirtualClock;
  readonly api: FakeKubeApi;
  readonly object: KubeObject;
  readonly discarded: string[];
  /** A recorder with an empty memory, as after a restart. */
  readonly start: () => EventRecorder;
  /** The events there are, the parts that matter. */
  readonly told: () => readonly Readonly<Record<string, unknown>>[];
}

function play(): Scene {
  const clock = createVirtualClock();
  const api = createFakeKubeApi({ clock, kinds: [TOY_KIND] });
  const discarded: string[] = [];
  const reporter = { controller: 'toys.example.com/controller', instance: 'pod-1' };
  const onDiscard = (because: string): void => void discarded.push(because);
  return {
    clock,
    api,
    object: api.apply(toy('a')),
    discarded,
    start: () => createEventRecorder({ api, clock, log: silentLog, reporter, onDiscard }),
    told: () => api.objects(EVENTS),
  };
}

/** Calls about events. */
function callsOf({ calls }: FakeKubeApi): number {
  return [...calls].reduce((sum, [name, count]) => (name.endsWith(' events') ? sum + count : sum), 0);
}

function notice(changes: Partial<EventNotice> = {}): EventNotice {
  return { type: 'Normal', reason: 'Applied', message: 'size is 2 now', ...changes };
}

describe('an event recorder', () => {
  test('writes what events.k8s.io asks for', async () => {
    const { clock, object, start, told } = play();

    start().record(object, notice({ action: 'UpdateToy' }));
    await clock.settle();

    const { uid, resourceVersion } = object.metadata;
    expect(told()).toMatchObject([
      {
        apiVersion: 'events.k8s.io/v1',
        metadata: { namespace: 'shop', name: expect.stringMatching(/^a\.[0-9a-f]{16}$/) },
        eventTime: '2026-01-01T00:00:00.000000Z',
        type: 'Normal',
        reason: 'Applied',
        action: 'UpdateToy',
        note: 'size is 2 now',
        regarding: {
          apiVersion: 'toys.example.com/v1',
          kind: 'Toy',
          name: 'a',
          namespace: 'shop',
          uid,
          resourceVersion,
        },
        reportingController: 'toys.example.com/controller',
        reportingInstance: 'pod-1',
      },
    ]);
  });

  test('tells what has an id once, in this life and the next', async () => {
    const { clock, api, object, start, told, discarded } = play();
    const first = start();
    first.record(object, notice({ id: 'ecs-event-1' }));
    first.record(object, notice({ id: 'ecs-event-1' }));
    await clock.settle();
    expect(api.writes).toHaveLength(1);

    start().record(object, notice({ id: 'ecs-event-1' }));
    await clock.settle();

    expect(api.writes.map(({ result }) => result)).toEqual(['changed']);
    expect([told().length, discarded]).toEqual([1, []]);
  });

  test('asks once for a namespace what another life has told, not at each event of each object', async () => {
    const { clock, api, start, told } = play();
    const objects = Array.from({ length: 10 }, (_, index) => api.apply(toy(`toy-${index}`)));
    const tellAll = async (): Promise<void> => {
      const recorder = start();
      for (const object of objects) {
        for (let id = 0; id < 20; id += 1) recorder.record(object, notice({ id: `${id}` }));
      }
      await clock.settle();
    };
    await tellAll();
    const before = { calls: callsOf(api), told: told().length };

    await tellAll();

    expect(before.told).toBe(200);
    expect(callsOf(api) - before.calls).toBe(1);
    expect(told()).toHaveLength(200);
  });

  test('bears as many events after a restart as before, because what was told is no news', async () => {
    const { clock, object, start, told, discarded } = play();
    const tell = async (recorder: EventRecorder, count: number, name: string): Promise<void> => {
      for (let id = 0; id < count; id += 1) recorder.record(object, notice({ id: `${name}-${id}` }));
      await clock.settle();
    };
    await tell(start(), 20, 'old');
    const recorder = start();
    await tell(recorder, 20, 'old');

    await tell(recorder, 20, 'new');

    expect([told().length, discarded]).toEqual([40, []]);
  });

  test.for([
    ['may not be listed', new KubeError({ code: 403, reason: 'Forbidden', message: 'no' }), 1],
    ['cannot be listed now', 'reset', 2],
  ] as const)('writes each event once where they %s', async ([, error, lists]) => {
    const { clock, api, object, start, told } = play();
    start().record(object, notice({ id: '1' }));
    await clock.settle();
    api.faults.add({ verb: 'list', error, times: 2 });
    const before = api.calls.get('list events') ?? 0;
    const recorder = start();

    recorder.record(object, notice({ id: '1' }));
    recorder.record(object, notice({ id: '2' }));
    await clock.settle();

    expect([told().length, (api.calls.get('list events') ?? 0) - before]).toEqual([2, lists]);
  });

  test('trusts what it has read for an hour only, because the API server has forgotten it then', async () => {
    const { clock, object, start, api } = play();
    start().record(object, notice({ id: '1' }));
    await clock.settle();
    const recorder = start();
    recorder.record(object, notice({ id: '2' }));
    await clock.advance(3_600_000);

    recorder.record(object, notice({ id: '1' }));
    await clock.settle();

    expect(api.writes.map(({ result }) => result)).toEqual(['changed', 'changed', 'refused']);
  });

  test('keeps the events of an object apart from those of its namesake', async () => {
    const { clock, api, object, start, told } = play();
    const recorder = start();
    recorder.record(object, notice({ id: '1' }));
    api.delete(TOY_KIND.resource, { namespace: 'shop', name: 'a' });

    recorder.record(api.apply(toy('a')), notice({ id: '1' }));
    await clock.settle();

    expect(told()).toHaveLength(2);
  });

  test('counts repetitions in a series, and writes it at most once a minute', async () => {
    const { clock, api, object, start, told } = play();
    const recorder = start();

    for (let index = 0; index < 120; index += 1) {
      recorder.record(object, notice());
      await clock.advance(1_000);
    }
    await recorder.close(1_000);

    expect(told()).toMatchObject([{ series: { count: 120, lastObservedTime: '2026-01-01T00:01:59.000000Z' } }]);
    expect(api.writes.length).toBeLessThanOrEqual(5);
    expect(clock.pendingTimers).toBe(0);
  });

  test('begins a new series after six minutes of silence', async () => {
    const { clock, object, start, told } = play();
    const recorder = start();

    recorder.record(object, notice());
    await clock.advance(360_000);
    recorder.record(object, notice());
    await clock.settle();

    expect(told().map((event) => event['series'])).toEqual([undefined, undefined]);
  });

  test('combines many different messages of one reason, because a counter in a message makes a flood', async () => {
    const { clock, object, start, told } = play();
    const recorder = start();

    for (let index = 0; index < 40; index += 1) recorder.record(object, notice({ message: `${index} tasks run` }));
    await clock.advance(0);
    await recorder.close(1_000);

    expect(told()).toHaveLength(11);
    const combined = told().find(({ note }) => String(note).startsWith('(combined'));
    expect(combined).toMatchObject({ note: '(combined from similar events) 10 tasks run', series: { count: 30 } });
  });

  test('bears 25 events of one object at once and then one in five minutes, while others are told as ever', async () => {
    const { clock, api, object, start, told, discarded } = play();
    const other = api.apply(toy('b'));
    const recorder = start();

    for (let index = 0; index < 30; index += 1) recorder.record(object, notice({ id: `${index}` }));
    recorder.record(other, notice({ id: '1' }));
    await clock.settle();
    expect([told().length, discarded]).toEqual([26, Array.from({ length: 5 }, () => 'rate')]);
    await clock.advance(300_000);
    recorder.record(object, notice({ id: '31' }));
    await clock.settle();

    expect(told()).toHaveLength(27);
  });

  test('tells nothing late that there was no room for, because it is no news any more', async () => {
    const { clock, object, start, told, discarded } = play();
    const recorder = start();
    const tellAll = async (): Promise<void> => {
      for (let index = 0; index < 30; index += 1) recorder.record(object, notice({ id: `${index}` }));
      await clock.settle();
    };
    await tellAll();
    await clock.advance(600_000);

    await tellAll();

    expect([told().length, discarded.length]).toEqual([25, 5]);
  });

  test('tells trouble however much else there is to tell of an object', async () => {
    const { clock, object, start, told } = play();
    const recorder = start();

    for (let index = 0; index < 30; index += 1) recorder.record(object, notice({ id: `${index}` }));
    recorder.record(object, notice({ id: 'task', type: 'Warning', reason: 'TaskStopped' }));
    await clock.settle();

    expect(told().filter(({ reason }) => reason === 'TaskStopped')).toHaveLength(1);
  });

  test('tells what the operator did however much others had to say, because each has a ration of its own', async () => {
    const { clock, object, start, told, discarded } = play();
    const recorder = start();

    for (let index = 0; index < 30; index += 1) recorder.record(object, notice({ id: `${index}` }));
    recorder.record(object, notice({ reason: 'DriftCorrected' }));
    for (let index = 0; index < 30; index += 1) recorder.record(object, notice({ reason: `Word${index}` }));
    recorder.record(object, notice({ id: '31' }));
    await clock.settle();

    expect(told().filter(({ reason }) => reason === 'DriftCorrected')).toHaveLength(1);
    expect([told().length, discarded.length]).toEqual([50, 12]);
  });

  test('cuts a message within the bytes that the API server takes, never within a character', async () => {
    const { clock, object, start, told } = play();

    start().record(object, notice({ message: 'ü'.repeat(2_000) }));
    await clock.settle();

    expect(told()[0]?.['note']).toBe(`${'ü'.repeat(510)}…`);
  });
});

describe('an event recorder in trouble', () => {
  test.for([
    { name: 'is unreachable', error: 'reset' as const },
    {
      name: 'is busy',
      error: new KubeError({ code: 429, reason: 'TooManyRequests', message: '' }, { retryAfterMs: 9_000 }),
    },
    { name: 'does not answer', error: 'hang' as const },
  ])('tries again while the API server $name', async ({ error }) => {
    const { clock, api, object, start, told } = play();
    api.faults.add({ verb: 'create', error, times: 2 });

    start().record(object, notice({ id: '1' }));
    start().record(object, notice({ id: '2' }));
    await clock.advance(60_000);

    expect(told()).toHaveLength(2);
  });

  test('writes one event although the answer to the first attempt was lost', async () => {
    const { clock, api, object, start, told } = play();
    api.faults.add({ verb: 'create', when: 'after', error: 'reset' });

    start().record(object, notice());
    await clock.advance(60_000);

    expect([told().length, api.writes.length]).toEqual([1, 2]);
  });

  test('drops what is refused and goes on, because a namespace that ends takes no events', async () => {
    const { clock, api, object, start, told, discarded } = play();
    const error = new KubeError({ code: 403, reason: 'Forbidden', message: 'the namespace is being terminated' });
    api.faults.add({ verb: 'create', error });
    const recorder = start();

    recorder.record(object, notice({ id: '1' }));
    recorder.record(object, notice({ id: '2' }));
    await clock.settle();

    expect([told().length, discarded]).toEqual([1, ['refused']]);
  });

  test('holds no more than it may while nothing can be written', async () => {
    const { clock, api, start, discarded } = play();
    api.setDown(true);
    const recorder = start();

    for (let index = 0; index < 1_200; index += 1) {
      recorder.record({ ...toy('a'), metadata: { name: 'a', namespace: 'shop', uid: `${index}` } }, notice());
    }
    await clock.settle();

    expect(discarded.filter((because) => because === 'full').length).toBeGreaterThanOrEqual(199);
    const closed = recorder.close(3_000);
    await clock.advance(3_000);
    await closed;
    expect(clock.pendingTimers).toBe(0);
  });

  test('writes what waits before it ends, and nothing after', async () => {
    const { clock, object, start, told } = play();
    const recorder = start();
    recorder.record(object, notice({ id: '1' }));
    recorder.record(object, notice({ id: '2' }));

    await recorder.close(5_000);
    recorder.record(object, notice({ id: '3' }));
    await clock.advance(1_000);

    expect(told()).toHaveLength(2);
  });

  test('never throws, whatever it is told', () => {
    const { object, start } = play();

    expect(() => start().record(object, { ...notice(), message: undefined as unknown as string })).not.toThrow();
  });
});
