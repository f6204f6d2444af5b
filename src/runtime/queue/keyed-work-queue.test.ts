import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createVirtualClock, type VirtualClock } from '../../../test/support/virtual-clock.ts';
import { createWorkQueue, type KeyedWorkQueue, QUEUE_PRIORITIES, type WorkQueueMetrics } from './keyed-work-queue.ts';
import type { QueuePriority } from './work-queue.ts';

/** Takes the next key, or tells that none is ready, without waiting for one. */
function taker(queue: KeyedWorkQueue, clock: VirtualClock): () => Promise<string | undefined> {
  return async () => {
    if (queue.depth === 0) return undefined;
    const item = queue.take();
    await clock.settle();
    return (await item)?.key;
  };
}

describe('a work queue', () => {
  test.for([
    {
      name: 'hands out edits first',
      because: 'a user is waiting',
      adds: [
        ['resync', 'background'],
        ['told', 'follow-up'],
        ['edited', 'edit'],
      ],
      order: ['edited', 'told', 'resync'],
    },
    {
      name: 'keeps the order of arrival within a priority',
      because: 'nobody is to starve',
      adds: [
        ['a', 'edit'],
        ['b', 'edit'],
        ['a', 'edit'],
      ],
      order: ['a', 'b'],
    },
    {
      name: 'raises a key that is added again more urgently',
      because: 'the edit must not wait for the list',
      adds: [
        ['a', 'background'],
        ['b', 'background'],
        ['b', 'edit'],
      ],
      order: ['b', 'a'],
    },
    {
      name: 'never lowers a key',
      because: 'a resync may not slow an edit',
      adds: [
        ['a', 'edit'],
        ['b', 'follow-up'],
        ['a', 'background'],
      ],
      order: ['a', 'b'],
    },
  ] as const)('$name, because $because', async ({ adds, order }) => {
    const clock = createVirtualClock();
    const queue = createWorkQueue({ clock, random: () => 0 });

    for (const [key, priority] of adds) queue.add(key, priority);

    const taken = [];
    while (queue.depth > 0) taken.push((await queue.take())?.key);
    expect(taken).toEqual(order);
  });

  test('takes nothing in the background for a moment after an edit, because its next steps must not wait', async () => {
    const clock = createVirtualClock();
    const queue = createWorkQueue({ clock, random: () => 0, pauseMs: 1_000 });
    const next = taker(queue, clock);
    queue.add('edited', 'edit');
    await next();
    const taken: string[] = [];
    for (const key of ['a', 'told', 'b']) queue.add(key, key === 'told' ? 'follow-up' : 'background');
    for (let worker = 0; worker < 3; worker += 1) void queue.take().then((item) => taken.push(String(item?.key)));
    await clock.advance(999);
    expect(taken).toEqual(['told']);

    await clock.advance(1);

    expect(taken).toEqual(['told', 'a', 'b']);
  });

  test('goes on in the background under endless edits, because drift must be seen some time', async () => {
    const clock = createVirtualClock();
    const queue = createWorkQueue({ clock, random: () => 0, pauseMs: 1_000 });
    const taken: string[] = [];
    const work = async (): Promise<void> => {
      for (let item = await queue.take(); item !== undefined; item = await queue.take()) {
        taken.push(item.key);
        queue.done(item.key);
      }
    };
    void work();
    queue.add('edited', 'edit');
    await clock.advance(1);
    queue.add('resync', 'background');

    for (let tenths = 0; tenths < 100; tenths += 1) {
      expect(taken).not.toContain('resync');
      await clock.advance(100);
      queue.add('edited', 'edit');
    }
    await clock.advance(1);

    expect(taken).toContain('resync');
    queue.shutDown();
  });

  test('lets only so many run in the background, because a sweep must leave room for those who are waited for', async () => {
    const clock = createVirtualClock();
    const queue = createWorkQueue({ clock, random: () => 0, mostBackground: 2 });
    for (const key of ['a', 'b', 'c']) queue.add(key, 'background');
    queue.add('told', 'follow-up');

    const taken: string[] = [];
    for (let worker = 0; worker < 4; worker += 1) void queue.take().then((item) => taken.push(item?.key ?? ''));
    await clock.settle();
    const atOnce = [...taken];
    queue.done('told');
    await clock.settle();
    const afterAnother = [...taken];
    queue.done('a');
    await clock.settle();

    expect(atOnce).toEqual(['told', 'a', 'b']);
    expect(afterAnother).toEqual(atOnce);
    expect(taken).toEqual(['told', 'a', 'b', 'c']);
  });

  test('gives a waiting taker the key as soon as its delay is over', async () => {
    const clock = createVirtualClock();
    const queue = createWorkQueue({ clock, random: () => 0 });
    const taken = queue.take();

    queue.addAfter('a', 5_000, 'follow-up');
    queue.addAfter('a', 9_000, 'edit');
    await clock.advance(4_999);
    expect(queue.running().size).toBe(0);
    await clock.advance(1);

    await expect(taken).resolves.toEqual({ key: 'a', priority: 'edit' });
    expect(clock.pendingTimers).toBe(0);
  });

  test('keeps a delay that was asked for while the key ran, because the one who ran it asked', async () => {
    const clock = createVirtualClock();
    const queue = createWorkQueue({ clock, random: () => 0 });
    queue.add('a', 'edit');
    await queue.take();

    queue.addAfter('a', 1_000, 'background');
    await clock.advance(300);
    queue.done('a');
    await clock.advance(699);
    expect(queue.depth).toBe(0);
    await clock.advance(1);

    expect(queue.depth).toBe(1);
  });

  test('doubles the backoff of a key up to 1000 s, spreads it, keeps its floor and forgets it', async () => {
    const clock = createVirtualClock();
    const queue = createWorkQueue({ clock, random: () => 0.5 });
    const waits = [];
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const begunAt = clock.monotonic();
      queue.addBackoff('a', 'background', { leastMs: attempt === 1 ? 100 : 0 });
      await clock.runUntil(() => queue.depth === 1);
      waits.push(clock.monotonic() - begunAt);
      await queue.take();
      queue.done('a');
    }

    expect(waits.slice(0, 5)).toEqual([2.5, 100, 10, 20, 40]);
    expect(waits.at(-1)).toBe(500_000);
    expect(queue.retries('a')).toBe(20);
    queue.forget('a');
    expect(queue.retries('a')).toBe(0);
  });

  test('lets its takers go when it shuts down, and drops what waits', async () => {
    const clock = createVirtualClock();
    const queue = createWorkQueue({ clock, random: () => 0 });
    queue.add('a', 'edit');
    await queue.take();
    const waiting = queue.take();
    queue.addAfter('b', 1_000, 'edit');

    queue.shutDown();
    queue.add('c', 'edit');
    queue.done('a');

    await expect(waiting).resolves.toBeUndefined();
    await expect(queue.take()).resolves.toBeUndefined();
    expect([queue.depth, clock.pendingTimers, queue.running().size]).toEqual([0, 0, 0]);
  });

  test('tells how long keys waited and ran', async () => {
    const clock = createVirtualClock();
    const told: string[] = [];
    const metrics: WorkQueueMetrics = {
      added: () => told.push('added'),
      taken: (seconds) => told.push(`taken after ${seconds} s`),
      finished: (seconds) => told.push(`finished after ${seconds} s`),
      retried: () => told.push('retried'),
    };
    const queue = createWorkQueue({ clock, random: () => 0, metrics });

    queue.add('a', 'edit');
    await clock.advance(2_000);
    await queue.take();
    await clock.advance(3_000);
    queue.done('a');
    queue.addBackoff('a', 'edit');

    expect(told).toEqual(['added', 'taken after 2 s', 'finished after 3 s', 'retried', 'added']);
  });

  test('does as the model does, whatever is asked of it', async () => {
    await fc.assert(fc.asyncProperty(fc.array(command(), { maxLength: 60 }), followsModel), { numRuns: 150 });
  });
});

type Command =
  | { readonly ask: 'add'; readonly key: string; readonly delayMs: number; readonly priority: QueuePriority }
  | { readonly ask: 'take' }
  | { readonly ask: 'done' }
  | { readonly ask: 'advance'; readonly ms: number };

function command(): fc.Arbitrary<Command> {
  const key = fc.constantFrom('a', 'b', 'c');
  const delayMs = fc.constantFrom(0, 0, 5, 10, 100);
  const priority = fc.constantFrom(...QUEUE_PRIORITIES);
  return fc.oneof(
    fc.record({ ask: fc.constant('add' as const), key, delayMs, priority }),
    fc.constantFrom<Command>({ ask: 'take' }, { ask: 'done' }),
    fc.record({ ask: fc.constant('advance' as const), ms: fc.constantFrom(1, 5, 50, 200) }),
  );
}

/** The queue in one list: who wishes to run since when, and who runs. */
class Model {
  now = 0;
  count = 0;
  wishes = new Map<string, { dueAt: number; priority: QueuePriority; order: number | undefined }>();
  running: string[] = [];

  add(key: string, delayMs: number, priority: QueuePriority): void {
    const wish = this.wishes.get(key);
    const ranks = [priority, wish?.priority ?? priority].map((each) => QUEUE_PRIORITIES.indexOf(each));
    const urgent = QUEUE_PRIORITIES[Math.min(...ranks)] ?? priority;
    const order = urgent === wish?.priority ? wish.order : undefined;
    this.wishes.set(key, { dueAt: Math.min(this.now + delayMs, wish?.dueAt ?? Infinity), priority: urgent, order });
    this.rank();
  }

  /** Those that are ready take their place in the line, the earliest first. */
  rank(): void {
    const due = [...this.wishes].filter(([key, wish]) => wish.dueAt <= this.now && !this.running.includes(key));
    for (const [, wish] of due) wish.order ??= this.count++;
  }

  /** Of keys that came due within one step of the clock any may be first; the model follows the choice. */
  take(taken: string | undefined): void {
    const [first] = this.ready();
    if (this.priorityOf(taken) !== this.priorityOf(first) || this.running.includes(taken ?? '')) {
      throw new Error(`${taken} was taken, though ${first} is the next and ${this.running.join()} run`);
    }
    if (taken === undefined) return;
    this.wishes.delete(taken);
    this.running.push(taken);
  }

  finish(): string | undefined {
    const key = this.running.shift();
    this.rank();
    return key;
  }

  advance(ms: number): void {
    this.now += ms;
    this.rank();
  }

  priorityOf(key: string | undefined): QueuePriority | undefined {
    return key === undefined ? undefined : this.wishes.get(key)?.priority;
  }

  ready(): readonly string[] {
    const due = [...this.wishes].filter(([key, wish]) => wish.dueAt <= this.now && !this.running.includes(key));
    const ranked = due.toSorted(
      ([, a], [, b]) =>
        QUEUE_PRIORITIES.indexOf(a.priority) - QUEUE_PRIORITIES.indexOf(b.priority) || (a.order ?? 0) - (b.order ?? 0),
    );
    return ranked.map(([key]) => key);
  }
}

async function followsModel(commands: readonly Command[]): Promise<void> {
  const clock = createVirtualClock();
  const queue = createWorkQueue({ clock, random: () => 0 });
  const take = taker(queue, clock);
  const model = new Model();
  for (const each of commands) {
    switch (each.ask) {
      case 'add':
        queue.addAfter(each.key, each.delayMs, each.priority);
        model.add(each.key, each.delayMs, each.priority);
        break;
      case 'take':
        model.take(await take());
        break;
      case 'done':
        queue.done(model.finish() ?? 'none runs');
        break;
      case 'advance':
        await clock.advance(each.ms);
        model.advance(each.ms);
        break;
    }
    expect(queue.depth).toBe(model.ready().length);
    expect([...queue.running().keys()].toSorted()).toEqual(model.running.toSorted());
  }
}
