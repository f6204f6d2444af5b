import { type Failure, toFailure } from '../../core/failure.ts';
import type { KindTypes } from '../../core/managed-kind.ts';
import type { KubeObject } from '../kube/kube-api.ts';
import type { ObjectEvent, ReconcilerOptions } from './attempt.ts';
import { ObjectWriter } from './object-writer.ts';
import { conditionsFor, type Outcome } from './outcome.ts';
import { eventsOf } from './reconcile.ts';
import { statusAfter } from './status.ts';

export interface Retracted {
  readonly object: KubeObject;
  readonly events: readonly ObjectEvent[];
}

const NO_HISTORY = { failures: 0, changes: 0, races: 0, isUnconfirmed: false };

/**
 * Makes an object say what its own look would say once its turn comes: that it waits for what it refers to. Whatever look
 * at it is under way loses the race for the status, and begins anew. Undefined where the object was written to or went
 * meanwhile; what is known of it is then the newest.
 */
export async function retract<T extends KindTypes>(
  options: ReconcilerOptions<T>,
  { key, failure }: { readonly key: string; readonly failure: Failure },
  signal: AbortSignal,
): Promise<Retracted | undefined> {
  const { api, resource, objects, clock } = options;
  const object = objects.get(key);
  if (object === undefined) return undefined;
  const writer = new ObjectWriter({ api, resource, object, remember: (answer) => objects.remember(answer) });
  const outcome: Outcome = { is: 'failed', failure };
  try {
    await writer.writeStatus(statusAfter(object, conditionsFor(outcome, NO_HISTORY), {}, clock.now()), signal);
  } catch (error) {
    if (toFailure(error).policy.retry !== 'at-once') throw error;
    const live = await writer.readLive(signal);
    if (live !== undefined) objects.remember(live);
    return undefined;
  }
  return { object: writer.current, events: eventsOf(object, outcome, NO_HISTORY) };
}
