import type { Clock } from '../../src/lib/clock.ts';
import { isEqual, isPlainObject } from '../../src/lib/stable-json.ts';
import {
  KubeError,
  type KubeKey,
  type KubeMeta,
  type KubeObject,
  type KubeResource,
} from '../../src/runtime/kube/kube-api.ts';
import { resourceId } from './fake-kube-faults.ts';
import type { FakeHistory } from './fake-kube-history.ts';

/** What the fake knows of a resource. */
export interface FakeKind {
  readonly resource: KubeResource;
  readonly kind: string;
  /** False for what lives in no namespace. */
  readonly isNamespaced?: boolean;
  /** A custom resource with a status subresource: status is apart, and generation counts the changes of the rest. */
  readonly hasStatus?: boolean;
  /** The default that the schema gives to a missing status, such as `{ observedGeneration: -1 }`. */
  readonly defaultStatus?: Readonly<Record<string, unknown>>;
}

type Json = Readonly<Record<string, unknown>>;

/** What the API server does to objects: versions, generations, uids, finalizers and preconditions. */
export class FakeObjects {
  readonly #clock: Clock;
  readonly #history: FakeHistory;
  readonly #objects = new Map<string, Map<string, KubeObject>>();
  #uids = 0;

  constructor(clock: Clock, history: FakeHistory) {
    this.#clock = clock;
    this.#history = history;
  }

  all(resource: KubeResource): readonly KubeObject[] {
    const entries = [...this.#of(resource)].toSorted(([a], [b]) => (a < b ? -1 : 1));
    return entries.map(([, object]) => object);
  }

  find(resource: KubeResource, key: KubeKey): KubeObject | undefined {
    return this.#of(resource).get(idOf(key));
  }

  create(kind: FakeKind, given: KubeObject): KubeObject {
    const { metadata, ...rest } = given;
    const isNamespaced = kind.isNamespaced ?? true;
    if (metadata.name === '') throw invalid(kind, metadata.name, 'metadata.name: Required value: name is required');
    if (isNamespaced !== (metadata.namespace !== undefined)) {
      throw refusal(400, 'BadRequest', `the namespace does not fit the scope of ${kind.kind}`);
    }
    if (metadata.resourceVersion !== undefined) {
      throw refusal(500, '', 'resourceVersion should not be set on objects to be created');
    }
    if (this.find(kind.resource, metadata) !== undefined) {
      throw refusal(409, 'AlreadyExists', `${titleOf(kind, metadata.name)} already exists`);
    }
    this.#uids += 1;
    const created: KubeObject = {
      ...rest,
      metadata: {
        ...metadata,
        uid: `00000000-0000-4000-8000-${String(this.#uids).padStart(12, '0')}`,
        creationTimestamp: this.#stamp(),
        ...(kind.hasStatus === true ? { generation: 1 } : {}),
      },
    };
    return this.#store(kind, withStatus(kind, created, undefined), undefined);
  }

  /** Puts `next` in the place of what is there, as a PUT or the outcome of a patch. */
  update(kind: FakeKind, key: KubeKey, next: KubeObject, subresource?: 'status'): KubeObject {
    const current = this.#require(kind, key);
    this.#checkPreconditions(kind, current, next.metadata);
    if (subresource === 'status') {
      return this.#storeIfChanged(kind, withStatus(kind, current, next.status), current);
    }
    const { metadata, ...rest } = next;
    checkMeta(kind, current.metadata, metadata);
    const kept = withStatus(kind, { ...rest, metadata: keepSystemMeta(current.metadata, metadata) }, current.status);
    const hasChanged = !isEqual(contentOf(kept), contentOf(current));
    const generation = current.metadata.generation;
    const bumped =
      generation !== undefined && hasChanged
        ? { ...kept, metadata: { ...kept.metadata, generation: generation + 1 } }
        : kept;
    if (bumped.metadata.deletionTimestamp !== undefined && (bumped.metadata.finalizers ?? []).length === 0) {
      return this.#remove(kind, bumped, current);
    }
    return this.#storeIfChanged(kind, bumped, current);
  }

  patch(kind: FakeKind, key: KubeKey, body: Json, subresource?: 'status'): KubeObject {
    const current = this.#require(kind, key);
    return this.update(kind, key, freeze(mergePatch(current, body)) as KubeObject, subresource);
  }

  delete(kind: FakeKind, key: KubeKey): void {
    const current = this.#require(kind, key);
    const { metadata } = current;
    if ((metadata.finalizers ?? []).length === 0) {
      this.#remove(kind, current, current);
      return;
    }
    if (metadata.deletionTimestamp !== undefined) return;
    const generation = metadata.generation === undefined ? {} : { generation: metadata.generation + 1 };
    const deleting = { ...metadata, deletionTimestamp: this.#stamp(), deletionGracePeriodSeconds: 0, ...generation };
    this.#store(kind, { ...current, metadata: deleting }, current);
  }

  #require(kind: FakeKind, key: KubeKey): KubeObject {
    const current = this.find(kind.resource, key);
    if (current === undefined) throw refusal(404, 'NotFound', `${titleOf(kind, key.name)} not found`);
    return current;
  }

  #checkPreconditions(kind: FakeKind, current: KubeObject, wanted: KubeMeta): void {
    if (wanted.resourceVersion === undefined) {
      throw invalid(kind, current.metadata.name, 'metadata.resourceVersion: must be specified for an update');
    }
    if (wanted.resourceVersion === current.metadata.resourceVersion) return;
    const because = 'the object has been modified; please apply your changes to the latest version and try again';
    const title = titleOf(kind, current.metadata.name);
    throw refusal(409, 'Conflict', `Operation cannot be fulfilled on ${title}: ${because}`);
  }

  #storeIfChanged(kind: FakeKind, next: KubeObject, current: KubeObject): KubeObject {
    return isEqual(next, current) ? current : this.#store(kind, next, current);
  }

  #store(kind: FakeKind, object: KubeObject, previous: KubeObject | undefined): KubeObject {
    const version = this.#history.nextVersion();
    const stored = stamped(kind, object, version);
    this.#of(kind.resource).set(idOf(stored.metadata), stored);
    const type = previous === undefined ? 'ADDED' : 'MODIFIED';
    this.#history.append({ version, resource: resourceId(kind.resource), type, object: stored, previous });
    return stored;
  }

  #remove(kind: FakeKind, object: KubeObject, previous: KubeObject): KubeObject {
    const version = this.#history.nextVersion();
    const gone = stamped(kind, object, version);
    this.#of(kind.resource).delete(idOf(object.metadata));
    this.#history.append({ version, resource: resourceId(kind.resource), type: 'DELETED', object: gone, previous });
    return gone;
  }

  #of(resource: KubeResource): Map<string, KubeObject> {
    const id = resourceId(resource);
    const known = this.#objects.get(id) ?? new Map<string, KubeObject>();
    this.#objects.set(id, known);
    return known;
  }

  /** To the second, as the API server writes it. */
  #stamp(): string {
    return new Date(this.#clock.now()).toISOString().replace(/\.\d+Z$/, 'Z');
  }
}

/** What has been read-only since it was JSON, so that it need not be copied again. */
const frozen = new WeakSet<object>();

/** JSON as it would arrive over the wire, and read-only from then on. */
export function freeze<T>(value: T): T {
  return asJson(value) as T;
}

function asJson(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || frozen.has(value)) return value;
  if ('toJSON' in value) return asJson(JSON.parse(JSON.stringify(value)));
  const copy = Array.isArray(value) ? value.map(itemAsJson) : membersAsJson(value as Json);
  frozen.add(copy);
  return Object.freeze(copy);
}

function itemAsJson(item: unknown): unknown {
  return item === undefined ? null : asJson(item);
}

function membersAsJson(value: Json): Json {
  const copy: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) if (member !== undefined) copy[name] = asJson(member);
  return copy;
}

/** RFC 7386: null removes, objects merge, all else replaces. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isPlainObject(patch)) return patch;
  const merged: Record<string, unknown> = isPlainObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete merged[name];
    else if (value !== undefined) merged[name] = mergePatch(merged[name], value);
  }
  return merged;
}

export function refusal(code: number, reason: string, message: string): KubeError {
  return new KubeError({ code, reason, message });
}

function invalid(kind: FakeKind, name: string, because: string): KubeError {
  return refusal(422, 'Invalid', `${kind.kind} "${name}" is invalid: ${because}`);
}

function titleOf(kind: FakeKind, name: string): string {
  const { group, plural } = kind.resource;
  return `${group === '' ? plural : `${plural}.${group}`} "${name}"`;
}

function checkMeta(kind: FakeKind, current: KubeMeta, next: KubeMeta): void {
  if (next.uid !== undefined && next.uid !== current.uid) {
    throw invalid(kind, current.name, `metadata.uid: Invalid value: "${next.uid}": field is immutable`);
  }
  if (next.name !== current.name || next.namespace !== current.namespace) {
    throw refusal(400, 'BadRequest', `the name of the object (${next.name}) does not match the name on the URL`);
  }
  const added = (next.finalizers ?? []).filter((finalizer) => !(current.finalizers ?? []).includes(finalizer));
  if (current.deletionTimestamp !== undefined && added.length > 0) {
    const because = 'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted';
    throw invalid(kind, current.name, because);
  }
}

/** What only the server sets stays as it is, whatever was sent. */
function keepSystemMeta(current: KubeMeta, next: KubeMeta): KubeMeta {
  const { uid: _, resourceVersion: __, generation: ___, creationTimestamp: ____, deletionTimestamp: _5, ...own } = next;
  const { uid, resourceVersion, generation, creationTimestamp, deletionTimestamp } = current;
  const system = { uid, resourceVersion, generation, creationTimestamp, deletionTimestamp };
  return freeze({ ...own, ...system }) as KubeMeta;
}

function withStatus(kind: FakeKind, object: KubeObject, status: unknown): KubeObject {
  if (kind.hasStatus !== true) return object;
  const { status: _, ...rest } = object;
  const kept = status ?? kind.defaultStatus;
  return kept === undefined ? rest : { ...rest, status: kept };
}

/** What generation counts: all but metadata and status. */
function contentOf(object: KubeObject): Json {
  const { metadata: _, status: __, ...content } = object;
  return content;
}

function stamped(kind: FakeKind, object: KubeObject, version: number): KubeObject {
  const { group, version: apiVersion } = kind.resource;
  return freeze({
    ...object,
    apiVersion: group === '' ? apiVersion : `${group}/${apiVersion}`,
    kind: kind.kind,
    metadata: { ...object.metadata, resourceVersion: String(version) },
  });
}

function idOf(key: KubeKey): string {
  return key.namespace === undefined ? key.name : `${key.namespace}/${key.name}`;
}
