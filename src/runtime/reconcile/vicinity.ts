import type {
  DefaultTag,
  KindTypes,
  Managed,
  ManagedKind,
  Reference,
  Referent,
  Resolved,
  Surroundings,
} from '../../core/managed-kind.ts';
import type { Goal } from '../../core/plan.ts';
import type { Neighbours } from './attempt.ts';
import { resolveLeniently, resolveReferences } from './references.ts';

/** What an object can see of others: whom it refers to, who refers to it, and the kinds that its own kind heeds. */
export class Vicinity<T extends KindTypes> {
  readonly #kind: ManagedKind<T>;
  readonly #neighbours: Neighbours;
  readonly #object: Managed<T>;

  constructor(kind: ManagedKind<T>, neighbours: Neighbours, object: Managed<T>) {
    this.#kind = kind;
    this.#neighbours = neighbours;
    this.#object = object;
  }

  get referrers(): readonly Referent[] {
    const { metadata, owner } = this.#object;
    return this.#neighbours.referrers(owner.kind, metadata.namespace, metadata.name);
  }

  /** Throws `DependencyNotReady` where one is missing or not usable; leniently on deletion. */
  resolve(): Resolved {
    if (this.#object.metadata.deletionTimestamp !== undefined) return this.resolveLeniently();
    return resolveReferences(this.#kind.references(this.#object.spec), (kind, name) => this.#find(kind, name));
  }

  resolveLeniently(): Resolved {
    const references = referencesOfAny(this.#kind, this.#object.spec);
    return resolveLeniently(references, (kind, name) => this.#find(kind, name));
  }

  goal(refs: Resolved, defaultTags: readonly DefaultTag[], now: number): Goal<T['desired'], T['removal']> {
    const heeded = (this.#kind.heeds ?? []).flatMap((kind) => this.#neighbours.all(kind));
    const around: Surroundings = { refs, referrers: this.referrers, heeded, defaultTags, now };
    return this.#object.metadata.deletionTimestamp === undefined
      ? { want: 'present', desired: this.#kind.desire(this.#object, around) }
      : { want: 'absent', removal: this.#kind.removal(this.#object, around) };
  }

  /** Resolves once nobody who refers to the object says Ready while it cannot be used. */
  async retract(signal: AbortSignal): Promise<void> {
    const { metadata, owner } = this.#object;
    await this.#neighbours.retract(owner.kind, metadata.namespace, metadata.name, signal);
  }

  #find(kind: string, name: string): Referent | undefined {
    return this.#neighbours.find(kind, this.#object.metadata.namespace, name);
  }
}

/** The references of a spec that may not even fit the schema: what cannot be read refers to nothing. */
export function referencesOfAny<T extends KindTypes>(kind: ManagedKind<T>, spec: T['spec']): readonly Reference[] {
  try {
    return kind.references(spec);
  } catch {
    return [];
  }
}
