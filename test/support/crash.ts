import { ConnectionLost } from '../simulator/faults.ts';
import { isRead } from '../simulator/recording.ts';
import type { Stack } from './stack.ts';

export interface Write {
  readonly action: string;
  readonly input: object;
}

/**
 * Kills the operator (SIGKILL) at the first write that fits, before or after its effect; either way it gets no answer.
 * Resolves once it is dead. Whoever waits restarts it.
 */
export function killAt(stack: Stack, phase: 'before' | 'after', fits: (write: Write) => boolean): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const disarm = stack.simulator.onCall(async (call) => {
    if (call.phase !== phase || isRead(call.action) || !fits(call)) return;
    disarm();
    await stack.operator.kill();
    resolve();
    throw new ConnectionLost('reset');
  });
  return promise;
}
