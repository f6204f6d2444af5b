import type { SoakStage } from './soak-stage.ts';

/** Counts what took effect in ECS while a soak goes on, so that the simulator need not remember each call. */
export interface Ledger {
  readonly writes: ReadonlyMap<string, number>;
  /** Effects of UpdateService, by the service's name. */
  readonly updates: ReadonlyMap<string, number>;
}

export function keepLedger({ simulator }: SoakStage): Ledger {
  const writes = new Map<string, number>();
  const updates = new Map<string, number>();
  simulator.onCall(({ action, input, phase }) => {
    if (phase !== 'after') return;
    if (!/^(?:Describe|List|Get)/.test(action)) count(writes, action);
    if (action === 'UpdateService' && 'service' in input) count(updates, String(input.service).split('/').at(-1) ?? '');
  });
  return { writes, updates };
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
