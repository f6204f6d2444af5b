/** Why a key was put in, most urgent first. A user's edit is done before the initial list and before resyncs. */
export type QueuePriority = 'edit' | 'follow-up' | 'background';

export interface BackoffBounds {
  readonly leastMs?: number;
  /** 1000 s unless stated. The floor holds even above it. */
  readonly mostMs?: number;
}

/**
 * Keys waiting for a worker. A key waits at most once, and never runs twice at once: added while it runs, it runs once
 * more afterwards. Of several delays for a key the earliest holds; a more urgent priority replaces a lesser one.
 */
export interface WorkQueue {
  add(key: string, priority: QueuePriority): void;
  addAfter(key: string, delayMs: number, priority: QueuePriority): void;
  /** Adds after this key's own backoff, which doubles at each call (from 5 ms, or from `leastMs` where that is more; full jitter), within these bounds. */
  addBackoff(key: string, priority: QueuePriority, bounds?: BackoffBounds): void;
  /** The key's backoff begins anew. */
  forget(key: string): void;
  /** How often `addBackoff` was called for this key since it was last forgotten. */
  retries(key: string): number;
  /** The next key, most urgent first, once there is one. Undefined once the queue is shut down. Call `done` after. */
  take(): Promise<{ readonly key: string; readonly priority: QueuePriority } | undefined>;
  done(key: string): void;
  /** Takers get undefined; waiting keys are dropped. Keys that run may still be marked done. */
  shutDown(): void;
  readonly depth: number;
}
