import type { KubeKey, KubeMeta, KubeObject } from '../kube/kube-api.ts';

/** `namespace/name`, or `name` for what lives in no namespace. */
export function keyOf({ namespace, name }: KubeKey): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

export function parseKey(key: string): KubeKey {
  const slash = key.indexOf('/');
  return slash < 0 ? { name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

/**
 * What was last seen of the objects of one resource. It may lag behind the API server, never run ahead of it. The
 * objects are frozen.
 */
export interface ObjectStore {
  get(key: string): KubeObject | undefined;
  keys(): readonly string[];
  values(): readonly KubeObject[];
  readonly size: number;
}

export interface StoreChange {
  readonly is: 'added' | 'updated' | 'deleted';
  /** `namespace/name`. */
  readonly key: string;
  /** As it is now; for `deleted`, as it was last seen. */
  readonly object: KubeObject;
  readonly previous: KubeObject | undefined;
  /** Part of the first list after the start. */
  readonly isInitial: boolean;
}

type Told = Omit<StoreChange, 'isInitial'>;

/**
 * The store's writing side. Each method returns what changed by it, in the order in which it is to be told; nothing for
 * what was known already.
 */
export class WritableObjectStore implements ObjectStore {
  readonly #objects = new Map<string, KubeObject>();

  get size(): number {
    return this.#objects.size;
  }

  get(key: string): KubeObject | undefined {
    return this.#objects.get(key);
  }

  keys(): readonly string[] {
    return [...this.#objects.keys()];
  }

  values(): readonly KubeObject[] {
    return [...this.#objects.values()];
  }

  /** A different uid under the same key is another object: the old one was deleted unseen. */
  put(given: KubeObject): readonly Told[] {
    const key = keyOf(given.metadata);
    const previous = this.#objects.get(key);
    const isSameObject = previous?.metadata.uid === given.metadata.uid;
    if (isSameObject && previous?.metadata.resourceVersion === given.metadata.resourceVersion) return [];
    const object = readOnly(given);
    this.#objects.set(key, object);
    if (previous === undefined) return [{ is: 'added', key, object, previous: undefined }];
    if (isSameObject) return [{ is: 'updated', key, object, previous }];
    return [
      { is: 'deleted', key, object: previous, previous },
      { is: 'added', key, object, previous: undefined },
    ];
  }

  /** The object as it was at the end may differ from what the store held. */
  remove(given: KubeObject): readonly Told[] {
    const key = keyOf(given.metadata);
    const previous = this.#objects.get(key);
    if (previous === undefined || previous.metadata.uid !== given.metadata.uid) return [];
    this.#objects.delete(key);
    return [{ is: 'deleted', key, object: readOnly(given), previous }];
  }

  /** Makes the store hold just these of a namespace, or of all. What is missing was deleted unseen, and is told first. */
  replaceAll(objects: readonly KubeObject[], namespace: string | undefined): readonly Told[] {
    const present = new Set(objects.map(({ metadata }) => keyOf(metadata)));
    const told: Told[] = [];
    for (const [key, previous] of this.#objects) {
      const isInScope = namespace === undefined || previous.metadata.namespace === namespace;
      if (present.has(key) || !isInScope) continue;
      this.#objects.delete(key);
      told.push({ is: 'deleted', key, object: previous, previous });
    }
    for (const object of objects) told.push(...this.put(object));
    return told;
  }
}

/** Frozen, and without `managedFields`: no reconcile needs them, and they are often most of an object. */
function readOnly(object: KubeObject): KubeObject {
  const { managedFields: _, ...metadata }: KubeMeta & { readonly managedFields?: unknown } = object.metadata;
  return freezeDeep({ ...object, metadata });
}

function freezeDeep<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const member of Object.values(value)) freezeDeep(member);
  return Object.freeze(value);
}
