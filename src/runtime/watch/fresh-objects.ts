import type { KubeObject } from '../kube/kube-api.ts';
import { keyOf, type ObjectStore } from './object-store.ts';
import { isOlderVersion } from './resource-version.ts';

type Store = Pick<ObjectStore, 'get'> & { keys(): Iterable<string> };

/**
 * The store, and what our own writes answered while the watch has not told of them yet: so a reconcile always sees what
 * the one before it wrote. What the store no longer holds is gone, whatever an answer said.
 */
export class FreshObjects {
  readonly #store: Store;
  readonly #answers = new Map<string, KubeObject>();

  constructor(store: Store) {
    this.#store = store;
  }

  keys(): Iterable<string> {
    return this.#store.keys();
  }

  get(key: string): KubeObject | undefined {
    const stored = this.#store.get(key);
    const answer = this.#answers.get(key);
    if (stored === undefined || answer === undefined) return stored;
    const isNewer = isOlderVersion(stored.metadata.resourceVersion ?? '', answer.metadata.resourceVersion);
    if (!isNewer) this.#answers.delete(key);
    return isNewer ? answer : stored;
  }

  remember(answer: KubeObject): void {
    this.#answers.set(keyOf(answer.metadata), answer);
  }

  forget(key: string): void {
    this.#answers.delete(key);
  }
}
