import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Clock, sleepOn } from '../../src/lib/clock.ts';

/** 2026-01-01T00:00:00Z. */
const DEFAULT_START_MS = Date.UTC(2026, 0, 1);
const DEFAULT_LIMIT_MS = 24 * 3_600_000;

interface RunLimit {
  /** How much virtual time may pass; 24 h unless stated. */
  readonly limitMs?: number;
}

/**
 * A clock that stands still until it is told to go on. Due timers fire one at a time, in the order of their moments
 * and, at one moment, in the order they were set; between any two of them every promise that can settle does.
 */
export interface VirtualClock extends Clock {
  /** Lets this much time pass, firing what comes due in it. */
  advance(ms: number): Promise<void>;
  /** Goes from timer to timer until the predicate holds. Throws where nothing is left to wait for, or at the limit. */
  runUntil(predicate: () => boolean | Promise<boolean>, limit?: RunLimit): Promise<void>;
  /** Lets promises settle without any time passing. */
  settle(): Promise<void>;
  /** The wall clock is set forward or back; nothing else notices. */
  jump(ms: number): void;
  /** Time passes while nothing can run, as in a blocked event loop or a suspended machine: no timer fires before the next `advance`. */
  stall(ms: number): void;
  readonly pendingTimers: number;
}

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
  isCancelled: boolean;
}

export interface VirtualClockOptions {
  /** How promises are let settle; one turn of the event loop unless stated. Whoever has sockets needs more. */
  readonly settle?: () => Promise<unknown>;
}

export function createVirtualClock(startMs = DEFAULT_START_MS, options: VirtualClockOptions = {}): VirtualClock {
  const settle = async (): Promise<void> => void (await (options.settle ?? nextTurn)());
  const timers = new TimerList();
  let elapsed = 0;
  let wallOffset = startMs;

  function fire(timer: Timer): Promise<void> {
    elapsed = Math.max(elapsed, timer.at);
    timer.callback();
    return settle();
  }

  async function advance(ms: number): Promise<void> {
    const target = elapsed + ms;
    await settle();
    for (let next = timers.takeUntil(target); next !== undefined; next = timers.takeUntil(target)) await fire(next);
    elapsed = Math.max(elapsed, target);
  }

  async function runUntil(predicate: () => boolean | Promise<boolean>, limit: RunLimit = {}): Promise<void> {
    const limitMs = limit.limitMs ?? DEFAULT_LIMIT_MS;
    const target = elapsed + limitMs;
    await settle();
    while (!(await predicate())) {
      const next = timers.takeUntil(target);
      if (next === undefined) {
        const why = timers.size === 0 ? 'no timer is left to wait for' : `it did not come true within ${limitMs} ms`;
        throw new Error(`the condition does not hold: ${why}`);
      }
      await fire(next);
    }
  }

  const clock: VirtualClock = {
    now: () => wallOffset + elapsed,
    monotonic: () => elapsed,
    schedule: (ms, callback) => timers.add(elapsed + Math.max(ms, 0), callback),
    sleep: (ms, signal) => sleepOn(clock, ms, signal),
    advance,
    runUntil,
    settle,
    jump: (ms) => void (wallOffset += ms),
    stall: (ms) => void (elapsed += ms),
    get pendingTimers() {
      return timers.size;
    },
  };
  return clock;
}

/** Timers, the next one last. */
class TimerList {
  readonly #timers: Timer[] = [];
  #count = 0;
  #live = 0;

  get size(): number {
    return this.#live;
  }

  add(at: number, callback: () => void): () => void {
    const timer: Timer = { at, order: this.#count++, callback, isCancelled: false };
    this.#timers.splice(this.#placeOf(timer), 0, timer);
    this.#live += 1;
    return () => {
      if (timer.isCancelled) return;
      timer.isCancelled = true;
      this.#live -= 1;
    };
  }

  /** The next live timer that is due by then. It can no longer be cancelled. */
  takeUntil(moment: number): Timer | undefined {
    for (let next = this.#timers.at(-1); next !== undefined; next = this.#timers.at(-1)) {
      if (!next.isCancelled && next.at > moment) return undefined;
      this.#timers.pop();
      if (next.isCancelled) continue;
      next.isCancelled = true;
      this.#live -= 1;
      return next;
    }
    return undefined;
  }

  #placeOf(timer: Timer): number {
    let low = 0;
    let high = this.#timers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#timers[middle];
      if (other !== undefined && isAfter(other, timer)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function isAfter(a: Timer, b: Timer): boolean {
  return a.at > b.at || (a.at === b.at && a.order > b.order);
}
