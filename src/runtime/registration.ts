import type { KindTypes, Location, Managed, ManagedKind } from '../core/managed-kind.ts';
import type { QueuePriority } from './queue/work-queue.ts';

/** The way to the world that an object means, and where that is. */
export interface Connection<Gateway> {
  readonly gateway: Gateway;
  readonly location: Location;
}

/** A kind and how its objects reach the world: all that the runtime is given of either. */
export interface Registration<T extends KindTypes> {
  readonly kind: ManagedKind<T>;
  /**
   * Rejects with a `Failure` where the object cannot be acted for. Called at every reconcile, so it should remember.
   * A write that has to wait for its turn gives up, with that signal's reason, once `superseded` aborts; one that is sent
   * does not.
   */
  connect(
    object: Managed<T>,
    priority: QueuePriority,
    signal: AbortSignal,
    superseded: AbortSignal,
  ): Promise<Connection<T['gateway']>>;
}

/** Words of the operator at hand; the runtime itself knows no group. */
export interface Identity {
  /** Whose the resources are: the first word of their owner. */
  readonly clusterId: string;
  readonly finalizer: string;
  /** All annotations that mean something to the operator begin with it, such as `ecs-operator.dev/`. */
  readonly annotationPrefix: string;
}
