import type { Clock } from '../../lib/clock.ts';
import { orAborted, withDeadline } from '../../lib/deadline.ts';
import type { Log } from '../../lib/log.ts';
import type { Random } from '../../lib/random.ts';
import {
  type KubeApi,
  KubeError,
  type KubeList,
  type KubeObject,
  type KubeResource,
  type KubeWatchEvent,
  type ListOptions,
} from '../kube/kube-api.ts';
import { silence } from '../kube/kube-silence.ts';
import { isOlderVersion } from './resource-version.ts';

/** What the list and the watch bring, in order. */
interface ListWatchSink {
  /** All objects there are. */
  listed(objects: readonly KubeObject[]): void;
  put(object: KubeObject): void;
  removed(object: KubeObject): void;
}

export interface ListWatchMetrics {
  /** A whole list was read. */
  listed(): void;
  /** A watch ended; `because` is `timeout` for the planned end, else the reason of the failure. */
  watchEnded(because: string): void;
}

export interface ListWatchOptions {
  readonly api: KubeApi;
  readonly resource: KubeResource;
  readonly namespace: string | undefined;
  readonly labelSelector: string | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: ListWatchMetrics | undefined;
  readonly sink: ListWatchSink;
}

const PAGE_SIZE = 500;
const PAGE_DEADLINE_MS = 60_000;
const WATCH_LEAST_SECONDS = 300;
const WATCH_MOST_SECONDS = 600;
/** How long after its planned end a watch may still be silent. */
const WATCH_MARGIN_MS = 30_000;
/**
 * API servers that send bookmarks send one each minute or so while anything of the resource changes. Silence for longer
 * is either peace or a dead connection, which look alike: beginning again costs one request.
 */
const BOOKMARK_SILENCE_MS = 180_000;
const BACKOFF_FIRST_MS = 800;
/** Little enough that an outage of hours is over for us within 10 s, as one try costs a request a kind. */
const BACKOFF_MOST_MS = 9_000;
/** A watch that lived for so long was a good one: the next failure is the first again. */
const HEALTHY_AFTER_MS = 30_000;
/** A watch that ends sooner than this counts as failed, or we would ask in a tight loop. */
const SHORTEST_WATCH_MS = 1_000;
/** After so many failures in a row that might have to do with the version, it is doubted. */
const FAILURES_BEFORE_RELIST = 5;

/**
 * Lists a resource and follows it by watching, until the signal aborts; then it resolves. Nothing else ends it: after
 * every failure it waits (0.8 s doubling to 9 s, full jitter, at least what the server asked for) and goes on from the
 * version it has, or from a new list where that version is gone, refused or contradicted.
 */
export class ListWatch {
  readonly #options: ListWatchOptions;
  readonly #facts: { readonly resource: string; readonly namespace: string | undefined };
  /** Where to resume; undefined where only a list will do. */
  #version: string | undefined;
  /** The newest version ever seen, for what survives a relist. */
  #newest: string | undefined;
  #refusedLists = 0;
  #failures = 0;
  /** Those among them that might have to do with the version. */
  #doubts = 0;
  #sendsBookmarks = false;
  /** The last watch brought nothing at all. */
  #wasSilent = false;

  constructor(options: ListWatchOptions) {
    this.#options = options;
    this.#facts = { resource: options.resource.plural, namespace: options.namespace };
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        this.#version ??= await this.#list(signal);
        if (this.#wasSilent) await this.#checkVersion(this.#version, signal);
        await this.#watch(this.#version, signal);
      } catch (error) {
        if (signal.aborted) return;
        await this.#backOff(error, signal).catch(() => undefined);
      }
    }
  }

  /**
   * A watch from a version that the server has yet to reach brings nothing and does not fail. After a silent watch it is
   * therefore asked for where it is: behind us, if a backup was restored.
   */
  async #checkVersion(version: string, signal: AbortSignal): Promise<void> {
    const { resourceVersion } = await this.#page({ limit: 1 }, signal);
    if (isOlderVersion(resourceVersion, version))
      throw backwards(`the server is at ${resourceVersion}, we at ${version}`);
    this.#wasSilent = false;
  }

  async #list(signal: AbortSignal): Promise<string> {
    const { log, metrics, sink } = this.#options;
    const items: KubeObject[] = [];
    let token: string | undefined;
    let version: string;
    do {
      const page = await this.#page({ limit: PAGE_SIZE, continue: token }, signal);
      items.push(...page.items);
      version = page.resourceVersion;
      token = page.continue;
    } while (token !== undefined && token !== '');
    this.#refuseOlder(version);
    sink.listed(items);
    metrics?.listed();
    log.debug({ ...this.#facts, count: items.length }, 'resource listed');
    return version;
  }

  #page(options: Pick<ListOptions, 'limit' | 'continue'>, signal: AbortSignal): Promise<KubeList> {
    const { api, resource, namespace, labelSelector, clock } = this.#options;
    return withDeadline(
      { clock, ms: PAGE_DEADLINE_MS, error: () => silence('the list did not answer') },
      (within) => api.list(resource, { namespace, labelSelector, ...options }, within),
      signal,
    );
  }

  /**
   * A list is read from the quorum, so one older than what was seen before is either a mistake of a server that lags or
   * a restored backup. The first is waited out; the second is there to stay, and is believed at last.
   */
  #refuseOlder(version: string): void {
    if (isOlderVersion(version, this.#newest) && this.#refusedLists < FAILURES_BEFORE_RELIST) {
      this.#refusedLists += 1;
      throw backwards(`the list is of version ${version}, older than ${this.#newest}, which was seen before`);
    }
    this.#refusedLists = 0;
    this.#newest = version;
  }

  async #watch(since: string, signal: AbortSignal): Promise<void> {
    const { api, resource, namespace, labelSelector, clock, random, metrics } = this.#options;
    const span = WATCH_MOST_SECONDS - WATCH_LEAST_SECONDS;
    const timeoutSeconds = WATCH_LEAST_SECONDS + Math.floor(random() * (span + 1));
    const begunAt = clock.monotonic();
    this.#wasSilent = true;
    const silent = new AbortController();
    const within = AbortSignal.any([signal, silent.signal]);
    const events = api.watch(resource, { namespace, labelSelector, resourceVersion: since, timeoutSeconds }, within);
    const iterator = events[Symbol.asyncIterator]();
    try {
      for (;;) {
        const livedMs = clock.monotonic() - begunAt;
        const restMs = Math.max(timeoutSeconds * 1_000 + WATCH_MARGIN_MS - livedMs, 0);
        const patienceMs = this.#sendsBookmarks ? Math.min(restMs, BOOKMARK_SILENCE_MS) : restMs;
        const cancel = clock.schedule(patienceMs, () => silent.abort(silence('the watch went silent')));
        const next = await orAborted(within, () => iterator.next()).finally(cancel);
        if (next.done === true) break;
        this.#wasSilent = false;
        this.#receive(next.value);
      }
    } finally {
      closeQuietly(iterator);
      if (clock.monotonic() - begunAt >= HEALTHY_AFTER_MS) {
        this.#failures = 0;
        this.#doubts = 0;
      }
    }
    if (clock.monotonic() - begunAt < SHORTEST_WATCH_MS) throw silence('the watch ended at once');
    metrics?.watchEnded('timeout');
  }

  #receive(event: KubeWatchEvent): void {
    if (event.type === 'ERROR') throw new KubeError(event.status);
    const version = event.object.metadata.resourceVersion;
    if (version === undefined) throw backwards('an event came without a version');
    if (isOlderVersion(version, this.#version)) {
      throw backwards(`an event of version ${version} came after ${this.#version}`);
    }
    if (event.type === 'BOOKMARK') this.#sendsBookmarks = true;
    else if (event.type === 'DELETED') this.#options.sink.removed(event.object);
    else this.#options.sink.put(event.object);
    this.#version = version;
    this.#newest = version;
  }

  async #backOff(error: unknown, signal: AbortSignal): Promise<void> {
    const { clock, random, log, metrics } = this.#options;
    const wasWatching = this.#version !== undefined;
    this.#failures += 1;
    if (castsDoubt(error)) this.#doubts += 1;
    if (mustRelist(error) || this.#doubts >= FAILURES_BEFORE_RELIST) {
      this.#version = undefined;
      this.#doubts = 0;
    }
    const reason = reasonOf(error);
    if (wasWatching) metrics?.watchEnded(reason);
    const leastMs = error instanceof KubeError ? (error.retryAfterMs ?? 0) : 0;
    const mostMs = Math.min(BACKOFF_FIRST_MS * 2 ** (this.#failures - 1), BACKOFF_MOST_MS);
    const waitMs = Math.max(Math.round(random() * mostMs), leastMs);
    const facts = { ...this.#facts, reason, failures: this.#failures, retryAfterMs: waitMs, error: messageOf(error) };
    const isExpected = error instanceof KubeError && (error.status.code === 410 || error.status.reason === 'Silence');
    if (wasWatching && isExpected) log.debug(facts, 'watch begins anew');
    else log.warn(facts, wasWatching ? 'watch failed' : 'list failed');
    await clock.sleep(waitMs, signal);
  }
}

/**
 * Whether the version that was asked for is the trouble. No answer, missing rights, throttling and the server's own
 * errors say nothing of it; "too large" is the exception among the latter: that server has not seen, or has lost, what we know.
 */
function mustRelist(error: unknown): boolean {
  if (!(error instanceof KubeError)) return true;
  const { code, message } = error.status;
  if (/too large resource version/i.test(message)) return true;
  return code >= 400 && code < 500 && ![401, 403, 408, 429].includes(code);
}

/**
 * Whether the version may have to do with it. It has not where nobody answered, where rights are missing or patience is
 * asked for, nor where something in between speaks for a server that is away.
 */
function castsDoubt(error: unknown): boolean {
  if (!(error instanceof KubeError)) return true;
  const { code, reason } = error.status;
  return code === 0 ? reason !== 'Unreachable' : ![401, 403, 408, 429, 502, 503, 504].includes(code);
}

/** What we hold may not be what is: only a list tells. */
function backwards(message: string): KubeError {
  return new KubeError({ code: 410, reason: 'Backwards', message });
}

function reasonOf(error: unknown): string {
  if (!(error instanceof KubeError)) return 'Unknown';
  return error.status.reason === '' ? String(error.status.code) : error.status.reason;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** An iterator that hangs cannot be waited for; the signal has told it to end. */
function closeQuietly(iterator: AsyncIterator<KubeWatchEvent>): void {
  iterator.return?.().catch(() => undefined);
}
