import type { KindTypes, Referent } from '../../core/managed-kind.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { KubeApi, KubeResource } from '../kube/kube-api.ts';
import type { QueuePriority } from '../queue/work-queue.ts';
import type { Identity, Registration } from '../registration.ts';
import type { FreshObjects } from '../watch/fresh-objects.ts';
import type { History, OutcomeEvent } from './outcome.ts';

/** What a reconcile may know of other objects. Both see the newest that is known. */
export interface Neighbours {
  find(kind: string, namespace: string, name: string): Referent | undefined;
  /** Those of the same namespace that refer to the object. */
  referrers(kind: string, namespace: string, name: string): readonly Referent[];
  /** Those of that kind, of all namespaces that are watched. */
  all(kind: string): readonly Referent[];
  /**
   * Resolves once none of those who refer to the object says Ready while it cannot be used: to be awaited before anything
   * comes of its change, as whoever waits for one of them would pass on what was true before. One whose status the API
   * server does not take holds nobody up: its own look tells of that.
   */
  retract(kind: string, namespace: string, name: string, signal: AbortSignal): Promise<void>;
}

export interface ReconcilerOptions<T extends KindTypes> {
  readonly registration: Registration<T>;
  readonly api: KubeApi;
  readonly resource: KubeResource;
  readonly identity: Identity;
  readonly objects: FreshObjects;
  readonly neighbours: Neighbours;
  readonly clock: Clock;
  /** How long one reconcile may take before it is given up. */
  readonly timeoutMs: number;
}

export interface Attempt {
  readonly key: string;
  readonly priority: QueuePriority;
  readonly history: History;
  readonly log: Log;
  /** Aborts when what this attempt has not sent yet is no longer wished. */
  readonly superseded: AbortSignal;
  /** Aborts when nobody is to work any more: then it is of no use to go on looking. */
  readonly ending: AbortSignal;
}

/** An event about an object. `id` makes it be told once, restarts included. */
export interface ObjectEvent extends OutcomeEvent {
  readonly id?: string;
}
