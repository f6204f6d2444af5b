import type { Failure as EcsFailure } from '@aws-sdk/client-ecs';
import type { Action } from './actions.ts';
import { type Batcher, createBatcher } from './batcher.ts';
import { type Connection, failuresByName, isOfOneName, WINDOW_MS } from './connection.ts';

interface ArnReads<Item> {
  readonly action: Action;
  /** What one call takes. */
  readonly maxItems: number;
  describe(arns: readonly string[]): Promise<Described<Item>>;
  arnOf(item: Item): string | undefined;
}

interface Described<Item> {
  readonly items: readonly Item[] | undefined;
  readonly failures: readonly EcsFailure[] | undefined;
}

/** Reads of what is named by its whole ARN, so that one call takes those of any cluster. What is not there is no answer. */
export function createArnBatcher<Item>(connection: Connection, reads: ArnReads<Item>): Batcher<Item> {
  const { call, clock, metrics, lifetime } = connection;
  const { action, maxItems } = reads;
  return createBatcher({
    maxItems,
    windowMs: WINDOW_MS,
    isOfOneName,
    clock,
    execute: async (draw, priority) => {
      const { items = [], failures } = await call({ action, priority, signal: lifetime }, () => {
        const arns = draw();
        metrics.onBatch(action, arns.length);
        return reads.describe(arns);
      });
      const answers = new Map<string, Item | Error>(failuresByName(draw(), failures, action));
      for (const item of items) answers.set(String(reads.arnOf(item)), item);
      return answers;
    },
  });
}
