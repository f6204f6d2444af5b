import { once } from 'node:events';
import { z } from 'zod';
import type { OperatorProcess } from './operator-process.ts';

/** Runs Node with an inspector that only this machine reaches. */
export const INSPECTED = ['--inspect=127.0.0.1:0'] as const;

/** The heap of another Node process, by its inspector: that process knows nothing of it. Disposing of it lets go. */
export interface InspectedHeap extends Disposable {
  /** Megabytes in use right after everything that nobody refers to was collected. */
  collected(): Promise<number>;
}

const Answer = z.object({ id: z.int(), result: z.looseObject({}).optional() });
const HeapUsage = z.object({ usedSize: z.number() });

/** Of an operator that was started with the flags `INSPECTED`. */
export async function inspectHeap(operator: OperatorProcess): Promise<InspectedHeap> {
  const url = /Debugger listening on (ws:\S+)/.exec(operator.stderr())?.[1];
  if (url === undefined) throw new Error(`the operator runs without an inspector: ${operator.stderr()}`);
  const socket = new WebSocket(url);
  const waiting = new Map<number, (result: unknown) => void>();
  socket.addEventListener('message', ({ data }) => {
    const answer = Answer.safeParse(JSON.parse(String(data)));
    if (answer.success) waiting.get(answer.data.id)?.(answer.data.result);
  });
  await once(socket, 'open');
  let count = 0;
  async function ask(method: string): Promise<unknown> {
    count += 1;
    const { promise, resolve } = Promise.withResolvers<unknown>();
    waiting.set(count, resolve);
    socket.send(JSON.stringify({ id: count, method }));
    return await promise;
  }
  return {
    async collected() {
      // What the first one ends may have held on to more.
      for (let times = 0; times < 3; times += 1) await ask('HeapProfiler.collectGarbage');
      return HeapUsage.parse(await ask('Runtime.getHeapUsage')).usedSize / 1e6;
    },
    [Symbol.dispose]: () => socket.close(),
  };
}
