import type { Claim, DefaultTag, KindTypes, Location, Managed, ManagedKind, Resolved } from '../core/managed-kind.ts';
import type { Reason } from '../core/reason.ts';
import type { QueuePriority } from './queue/work-queue.ts';
import type { StoreChange } from './watch/object-store.ts';

/** The way to the world that an object means, and where that is. */
export interface Connection<Gateway> {
  readonly gateway: Gateway;
  /** Undefined for a kind whose objects have nothing that could be left behind. */
  readonly location: Location | undefined;
  /** None where left out. */
  readonly defaultTags?: readonly DefaultTag[] | undefined;
  /** Judges what a look foresees, as the object's own claims were judged before. Left out where nobody may refuse any. */
  readonly refusalOf?: ((claims: readonly Claim[]) => Refusal | undefined) | undefined;
}

/** The object may not go that way, and only a person can change that. */
export interface Refusal {
  readonly reason: Reason;
  readonly message: string;
}

/** Who asks for a connection, and how urgently. */
export interface Approach<T extends KindTypes> {
  readonly object: Managed<T>;
  /** Lenient ones where the object is being deleted, or waits for one of them. */
  readonly refs: Resolved;
  readonly priority: QueuePriority;
  /** A write that has to wait for its turn gives up, with that signal's reason, once it aborts; one that is sent does not. */
  readonly superseded: AbortSignal;
}

/** A kind and how its objects reach the world: all that the runtime is given of either. */
export interface Registration<T extends KindTypes> {
  readonly kind: ManagedKind<T>;
  /** Rejects with a `Failure` where the way is not open now. Called at every reconcile, so it should remember. */
  connect(approach: Approach<T>, signal: AbortSignal): Promise<Connection<T['gateway']> | Refusal>;
  /** Told of each change of the kind's objects, before any object is woken by it. Must not throw. */
  onChange?(change: StoreChange): void;
}

/** Words of the operator at hand; the runtime itself knows no group. */
export interface Identity {
  /** Whose the resources are: the first word of their owner. */
  readonly clusterId: string;
  readonly finalizer: string;
  /** All annotations that mean something to the operator begin with it, such as `ecs-operator.dev/`. */
  readonly annotationPrefix: string;
}
