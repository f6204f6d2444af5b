import type { Clock } from '../lib/clock.ts';
import { orAborted } from '../lib/deadline.ts';
import type { Priority } from './gateway.ts';

export interface BatcherOptions<Value> {
  /** What the API takes in one call. */
  readonly maxItems: number;
  /** How long the first read of a batch waits for company. Sweeps can wait longer than a person. */
  readonly windowMs: Readonly<Record<Priority, number>>;
  readonly clock: Clock;
  /**
   * One call for all names. Answers by name; a name left out is not there. An `Error` as a value fails that name alone.
   * `draw` closes the batch and says its names: called as late as can be, when the call may be sent at last, so that
   * whoever asks while it waits for its token still travels with it.
   */
  execute(draw: () => readonly string[], priority: Priority): Promise<ReadonlyMap<string, Value | Error>>;
  /** Whether a failed call may be the fault of one name in it: then it is asked again in halves, until that one is alone. */
  isOfOneName(error: unknown): boolean;
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
  /** It has waited for company long enough, and now for being sent. Its priority is settled. */
  isDue: boolean;
  cancelTimer: () => void;
}

export function createBatcher<Value>(options: BatcherOptions<Value>): Batcher<Value> {
  const { maxItems, windowMs, clock, execute, isOfOneName } = options;
  let open: Batch<Value> | undefined;

  function join(name: string, priority: Priority): Promise<Value | undefined> {
    const batch = batchFor(priority);
    const waiter = batch.waiters.get(name) ?? Promise.withResolvers<Value | undefined>();
    batch.waiters.set(name, waiter);
    if (batch.waiters.size >= maxItems) {
      leave(batch);
      if (!batch.isDue) send(batch);
    }
    return waiter.promise;
  }

  /** The open one, unless it waits for being sent less urgently than is wished. */
  function batchFor(priority: Priority): Batch<Value> {
    const isSlow = priority === 'urgent' && open?.priority === 'sweep';
    if (open === undefined || (isSlow && open.isDue)) open = openBatch(priority);
    else if (isSlow) hasten(open);
    return open;
  }

  function openBatch(priority: Priority): Batch<Value> {
    const batch: Batch<Value> = { waiters: new Map(), priority, isDue: false, cancelTimer: () => undefined };
    batch.cancelTimer = clock.schedule(windowMs[priority], () => send(batch));
    return batch;
  }

  function hasten(batch: Batch<Value>): void {
    batch.priority = 'urgent';
    batch.cancelTimer();
    batch.cancelTimer = clock.schedule(windowMs.urgent, () => send(batch));
  }

  function send(batch: Batch<Value>): void {
    batch.cancelTimer();
    batch.isDue = true;
    void settle(batch, () => {
      leave(batch);
      return [...batch.waiters.keys()];
    });
  }

  function leave(batch: Batch<Value>): void {
    if (open === batch) open = undefined;
  }

  /** Only the first call of a batch may draw late; what it is split into has its names. */
  async function settle(batch: Batch<Value>, draw: () => readonly string[]): Promise<void> {
    let names: readonly string[] = [];
    try {
      const answers = await execute(() => (names = draw()), batch.priority);
      for (const name of names) deliver(batch, name, answers.get(name));
    } catch (error) {
      names = draw();
      if (names.length > 1 && isOfOneName(error)) {
        const middle = Math.ceil(names.length / 2);
        await Promise.all([names.slice(0, middle), names.slice(middle)].map((half) => settle(batch, () => half)));
      } else {
        for (const name of names) batch.waiters.get(name)?.reject(error);
      }
    }
  }

  function deliver({ waiters }: Batch<Value>, name: string, answer: Value | Error | undefined): void {
    if (answer instanceof Error) waiters.get(name)?.reject(answer);
    else waiters.get(name)?.resolve(answer);
  }

  return { read: (name, priority, signal) => orAborted(signal, () => join(name, priority)) };
}
