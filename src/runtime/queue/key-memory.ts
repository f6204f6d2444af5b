import type { History, Outcome } from '../reconcile/outcome.ts';

/** What a controller remembers of its keys between two looks. Losing it costs nothing but a few looks. */
export class KeyMemory {
  readonly #changes = new Map<string, number>();
  readonly #races = new Map<string, number>();
  readonly #groups = new Map<string, string>();
  /** Written to, and not seen in sync since: a read that lags may still show the world before the write. */
  readonly #unconfirmed = new Set<string>();

  countsOf(key: string): Pick<History, 'changes' | 'races' | 'isUnconfirmed'> {
    return {
      changes: this.#changes.get(key) ?? 0,
      races: this.#races.get(key) ?? 0,
      isUnconfirmed: this.#unconfirmed.has(key),
    };
  }

  /** Whom the key's resyncs travel with: itself, while nothing else is known. */
  groupOf(key: string): string {
    return this.#groups.get(key) ?? key;
  }

  note(key: string, outcome: Outcome, sweepGroup: string | undefined): void {
    if (outcome.is === 'gone' || outcome.is === 'released') {
      this.forget(key);
      return;
    }
    const { changes, races } = this.countsOf(key);
    if (sweepGroup !== undefined) this.#groups.set(key, sweepGroup);
    if (isLostRace(outcome)) {
      this.#races.set(key, races + 1);
      return;
    }
    this.#races.delete(key);
    if (outcome.is === 'change') this.#unconfirmed.add(key);
    if (outcome.is === 'in-sync') this.#unconfirmed.delete(key);
    if (outcome.is === 'change') this.#changes.set(key, changes + 1);
    else this.#changes.delete(key);
  }

  /** What was counted says nothing of a new wish; that a write is unconfirmed does. */
  renew(key: string): void {
    this.#changes.delete(key);
    this.#races.delete(key);
  }

  forget(key: string): void {
    this.renew(key);
    this.#groups.delete(key);
    this.#unconfirmed.delete(key);
  }
}

/** Somebody else wrote to the object first. The cache lags behind whoever won, so the next look needs a live read. */
export function isLostRace(outcome: Outcome): boolean {
  return outcome.is === 'failed' && outcome.failure.policy.retry === 'at-once';
}
