import { describe, expect, test } from 'vitest';
import { createManualClock } from './clock.ts';
import { createEventQueue } from './event-queue.ts';

describe('a manual clock', () => {
  test('wakes sleepers in order of time and at their own instants, because later ones may depend on earlier ones', async () => {
    const clock = createManualClock(0);
    const woken: [string, number][] = [];
    const sleep = async (name: string, ms: number) => {
      await clock.sleep(ms);
      woken.push([name, clock.now()]);
    };
    const all = [sleep('late', 300), sleep('early', 100), sleep('never', 1_000)];

    await clock.advance(300);

    expect(woken).toEqual([
      ['early', 100],
      ['late', 300],
    ]);
    await clock.advance(1_000);
    await Promise.all(all);
  });

  test('wakes one that goes to sleep again, because loops poll', async () => {
    const clock = createManualClock(0);
    const polled: number[] = [];
    const poll = async () => {
      while (polled.length < 3) {
        await clock.sleep(10);
        polled.push(clock.now());
      }
    };
    const polling = poll();

    await clock.advance(35);
    await polling;

    expect([polled, clock.now()]).toEqual([[10, 20, 30], 35]);
  });
});

describe('the queue of events', () => {
  test('runs what is due in order of time, then of insertion, each at its own instant', async () => {
    const clock = createManualClock(0);
    const queue = createEventQueue(clock);
    const ran: [string, number][] = [];
    const note = (name: string) => () => void ran.push([name, queue.now()]);
    queue.later(20, note('third'));
    queue.later(10, note('first'));
    queue.later(10, note('second'));
    queue.later(31, note('not yet'));

    await clock.advance(30);
    queue.runDue(() => undefined);

    expect(ran).toEqual([
      ['first', 10],
      ['second', 10],
      ['third', 20],
    ]);
    expect(queue.now()).toBe(30);
  });

  test('counts what an effect puts in from that effect on, because chains take time of their own', async () => {
    const clock = createManualClock(0);
    const queue = createEventQueue(clock);
    const ran: number[] = [];
    const again = () => {
      ran.push(queue.now());
      queue.later(10, again);
    };
    queue.later(10, again);

    await clock.advance(45);
    queue.runDue(() => undefined);

    expect(ran).toEqual([10, 20, 30, 40]);
  });

  test('keeps its order with many entries, because a large world has tens of thousands', async () => {
    const clock = createManualClock(0);
    const queue = createEventQueue(clock);
    const ran: number[] = [];
    for (let at = 0; at < 1_000; at += 1) queue.later((at * 7_919) % 1_009, () => void ran.push(queue.now()));

    await clock.advance(2_000);
    queue.runDue(() => undefined);

    expect(ran).toHaveLength(1_000);
    expect(ran).toEqual(ran.toSorted((a, b) => a - b));
  });
});
