import type { SimulatorClock } from './world.ts';

export interface ManualClock extends SimulatorClock {
  /** Moves time on by `ms`, waking sleepers in order of their time, each with the clock at its own instant. */
  advance(ms: number): Promise<void>;
}

/** The machine's time, `speed` times as fast from the moment it was made. */
export function realClock({ speed = 1 }: { speed?: number } = {}): SimulatorClock {
  const startMs = Date.now();
  return {
    now: () => startMs + (Date.now() - startMs) * speed,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms / speed)),
  };
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Time that stands still until it is told to move. */
export function createManualClock(startMs: number): ManualClock {
  let nowMs = startMs;
  const sleepers: Sleeper[] = [];

  function earliestUntil(endMs: number): Sleeper | undefined {
    let earliest: Sleeper | undefined;
    for (const sleeper of sleepers) {
      if (sleeper.at <= endMs && (earliest === undefined || sleeper.at < earliest.at)) earliest = sleeper;
    }
    return earliest;
  }

  return {
    now: () => nowMs,
    sleep(ms) {
      if (ms <= 0) return Promise.resolve();
      return new Promise((wake) => sleepers.push({ at: nowMs + ms, wake }));
    },
    async advance(ms) {
      const endMs = nowMs + ms;
      await turn();
      for (let next = earliestUntil(endMs); next !== undefined; next = earliestUntil(endMs)) {
        sleepers.splice(sleepers.indexOf(next), 1);
        nowMs = Math.max(nowMs, next.at);
        next.wake();
        await turn();
      }
      nowMs = endMs;
    },
  };
}

/** Lets all that is ready run, so that a sleeper that was woken can go to sleep again within the same advance. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
