import type { Reason } from './reason.ts';

/** One path at which the wish and the world differ. Values under secret-bearing paths are never shown: `(hidden)`. */
export interface Difference {
  readonly path: string;
  readonly wanted: unknown;
  readonly found: unknown;
}

/** Whose a resource is, as its tags say. The same four words for every resource of an object. */
export interface Owner {
  readonly clusterId: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export function isSameOwner(a: Owner, b: Owner): boolean {
  return a.clusterId === b.clusterId && a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;
}

export function describeOwner({ clusterId, kind, namespace, name }: Owner): string {
  return `${kind} ${namespace}/${name} of cluster id ${clusterId}`;
}

/** What a look at the world found. `owner` is undefined where nobody has put their tags. */
export type Observation<State> =
  | {
      readonly exists: false;
      /** Where a trace is left of the one that was here before: what tells it from the next. */
      readonly formerly?: string;
    }
  | { readonly exists: true; readonly state: State; readonly owner: Owner | undefined };

/** Deletion uses the same planner. `removal` says how: kept or not, forced or not, whatever the kind needs. */
export type Goal<Desired, Removal> =
  | { readonly want: 'present'; readonly desired: Desired }
  | { readonly want: 'absent'; readonly removal: Removal };

/**
 * What is to be done, as data. `in-sync` means that nothing differs and the world has finished acting; it is looked at again
 * with the next sweep, unless `lookAfterMs` says that something beside the wish is worth looking at sooner.
 * `change.intents` are status members that must be persisted before the first step (write-ahead: a crash
 * after a step must find what was about to be done): the runtime writes them and only then applies. Where the first step certainly had no effect they are taken back. `lookAfterMs` is how soon it is worth looking again.
 * `change.stamp` names an intent and the step that it announces: `at` of the intent says when that step was sent, which
 * may wait minutes for its turn, and it is taken back where the step was not sent or certainly had no effect.
 * `change.done` are status members that hold from the answer to the last step on; a crash before may lose them.
 * `change.isUpkeep` is for housekeeping beside a wish that has come true already: the object stays Ready, also where the
 * housekeeping fails, which is told by an Event and repeated as the failure demands.
 * `wait` is for what goes on by itself; `refuse` for what only a person can mend; it is looked
 * at again with the next sweep, unless `lookAfterMs` says that it is worth looking sooner.
 */
export type Plan<Step, Status> =
  | { readonly verdict: 'in-sync'; readonly message?: string; readonly lookAfterMs?: number }
  | {
      readonly verdict: 'change';
      readonly because: readonly Difference[];
      readonly steps: readonly [Step, ...Step[]];
      readonly intents?: Partial<Status>;
      readonly done?: Partial<Status>;
      readonly stamp?: { readonly intent: string; readonly call: string };
      readonly lookAfterMs?: number;
      readonly isUpkeep?: boolean;
    }
  | {
      readonly verdict: 'wait';
      readonly reason: Reason;
      readonly message: string;
      readonly pollAfterMs: number;
      readonly intents?: Partial<Status>;
    }
  | {
      readonly verdict: 'refuse';
      readonly reason: Reason;
      readonly message: string;
      readonly lookAfterMs?: number;
    };
