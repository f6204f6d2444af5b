import type { Clock } from '../../lib/clock.ts';
import type { Random } from '../../lib/random.ts';
import { BackgroundGate, type BackgroundGateOptions } from './background-gate.ts';
import type { BackoffBounds, QueuePriority, WorkQueue } from './work-queue.ts';

/** What the queue tells of itself. Seconds, as the metrics count them. */
export interface WorkQueueMetrics {
  /** A key became ready to be taken. */
  added(): void;
  /** A key was taken after it was ready for so long. */
  taken(waitedSeconds: number): void;
  /** A key was marked done after it ran for so long. */
  finished(workedSeconds: number): void;
  /** A key was put back with its backoff. */
  retried(): void;
}

export interface WorkQueueOptions extends BackgroundGateOptions {
  readonly random: Random;
  readonly metrics?: WorkQueueMetrics | undefined;
}

export interface KeyedWorkQueue extends WorkQueue {
  /** The keys that run now, each with the moment on the monotonic clock at which it was taken. */
  running(): ReadonlyMap<string, number>;
}

export const QUEUE_PRIORITIES = ['edit', 'follow-up', 'background'] as const satisfies readonly QueuePriority[];

const BACKOFF_FIRST_MS = 5;
const BACKOFF_MOST_MS = 1_000_000;

type Taker = (item: { readonly key: string; readonly priority: QueuePriority } | undefined) => void;

/** A key's one wish to run: when, how urgently, and how to stop the timer that waits for it. */
interface Wish {
  readonly dueAt: number;
  readonly priority: QueuePriority;
  readonly cancelTimer: () => void;
}

export function createWorkQueue(options: WorkQueueOptions): KeyedWorkQueue {
  return new PriorityQueue(options);
}

/**
 * A key is in one of four states: unknown, wished for later, ready, or running; a running key may be wished for as well.
 * At most one wish per key is kept, the earliest and most urgent of all that were made since it was last taken: whoever
 * takes it decides anew when to look again.
 */
class PriorityQueue implements KeyedWorkQueue {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #metrics: WorkQueueMetrics | undefined;
  readonly #background: BackgroundGate;
  readonly #wishes = new Map<string, Wish>();
  /** By priority, in order of arrival: the key and the moment since when it is ready. */
  readonly #ready: Readonly<Record<QueuePriority, Map<string, number>>> = {
    edit: new Map(),
    'follow-up': new Map(),
    background: new Map(),
  };
  readonly #running = new Map<string, number>();
  readonly #retries = new Map<string, number>();
  readonly #takers: Taker[] = [];
  #isShutDown = false;

  constructor(options: WorkQueueOptions) {
    this.#clock = options.clock;
    this.#random = options.random;
    this.#metrics = options.metrics;
    this.#background = new BackgroundGate(options, () => this.#handOut());
  }

  get depth(): number {
    return QUEUE_PRIORITIES.reduce((sum, priority) => sum + this.#ready[priority].size, 0);
  }

  running(): ReadonlyMap<string, number> {
    return this.#running;
  }

  add(key: string, priority: QueuePriority): void {
    this.addAfter(key, 0, priority);
  }

  addAfter(key: string, delayMs: number, priority: QueuePriority): void {
    if (this.#isShutDown) return;
    const ready = this.#readyPriority(key);
    if (ready !== undefined) {
      if (isMoreUrgent(priority, ready)) this.#promote(key, ready, priority);
      return;
    }
    const earlier = this.#wishes.get(key);
    const now = this.#clock.monotonic();
    const dueAt = Math.min(now + Math.max(delayMs, 0), earlier?.dueAt ?? Number.POSITIVE_INFINITY);
    const urgent = earlier !== undefined && isMoreUrgent(earlier.priority, priority) ? earlier.priority : priority;
    this.#wish(key, dueAt, urgent);
  }

  addBackoff(
    key: string,
    priority: QueuePriority,
    { leastMs = 0, mostMs = BACKOFF_MOST_MS }: BackoffBounds = {},
  ): void {
    if (this.#isShutDown) return;
    const retries = this.retries(key);
    this.#retries.set(key, retries + 1);
    this.#metrics?.retried();
    const spreadMs = Math.min(Math.max(BACKOFF_FIRST_MS, leastMs) * 2 ** retries, mostMs);
    this.addAfter(key, Math.max(this.#random() * spreadMs, leastMs), priority);
  }

  forget(key: string): void {
    this.#retries.delete(key);
  }

  retries(key: string): number {
    return this.#retries.get(key) ?? 0;
  }

  take(): ReturnType<WorkQueue['take']> {
    if (this.#isShutDown) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#takers.push(resolve);
      this.#handOut();
    });
  }

  done(key: string): void {
    const since = this.#running.get(key);
    if (since === undefined) return;
    this.#running.delete(key);
    this.#background.leave(key);
    this.#metrics?.finished((this.#clock.monotonic() - since) / 1_000);
    const wish = this.#wishes.get(key);
    if (wish !== undefined) this.#wish(key, wish.dueAt, wish.priority);
    this.#handOut();
  }

  shutDown(): void {
    if (this.#isShutDown) return;
    this.#isShutDown = true;
    this.#background.close();
    for (const wish of this.#wishes.values()) wish.cancelTimer();
    this.#wishes.clear();
    for (const priority of QUEUE_PRIORITIES) this.#ready[priority].clear();
    for (const taker of this.#takers.splice(0)) taker(undefined);
  }

  /** Replaces the key's wish. A running key keeps it until it is done. */
  #wish(key: string, dueAt: number, priority: QueuePriority): void {
    this.#wishes.get(key)?.cancelTimer();
    const waitMs = dueAt - this.#clock.monotonic();
    if (waitMs > 0) {
      const cancelTimer = this.#clock.schedule(waitMs, () => this.#comeDue(key));
      this.#wishes.set(key, { dueAt, priority, cancelTimer });
      return;
    }
    this.#wishes.set(key, { dueAt, priority, cancelTimer: nothingToCancel });
    this.#comeDue(key);
  }

  #comeDue(key: string): void {
    const wish = this.#wishes.get(key);
    if (wish === undefined || this.#running.has(key)) return;
    this.#wishes.delete(key);
    this.#ready[wish.priority].set(key, this.#clock.monotonic());
    this.#metrics?.added();
    this.#handOut();
  }

  #handOut(): void {
    while (this.#takers.length > 0) {
      const priority = QUEUE_PRIORITIES.find((each) => this.#ready[each].size > 0 && !this.#isHeld(each));
      if (priority === undefined) return;
      for (const [key, since] of this.#ready[priority]) {
        this.#ready[priority].delete(key);
        const now = this.#clock.monotonic();
        this.#running.set(key, now);
        if (priority === 'background') this.#background.enter(key);
        if (priority === 'edit') this.#background.pause();
        this.#metrics?.taken((now - since) / 1_000);
        this.#takers.shift()?.({ key, priority });
        break;
      }
    }
  }

  #isHeld(priority: QueuePriority): boolean {
    if (priority !== 'background') return false;
    const [oldest = this.#clock.monotonic()] = this.#ready.background.values();
    return !this.#background.isOpen(oldest);
  }

  #readyPriority(key: string): QueuePriority | undefined {
    return QUEUE_PRIORITIES.find((priority) => this.#ready[priority].has(key));
  }

  #promote(key: string, from: QueuePriority, to: QueuePriority): void {
    const since = this.#ready[from].get(key) ?? this.#clock.monotonic();
    this.#ready[from].delete(key);
    this.#ready[to].set(key, since);
  }
}

function isMoreUrgent(a: QueuePriority, b: QueuePriority): boolean {
  return QUEUE_PRIORITIES.indexOf(a) < QUEUE_PRIORITIES.indexOf(b);
}

function nothingToCancel(): void {}
