import type { Definition } from './definition.ts';
import type { Goal, Observation, Owner, Plan } from './plan.ts';
import type { Reason, ReasonEntry } from './reason.ts';

/** The types that a kind brings. `gateway` is a parameter, so that nothing here knows what is behind it. */
export interface KindTypes {
  spec: CommonSpec;
  status: object;
  address: object;
  desired: object;
  removal: object;
  state: object;
  step: { readonly call: string };
  gateway: object;
}

/** The spec members that every kind has and the runtime reads. */
export interface CommonSpec {
  readonly region?: string | undefined;
  readonly accountRef?: { readonly name: string } | undefined;
  readonly adoptionPolicy?: 'Refuse' | 'Adopt' | undefined;
  readonly deletionPolicy?: 'Delete' | 'Retain' | undefined;
  readonly managementPolicy?: 'Manage' | 'Observe' | undefined;
  readonly suspend?: boolean | undefined;
}

export interface ObjectMeta {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly generation: number;
  readonly resourceVersion: string;
  readonly creationTimestamp: string;
  readonly deletionTimestamp?: string | undefined;
  readonly finalizers: readonly string[];
  readonly annotations: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionTime: string;
  readonly observedGeneration?: number | undefined;
}

/** The status members that the runtime owns; a kind's own members stand beside them. */
export interface CommonStatus {
  readonly observedGeneration?: number | undefined;
  readonly conditions?: readonly Condition[] | undefined;
  readonly location?: Location | undefined;
}

/** Where a resource lives, in words that do not change: for ECS `{ accountId, region }`. */
export type Location = Readonly<Record<string, string>>;

/** A custom resource, parsed. `owner` is what its resources are tagged with. */
export interface Managed<T extends KindTypes> {
  readonly metadata: ObjectMeta;
  readonly spec: T['spec'];
  readonly status: Partial<T['status']> & CommonStatus;
  readonly owner: Owner;
}

/** What one kind knows of an object of another kind: plain JSON, as stored. */
export interface Referent {
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly spec: Readonly<Record<string, unknown>>;
  readonly status: Readonly<Record<string, unknown>> & CommonStatus;
}

/** A reference to an object of the same namespace. */
export interface Reference {
  /** Where it stands, for messages: `spec.clusterRef`. */
  readonly path: string;
  readonly kind: string;
  readonly name: string;
  /** True once the object can be used. The default (left out): its Ready condition is True for its newest generation. */
  readonly isUsable?: (referent: Referent) => boolean;
  /** What of the referent matters, beside whether it can be used. Only its change wakes the one who refers; the whole status where left out. */
  readonly uses?: (referent: Referent) => unknown;
}

/**
 * The references of an object, by `path`. In ordinary reconciles every one is there and usable, else the kind is not
 * asked. On deletion they are lenient: an object that is going, or not ready, counts, and a missing one is left out.
 */
export type Resolved = Readonly<Record<string, Referent>>;

/** Something beside its own resource that an object makes use of: whoever owns the account may refuse it. */
export interface Claim {
  readonly on: 'role' | 'cluster';
  /** Where it stands, for messages: `spec.taskRoleArn`. */
  readonly path: string;
  /** As it is stated: a name or an ARN. */
  readonly name: string;
}

/** A change as it is about to be made. */
export interface Prospect<T extends KindTypes> {
  readonly steps: readonly [T['step'], ...T['step'][]];
  readonly desired: T['desired'];
  readonly observed: Observation<T['state']>;
}

/** What the steps would make use of, and the steps as they are to be sent: they name exactly what was looked at. */
export interface Foresight<T extends KindTypes> {
  readonly steps: readonly [T['step'], ...T['step'][]];
  readonly claims: readonly Claim[];
}

/** A tag that is put on a resource because of where it lives, whatever its object says. */
export interface DefaultTag {
  readonly key: string;
  readonly value?: string | undefined;
}

/** All that an object's wish may depend on, beside itself. */
export interface Surroundings {
  readonly refs: Resolved;
  /** The objects of the same namespace that refer to this one. */
  readonly referrers: readonly Referent[];
  /** The objects of the kinds that this one heeds, of all namespaces that are watched. */
  readonly heeded: readonly Referent[];
  /** Those of the account. A key that the object states itself goes before. */
  readonly defaultTags: readonly DefaultTag[];
  /** Wall time of this look, milliseconds since the epoch. */
  readonly now: number;
}

/** Something worth a Kubernetes Event. `id` makes its name, so the same notice is told once, restarts included. */
export interface Notice {
  readonly id: string;
  readonly type: 'Normal' | 'Warning';
  readonly reason: Reason;
  readonly message: string;
}

/** What `report` makes of a look. `drift` is filled by the runtime from the plan. */
export interface Report<Status> {
  readonly status: Partial<Status>;
  readonly notices: readonly Notice[];
}

/** A read of what is there, and the status members to put beside those that there are. */
export interface Glance<T extends KindTypes> {
  read(gateway: T['gateway'], signal: AbortSignal): Promise<Partial<T['status']>>;
}

/**
 * One kind of managed resource: five verbs, of which only `observe`, with its small sisters `glance` and `foresee`, and
 * `apply` touch the world. The rest is pure: equal arguments give equal answers, and nothing is changed. All are called again at every
 * reconcile and after every crash, in any order a crash can make, so each must be safe to repeat.
 */
export interface ManagedKind<T extends KindTypes> {
  readonly definition: Definition<T['spec'], T['status']>;
  /** Reasons that this kind uses beside the general ones. */
  readonly reasons: Readonly<Record<Reason, ReasonEntry>>;
  /** Status members that follow from the object's identity alone: there from the first status write on. */
  constants?(metadata: ObjectMeta): Partial<T['status']>;
  /** Resolved before anything else, and watched ever after. */
  references(spec: T['spec']): readonly Reference[];
  /** Asked before anything is read or written for the object. A role or a cluster that neither this nor `foresee` tells of is nobody's to refuse. */
  claims(object: Managed<T>, refs: Resolved): readonly Claim[];
  /** The kind of objects whose reference keeps a deleting object alive (`InUse`); none by default. */
  readonly keptAliveBy?: readonly string[];
  /** Kinds of which all objects are looked at, whether they refer to this one or not; their changes wake nobody. */
  readonly heeds?: readonly string[];
  /** Where to look. Undefined only on deletion, when not even status knows: then there is nothing to delete. */
  locate(object: Managed<T>, refs: Resolved): T['address'] | undefined;
  /**
   * What can be told of the resource while a reference is not usable: whoever is waited for may go by it. Undefined
   * where nothing is worth reading. `refs` are lenient. Most kinds leave it out, and read nothing while an object waits.
   */
  glance?(object: Managed<T>, refs: Resolved): Glance<T> | undefined;
  /** Objects of one group are looked at together when they are due, so that their reads can travel together. */
  sweepGroup(at: T['address']): string;
  /** The wish in canonical terms, with what is to be cleared. Throws `Failure` `Rejected` where the spec cannot be wished. */
  desire(object: Managed<T>, around: Surroundings): T['desired'];
  /** How the resource is to go. */
  removal(object: Managed<T>, around: Surroundings): T['removal'];
  /** Reads only. The goal may decide what is worth reading, never what is reported of it. Absence is a value, not a failure. */
  observe(
    at: T['address'],
    goal: Goal<T['desired'], T['removal']>,
    gateway: T['gateway'],
    signal: AbortSignal,
  ): Promise<Observation<T['state']>>;
  plan(
    goal: Goal<T['desired'], T['removal']>,
    observed: Observation<T['state']>,
    now: number,
  ): Plan<T['step'], T['status']>;
  /**
   * What a change would make use of that the object does not name, and only the world can tell. Reads only, and asked
   * only where somebody may refuse it, before anything of the change is persisted or written. Left out where objects
   * name all that they use.
   */
  foresee?(prospect: Prospect<T>, gateway: T['gateway'], signal: AbortSignal): Promise<Foresight<T>>;
  /** Destroying steps are preceded by a live read of the object. */
  isDestructive(step: T['step']): boolean;
  /** Exactly one write. Says nothing of the outcome: the next look does. */
  apply(step: T['step'], gateway: T['gateway'], signal: AbortSignal): Promise<void>;
  /** Observation → status. The runtime adds conditions, observedGeneration, location and drift. */
  report(
    object: Managed<T>,
    goal: Goal<T['desired'], T['removal']>,
    observed: Observation<T['state']>,
    now: number,
  ): Report<T['status']>;
  /** How its present owner can let go of the resource, as one command for a person to run. */
  releaseCommand(at: T['address'], state: T['state']): string;
}
