import type { Clock } from '../../src/lib/clock.ts';
import { EVENTS } from '../../src/runtime/events/event-object.ts';
import type {
  KubeApi,
  KubeKey,
  KubeObject,
  KubeResource,
  KubeStatus,
  ListOptions,
  WatchOptions,
} from '../../src/runtime/kube/kube-api.ts';
import { LEASES } from '../../src/runtime/leader-election/lease.ts';
import { connectionLost, FaultList, type KubeCall, type KubeFaults, resourceId } from './fake-kube-faults.ts';
import { FakeHistory } from './fake-kube-history.ts';
import { type FakeKind, FakeObjects, freeze, refusal } from './fake-kube-objects.ts';

export { EVENTS, LEASES };

export interface FakeKubeApiOptions {
  readonly clock: Clock;
  /** Leases and Events are known as well. */
  readonly kinds?: readonly FakeKind[] | undefined;
  /** How many events are kept for those who resume a watch; 1000 unless stated. */
  readonly historyLimit?: number | undefined;
  /** How long every call takes; none unless stated. */
  readonly latencyMs?: number | undefined;
}

/** One attempt to write. */
export interface KubeWrite {
  readonly verb: 'create' | 'replace' | 'patch';
  readonly resource: KubeResource;
  readonly key: KubeKey;
  readonly subresource: 'status' | undefined;
  readonly body: unknown;
  /** `unchanged` took no effect as all was so already; of `lost` the answer did not come. */
  readonly result: 'changed' | 'unchanged' | 'refused' | 'lost';
}

/**
 * An API server in memory, as far as the runtime depends on one; `test/contract/kube-api.test.ts` holds it to the real
 * one. What it gives out is frozen. The methods that take no signal are for the test: they play the user.
 */
export interface FakeKubeApi extends KubeApi {
  readonly writes: readonly KubeWrite[];
  readonly faults: KubeFaults;
  readonly openWatches: number;
  /** How many calls began, by verb and plural, such as `list leases`. */
  readonly calls: ReadonlyMap<string, number>;
  /** Creates, or replaces all but metadata and status, as `kubectl apply` does; labels and annotations are merged. */
  apply(object: KubeObject): KubeObject;
  /** Another client's JSON merge patch. */
  edit(
    resource: KubeResource,
    key: KubeKey,
    body: Readonly<Record<string, unknown>>,
    subresource?: 'status',
  ): KubeObject;
  delete(resource: KubeResource, key: KubeKey): void;
  object(resource: KubeResource, key: KubeKey): KubeObject | undefined;
  objects(resource: KubeResource): readonly KubeObject[];
  /** Forgets the history: whoever resumes a watch or a paged list from before now gets 410. */
  compact(): void;
  /** Sends a bookmark on every open watch for which it is news. They also come each minute and before the planned end. */
  bookmark(): void;
  /** Ends every open watch: in order, by a broken connection, with an ERROR event, or by silence (`dark`). */
  endWatches(how: 'close' | 'reset' | 'dark' | KubeStatus): void;
  /** While held, watches deliver nothing: caches grow stale. */
  holdWatches(isHeld: boolean): void;
  /** While down, every call is refused and watches break. */
  setDown(isDown: boolean): void;
}

interface Page {
  readonly version: number;
  readonly rest: readonly KubeObject[];
}

export function createFakeKubeApi(options: FakeKubeApiOptions): FakeKubeApi {
  const { clock, latencyMs = 0 } = options;
  const kinds = new Map(
    [...(options.kinds ?? []), { resource: LEASES, kind: 'Lease' }, { resource: EVENTS, kind: 'Event' }].map(
      (kind): [string, FakeKind] => [resourceId(kind.resource), kind],
    ),
  );
  const history = new FakeHistory(clock, options.historyLimit ?? 1000);
  const objects = new FakeObjects(clock, history);
  const faults = new FaultList(clock);
  const writes: KubeWrite[] = [];
  const calls = new Map<string, number>();
  const pages = new Map<string, Page>();
  const expiredPages = new Set<string>();
  let pageCount = 0;
  let isDown = false;

  function kindOf(resource: KubeResource): FakeKind {
    const kind = kinds.get(resourceId(resource));
    if (kind === undefined) throw refusal(404, 'NotFound', 'the server could not find the requested resource');
    return kind;
  }

  async function begin(call: KubeCall, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const name = `${call.verb} ${call.resource.plural}`;
    calls.set(name, (calls.get(name) ?? 0) + 1);
    await (latencyMs > 0 ? clock.sleep(latencyMs, signal) : Promise.resolve());
    signal.throwIfAborted();
    if (isDown) throw connectionLost('connect ECONNREFUSED');
    await faults.strike(call, 'before', signal);
  }

  async function write(
    attempt: Omit<KubeWrite, 'result'>,
    effect: () => KubeObject,
    signal: AbortSignal,
  ): Promise<KubeObject> {
    const call: KubeCall = { ...attempt };
    let result: KubeWrite['result'] = 'refused';
    try {
      await begin(call, signal);
      const before = history.version;
      const object = effect();
      result = 'lost';
      await faults.strike(call, 'after', signal);
      result = history.version === before ? 'unchanged' : 'changed';
      return object;
    } finally {
      writes.push({ ...attempt, body: freeze(attempt.body ?? null), result });
    }
  }

  function page(resource: KubeResource, { namespace, labelSelector, continue: token }: ListOptions): Page {
    if (token !== undefined) {
      const known = pages.get(token);
      if (known !== undefined) return known;
      if (expiredPages.has(token)) throw refusal(410, 'Expired', 'The provided continue parameter is too old');
      throw refusal(400, 'BadRequest', 'invalid continue token: continue key is not valid');
    }
    const isMatch = matcher(namespace, labelSelector);
    return { version: history.version, rest: objects.all(resource).filter(isMatch) };
  }

  return {
    writes,
    faults,
    calls,
    get openWatches() {
      return history.openWatches;
    },
    async list(resource, listOptions, signal) {
      kindOf(resource);
      await begin({ verb: 'list', resource }, signal);
      const { version, rest } = page(resource, listOptions);
      const limit = listOptions.limit ?? Number.POSITIVE_INFINITY;
      await faults.strike({ verb: 'list', resource }, 'after', signal);
      if (rest.length <= limit) return { items: rest, resourceVersion: String(version) };
      pageCount += 1;
      const token = `page-${pageCount}`;
      pages.set(token, { version, rest: rest.slice(limit) });
      return { items: rest.slice(0, limit), resourceVersion: String(version), continue: token };
    },
    async *watch(resource: KubeResource, watchOptions: WatchOptions, signal: AbortSignal) {
      kindOf(resource);
      await begin({ verb: 'watch', resource }, signal);
      const { namespace, labelSelector } = watchOptions;
      yield* history.follow(resource, watchOptions, matcher(namespace, labelSelector), signal);
    },
    async get(resource, key, signal) {
      kindOf(resource);
      await begin({ verb: 'get', resource, key }, signal);
      return objects.find(resource, key);
    },
    create(resource, given, signal) {
      const { name, namespace } = given.metadata;
      const attempt = {
        verb: 'create',
        resource,
        key: { name, namespace },
        subresource: undefined,
        body: given,
      } as const;
      return write(attempt, () => objects.create(kindOf(resource), freeze(given)), signal);
    },
    replace(resource, given, signal) {
      const { name, namespace } = given.metadata;
      const key = { name, namespace };
      const attempt = { verb: 'replace', resource, key, subresource: undefined, body: given } as const;
      return write(attempt, () => objects.update(kindOf(resource), key, freeze(given)), signal);
    },
    patch(resource, key, { body, subresource }, signal) {
      const attempt = { verb: 'patch', resource, key, subresource, body } as const;
      return write(
        attempt,
        () => objects.patch(patchable(kindOf(resource), subresource), key, body, subresource),
        signal,
      );
    },
    apply(object) {
      const kind = [...kinds.values()].find((known) => known.kind === object.kind);
      if (kind === undefined) throw new Error(`the fake API server knows no kind ${object.kind}`);
      const { metadata, status: _, ...content } = freeze(object);
      const current = objects.find(kind.resource, metadata);
      if (current === undefined) return objects.create(kind, { ...content, metadata });
      const { resourceVersion } = current.metadata;
      const { metadata: meta, status } = current;
      const labels = { ...meta.labels, ...metadata.labels };
      const annotations = { ...meta.annotations, ...metadata.annotations };
      const merged = { ...meta, labels, annotations, ...(resourceVersion === undefined ? {} : { resourceVersion }) };
      return objects.update(kind, metadata, freeze({ ...content, status, metadata: withoutEmpty(merged) }));
    },
    edit: (resource, key, body, subresource) => objects.patch(kindOf(resource), key, body, subresource),
    delete: (resource, key) => objects.delete(kindOf(resource), key),
    object: (resource, key) => objects.find(resource, key),
    objects: (resource) => objects.all(resource),
    compact: () => {
      for (const token of pages.keys()) expiredPages.add(token);
      pages.clear();
      history.compact();
    },
    bookmark: () => history.bookmark(),
    endWatches: (how) => history.end(how),
    holdWatches: (isHeld) => history.hold(isHeld),
    setDown: (down) => {
      isDown = down;
      if (down) history.end('reset');
    },
  };
}

function patchable(kind: FakeKind, subresource: 'status' | undefined): FakeKind {
  if (subresource === 'status' && kind.hasStatus !== true) {
    throw refusal(404, 'NotFound', 'the server could not find the requested resource');
  }
  return kind;
}

function withoutEmpty(meta: KubeObject['metadata']): KubeObject['metadata'] {
  const entries = Object.entries(meta).filter(
    ([name, value]) => !['labels', 'annotations'].includes(name) || Object.keys(value as object).length > 0,
  );
  return Object.fromEntries(entries) as unknown as KubeObject['metadata'];
}

function matcher(namespace: string | undefined, labelSelector: string | undefined): (object: KubeObject) => boolean {
  const terms = (labelSelector ?? '').split(',').filter((term) => term !== '');
  return ({ metadata }) =>
    (namespace === undefined || metadata.namespace === namespace) &&
    terms.every((term) => {
      const [name = '', value] = term.split('=');
      const actual = metadata.labels?.[name];
      return value === undefined ? actual !== undefined : actual === value;
    });
}
