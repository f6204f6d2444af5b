import type { Clock } from '../lib/clock.ts';
import { orAborted } from '../lib/deadline.ts';
import type { Priority } from './gateway.ts';

export interface BatcherOptions<Value> {
  /** What the API takes in one call. */
  readonly maxItems: number;
  /** How long the first read of a batch waits for company. Sweeps can wait longer than a person. */
  readonly windowMs: Readonly<Record<Priority, number>>;
  readonly clock: Clock;
  /** One call for all names. Answers by name; a name left out is not there. An `Error` as a value fails that name alone. */
  execute(names: readonly string[], priority: Priority): Promise<ReadonlyMap<string, Value | Error>>;
}

/**
 * Lets reads of single things travel together. Callers ask for one name and get one answer; the same name asked twice
 * in a batch is read once. The batch belongs to nobody: a caller that gives up neither fails nor delays the others.
 */
export interface Batcher<Value> {
  read(name: string, priority: Priority, signal: AbortSignal): Promise<Value | undefined>;
}

interface Batch<Value> {
  readonly waiters: Map<string, PromiseWithResolvers<Value | undefined>>;
  priority: Priority;
  cancelTimer: () => void;
}

export function createBatcher<Value>(options: BatcherOptions<Value>): Batcher<Value> {
  const { maxItems, windowMs, clock, execute } = options;
  let open: Batch<Value> | undefined;

  function join(name: string, priority: Priority): Promise<Value | undefined> {
    open ??= openBatch(priority);
    const batch = open;
    if (priority === 'urgent' && batch.priority === 'sweep') hasten(batch);
    const waiter = batch.waiters.get(name) ?? Promise.withResolvers<Value | undefined>();
    batch.waiters.set(name, waiter);
    if (batch.waiters.size >= maxItems) close(batch);
    return waiter.promise;
  }

  function openBatch(priority: Priority): Batch<Value> {
    const batch: Batch<Value> = { waiters: new Map(), priority, cancelTimer: () => undefined };
    batch.cancelTimer = clock.schedule(windowMs[priority], () => close(batch));
    return batch;
  }

  function hasten(batch: Batch<Value>): void {
    batch.priority = 'urgent';
    batch.cancelTimer();
    batch.cancelTimer = clock.schedule(windowMs.urgent, () => close(batch));
  }

  function close(batch: Batch<Value>): void {
    batch.cancelTimer();
    if (open === batch) open = undefined;
    void settle(batch);
  }

  async function settle(batch: Batch<Value>): Promise<void> {
    try {
      const answers = await execute([...batch.waiters.keys()], batch.priority);
      for (const [name, { resolve, reject }] of batch.waiters) {
        const answer = answers.get(name);
        if (answer instanceof Error) reject(answer);
        else resolve(answer);
      }
    } catch (error) {
      for (const { reject } of batch.waiters.values()) reject(error);
    }
  }

  return { read: (name, priority, signal) => orAborted(signal, () => join(name, priority)) };
}
