import type { SimulatorClock } from './world.ts';

/** What will happen by itself. Nothing runs until `runDue` is called: there are no timers. */
export interface EventQueue {
  /** The clock's time, or while an effect runs the instant at which it was due. */
  now(): number;
  later(afterMs: number, effect: () => void): void;
  /** Runs all that is due, also what that puts in; `afterEach` is told after each effect. */
  runDue(afterEach: () => void): void;
}

interface Entry {
  at: number;
  order: number;
  effect: () => void;
}

export function createEventQueue(clock: SimulatorClock): EventQueue {
  /** A binary heap: a world of thousands of services keeps tens of thousands of entries. */
  const heap: Entry[] = [];
  let inserted = 0;
  let running: number | undefined;
  const now = () => running ?? clock.now();
  return {
    now,
    later(afterMs, effect) {
      inserted += 1;
      push(heap, { at: now() + Math.max(0, afterMs), order: inserted, effect });
    },
    runDue(afterEach) {
      if (running !== undefined) return;
      const until = clock.now();
      try {
        for (let next = heap[0]; next !== undefined && next.at <= until; next = heap[0]) {
          pop(heap);
          running = next.at;
          next.effect();
          afterEach();
        }
      } finally {
        running = undefined;
      }
    },
  };
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

function push(heap: Entry[], entry: Entry): void {
  heap.push(entry);
  let at = heap.length - 1;
  while (at > 0) {
    const above = (at - 1) >> 1;
    if (!swapIfBefore(heap, at, above)) return;
    at = above;
  }
}

function pop(heap: Entry[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  heap[0] = last;
  for (let at = 0; ; ) {
    const left = 2 * at + 1;
    const [first, second] = [heap[left], heap[left + 1]];
    if (first === undefined) return;
    const below = second !== undefined && isBefore(second, first) ? left + 1 : left;
    if (!swapIfBefore(heap, below, at)) return;
    at = below;
  }
}

function swapIfBefore(heap: Entry[], a: number, b: number): boolean {
  const [first, second] = [heap[a], heap[b]];
  if (first === undefined || second === undefined || !isBefore(first, second)) return false;
  heap[a] = second;
  heap[b] = first;
  return true;
}
