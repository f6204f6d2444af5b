import type { Clock } from '../../lib/clock.ts';

export interface BackgroundGateOptions {
  readonly clock: Clock;
  /** So many keys at most run as `background` at the same time; the others wait, whoever is free. Any number unless said. */
  readonly mostBackground?: number | undefined;
  /**
   * For so long after an edit was taken no key is taken as `background`, unless it has been ready for ten times as long:
   * what an edit sets going must not wait behind a sweep at every step. No pause unless said.
   */
  readonly pauseMs?: number | undefined;
}

/** A key of the background is not made to wait for longer, however many edits there are: so many pauses. */
const MOST_PAUSES = 10;

/** Lets keys of the background through, few at a time and not right after an edit. */
export class BackgroundGate {
  readonly #clock: Clock;
  readonly #most: number;
  readonly #pauseMs: number;
  readonly #onOpen: () => void;
  readonly #running = new Set<string>();
  #pausedUntil = Number.NEGATIVE_INFINITY;
  #cancelTimer: (() => void) | undefined;

  /** `onOpen` is called at the end of each pause. */
  constructor(
    { clock, mostBackground = Number.POSITIVE_INFINITY, pauseMs = 0 }: BackgroundGateOptions,
    onOpen: () => void,
  ) {
    this.#clock = clock;
    this.#most = mostBackground;
    this.#pauseMs = pauseMs;
    this.#onOpen = onOpen;
  }

  /** `readySince`: of the key that has waited longest, on the monotonic clock. */
  isOpen(readySince: number): boolean {
    if (this.#running.size >= this.#most) return false;
    const now = this.#clock.monotonic();
    return now >= this.#pausedUntil || now - readySince >= MOST_PAUSES * this.#pauseMs;
  }

  enter(key: string): void {
    this.#running.add(key);
  }

  /** Does nothing for a key that did not enter. */
  leave(key: string): void {
    this.#running.delete(key);
  }

  /** An edit was taken. */
  pause(): void {
    this.#pausedUntil = this.#clock.monotonic() + this.#pauseMs;
    this.#cancelTimer ??= this.#clock.schedule(this.#pauseMs, () => this.#endPause());
  }

  close(): void {
    this.#cancelTimer?.();
  }

  #endPause(): void {
    const restMs = this.#pausedUntil - this.#clock.monotonic();
    this.#cancelTimer = restMs > 0 ? this.#clock.schedule(restMs, () => this.#endPause()) : undefined;
    this.#onOpen();
  }
}
