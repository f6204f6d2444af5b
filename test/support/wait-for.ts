import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';

export interface WaitOptions {
  readonly timeoutMs?: number;
  readonly everyMs?: number;
  /** Whose recent log lines are shown when the wait is in vain: usually the operator process. */
  readonly operator?: { logs(): readonly object[] };
}

/** How many of the operator's last lines a failure shows. */
const SHOWN_LINES = 30;

/**
 * Looks again and again until `isDone` holds of what was seen, and returns that.
 *
 * `what` completes the sentence "waited 30 s for …". A look that throws counts as not done yet, and is shown if it was
 * the last one.
 */
export async function waitFor<T, Wanted extends T>(
  what: string,
  look: () => Promise<T> | T,
  isDone: (seen: T) => seen is Wanted,
  options?: WaitOptions,
): Promise<Wanted>;
export async function waitFor<T>(
  what: string,
  look: () => Promise<T> | T,
  isDone: (seen: T) => boolean,
  options?: WaitOptions,
): Promise<T>;
export async function waitFor<T>(
  what: string,
  look: () => Promise<T> | T,
  isDone: (seen: T) => boolean,
  options: WaitOptions = {},
): Promise<T> {
  const { timeoutMs = 30_000, everyMs = 100 } = options;
  const deadline = performance.now() + timeoutMs;
  let last: unknown;
  do {
    try {
      const seen = await look();
      if (isDone(seen)) return seen;
      last = seen;
    } catch (error) {
      last = error;
    }
    await sleep(everyMs);
  } while (performance.now() < deadline);
  throw new Error(describeFailure(what, timeoutMs, last, options));
}

function describeFailure(what: string, timeoutMs: number, last: unknown, { operator }: WaitOptions): string {
  const shown = inspect(last, { depth: 12, breakLength: 120 });
  const told = `waited ${timeoutMs / 1000} s for ${what}; last seen:\n${shown}`;
  if (operator === undefined) return told;
  const lines = operator.logs().slice(-SHOWN_LINES);
  return [told, "the operator's last log lines:", ...lines.map((line) => JSON.stringify(line))].join('\n');
}
