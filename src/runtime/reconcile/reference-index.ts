/** An object, by its kind and its key in the store. */
export interface ObjectRef {
  readonly kind: string;
  readonly key: string;
}

/** Who refers to whom, in both directions. Kept in step with the stores by whoever hears of their changes. */
export class ReferenceIndex {
  readonly #targets = new Map<string, readonly ObjectRef[]>();
  readonly #referrers = new Map<string, Map<string, ObjectRef>>();

  /** Replaces all that `from` refers to; nothing where it is gone. */
  set(from: ObjectRef, targets: readonly ObjectRef[]): void {
    for (const target of this.targets(from)) this.#referrers.get(idOf(target))?.delete(idOf(from));
    if (targets.length === 0) this.#targets.delete(idOf(from));
    else this.#targets.set(idOf(from), targets);
    for (const target of targets) {
      const referrers = this.#referrers.get(idOf(target)) ?? new Map<string, ObjectRef>();
      this.#referrers.set(idOf(target), referrers.set(idOf(from), from));
    }
  }

  targets(from: ObjectRef): readonly ObjectRef[] {
    return this.#targets.get(idOf(from)) ?? [];
  }

  referrers(of: ObjectRef): readonly ObjectRef[] {
    return [...(this.#referrers.get(idOf(of))?.values() ?? [])];
  }
}

function idOf({ kind, key }: ObjectRef): string {
  return `${kind} ${key}`;
}
