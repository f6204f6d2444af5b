import { Failure, toFailure } from '../../core/failure.ts';
import type { Reference, Referent } from '../../core/managed-kind.ts';
import { isEqual } from '../../lib/stable-json.ts';
import type { KubeObject } from '../kube/kube-api.ts';
import type { QueuePriority } from '../queue/work-queue.ts';
import type { FreshObjects } from '../watch/fresh-objects.ts';
import { keyOf, parseKey, type StoreChange } from '../watch/object-store.ts';
import type { Neighbours } from './attempt.ts';
import { wakeOfReferrers } from './change-filter.ts';
import { isReadyAt } from './conditions.ts';
import { referentOf } from './managed-object.ts';
import { type ObjectRef, ReferenceIndex } from './reference-index.ts';
import { isUsable, resolveReferences } from './references.ts';

/** One kind, as the others know it. */
export interface Member {
  readonly objects: FreshObjects;
  wake(key: string, priority: QueuePriority): void;
  /** Makes an object say that it waits, for that reason, before its own look comes to it. */
  retract(key: string, failure: Failure, signal: AbortSignal): Promise<void>;
}

/** Whoever is written to all the time cannot be waited for in one look. */
const MOST_ROUNDS = 5;

/** Objects of all kinds, who refers to whom, and whom a change concerns beside its own object. */
export class Neighbourhood implements Neighbours {
  readonly #members = new Map<string, Member>();
  readonly #index = new ReferenceIndex();
  /** By kind and key of those who refer. */
  readonly #references = new Map<string, readonly Reference[]>();
  /** Objects are never changed, and a kind that heeds all of another asks for the same ones at every look. */
  readonly #referents = new WeakMap<KubeObject, Referent>();

  join(kind: string, member: Member): void {
    this.#members.set(kind, member);
  }

  find(kind: string, namespace: string, name: string): Referent | undefined {
    return this.#read({ kind, key: keyOf({ namespace, name }) });
  }

  referrers(kind: string, namespace: string, name: string): readonly Referent[] {
    const referrers = this.#index.referrers({ kind, key: keyOf({ namespace, name }) });
    return referrers.flatMap((referrer) => this.#read(referrer) ?? []);
  }

  all(kind: string): readonly Referent[] {
    const keys = this.#members.get(kind)?.objects.keys() ?? [];
    return [...keys].flatMap((key) => this.#read({ kind, key }) ?? []);
  }

  async retract(kind: string, namespace: string, name: string, signal: AbortSignal): Promise<void> {
    const of: ObjectRef = { kind, key: keyOf({ namespace, name }) };
    const mute = new Set<string>();
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const referrers = this.#index.referrers(of).filter((referrer) => !mute.has(idOf(referrer)));
      const untimely = referrers.flatMap((referrer) => this.#untimely(referrer));
      if (untimely.length === 0) return;
      await Promise.all(
        untimely.map(async ({ referrer, failure }) => {
          try {
            await this.#members.get(referrer.kind)?.retract(referrer.key, failure, signal);
          } catch (error) {
            if (toFailure(error).code !== 'Bug') throw error;
            mute.add(idOf(referrer));
          }
        }),
      );
    }
    throw new Failure('Conflict', 'those who refer to the object change all the time');
  }

  /**
   * To be called at each change before the object itself is woken: so a dependant learns that its reference is not what
   * it was before anything comes of that. Also wakes those that may go at last as this one refers to them no more.
   */
  note(kind: string, change: StoreChange, references: readonly Reference[]): void {
    const { key, object, previous, is } = change;
    const from: ObjectRef = { kind, key };
    const before = this.#index.targets(from);
    const after = is === 'deleted' ? [] : references.map((reference) => targetOf(key, reference));
    if (!isEqual(before, after)) this.#index.set(from, after);
    if (after.length === 0) this.#references.delete(idOf(from));
    else this.#references.set(idOf(from), references);
    const isLeaving = object.metadata.deletionTimestamp !== previous?.metadata.deletionTimestamp;
    if (is === 'deleted' || isLeaving || !isEqual(before, after)) this.#wakeLeaving([...before, ...after]);
    const priority = wakeOfReferrers(change);
    if (priority === undefined) return;
    for (const referrer of this.#index.referrers(from)) {
      const isConcerned = priority === 'edit' || this.#isConcerned(referrer, kind, change);
      if (isConcerned) this.#members.get(referrer.kind)?.wake(referrer.key, priority);
    }
  }

  /** A status may change often in what nobody who refers to it looks at. */
  #isConcerned(referrer: ObjectRef, kind: string, { object, previous }: StoreChange): boolean {
    if (previous === undefined) return true;
    const [before, after] = [referentOf(previous, kind), referentOf(object, kind)];
    const references = this.#references.get(idOf(referrer)) ?? [];
    const concerned = references.filter((each) => each.kind === kind && each.name === after.metadata.name);
    return concerned.some((each) => !isEqual(factsFor(each, before), factsFor(each, after)));
  }

  /** Says Ready although something that it refers to is not usable by now. */
  #untimely(referrer: ObjectRef): readonly { readonly referrer: ObjectRef; readonly failure: Failure }[] {
    const { metadata, status } = this.#read(referrer) ?? {};
    if (metadata === undefined || metadata.deletionTimestamp !== undefined) return [];
    if (!isReadyAt(status?.conditions, metadata.generation)) return [];
    const { namespace } = metadata;
    try {
      resolveReferences(this.#references.get(idOf(referrer)) ?? [], (kind, name) => this.find(kind, namespace, name));
      return [];
    } catch (error) {
      return [{ referrer, failure: toFailure(error) }];
    }
  }

  #wakeLeaving(targets: readonly ObjectRef[]): void {
    for (const target of targets) {
      const isLeaving = this.#read(target)?.metadata.deletionTimestamp !== undefined;
      if (isLeaving) this.#members.get(target.kind)?.wake(target.key, 'follow-up');
    }
  }

  #read({ kind, key }: ObjectRef): Referent | undefined {
    const object = this.#members.get(kind)?.objects.get(key);
    if (object === undefined) return undefined;
    const known = this.#referents.get(object);
    if (known !== undefined) return known;
    const referent = referentOf(object, kind);
    this.#referents.set(object, referent);
    return referent;
  }
}

function targetOf(from: string, { kind, name }: Reference): ObjectRef {
  return { kind, key: keyOf({ namespace: parseKey(from).namespace, name }) };
}

function factsFor(reference: Reference, referent: Referent): unknown {
  return [isUsable(reference, referent), reference.uses === undefined ? referent.status : reference.uses(referent)];
}

function idOf({ kind, key }: ObjectRef): string {
  return `${kind} ${key}`;
}
