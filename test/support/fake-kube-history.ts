import type { Clock } from '../../src/lib/clock.ts';
import type {
  KubeObject,
  KubeResource,
  KubeStatus,
  KubeWatchEvent,
  WatchOptions,
} from '../../src/runtime/kube/kube-api.ts';
import { KubeError } from '../../src/runtime/kube/kube-api.ts';
import { connectionLost, resourceId } from './fake-kube-faults.ts';

export interface HistoryEntry {
  readonly version: number;
  readonly resource: string;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubeObject;
  readonly previous: KubeObject | undefined;
}

interface Watcher {
  readonly resource: string;
  wake: () => void;
  /** How it is to end; it goes on while undefined. */
  end: 'close' | 'reset' | KubeStatus | undefined;
  isDark: boolean;
  owesBookmark: boolean;
}

const BOOKMARK_EVERY_MS = 60_000;

/**
 * The events of all resources in order, as far back as the window reaches, and the watches that follow them. A watch
 * that falls out of the window gets an ERROR event with 410, as from an API server.
 */
export class FakeHistory {
  readonly #clock: Clock;
  readonly #limit: number;
  readonly #watchers = new Set<Watcher>();
  #entries: HistoryEntry[] = [];
  /** How many entries were dropped from the front. */
  #dropped = 0;
  #oldest = 0;
  #version = 1;
  #isHeld = false;

  constructor(clock: Clock, limit: number) {
    this.#clock = clock;
    this.#limit = limit;
  }

  get version(): number {
    return this.#version;
  }

  get openWatches(): number {
    return this.#watchers.size;
  }

  nextVersion(): number {
    this.#version += 1;
    return this.#version;
  }

  append(entry: HistoryEntry): void {
    this.#entries.push(entry);
    if (this.#entries.length > this.#limit) this.#drop(this.#entries.length - this.#limit);
    this.#wakeAll();
  }

  /** Forgets all events so far; whoever resumes from before now gets 410. */
  compact(): void {
    this.#drop(this.#entries.length);
    this.#version += 1;
    this.#oldest = this.#version;
    this.#wakeAll();
  }

  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    this.#wakeAll();
  }

  bookmark(): void {
    for (const watcher of this.#watchers) watcher.owesBookmark = true;
    this.#wakeAll();
  }

  end(how: 'close' | 'reset' | 'dark' | KubeStatus): void {
    for (const watcher of this.#watchers) {
      if (how === 'dark') watcher.isDark = true;
      else watcher.end = how;
    }
    this.#wakeAll();
  }

  async *follow(
    resource: KubeResource,
    options: WatchOptions,
    isMatch: (object: KubeObject) => boolean,
    signal: AbortSignal,
  ): AsyncGenerator<KubeWatchEvent> {
    let since = Number(options.resourceVersion);
    if (since < this.#oldest) throw new KubeError(expired(since, this.#oldest));
    let position = this.#positionAfter(since);
    const watcher: Watcher = {
      resource: resourceId(resource),
      wake: () => undefined,
      end: undefined,
      isDark: false,
      owesBookmark: false,
    };
    const stop = this.#open(watcher, options.timeoutSeconds * 1_000, signal);
    try {
      for (;;) {
        signal.throwIfAborted();
        if (!watcher.isDark && !this.#isHeld) {
          if (position < this.#dropped) {
            yield { type: 'ERROR', status: expired(since, this.#oldest) };
            return;
          }
          const entry = this.#entries[position - this.#dropped];
          if (entry !== undefined) {
            position += 1;
            const isNews = entry.resource === watcher.resource && entry.version > since;
            const event = isNews ? eventOf(entry, isMatch) : undefined;
            if (event === undefined) continue;
            since = entry.version;
            yield event;
            continue;
          }
          const isDue = watcher.owesBookmark || watcher.end === 'close';
          watcher.owesBookmark = false;
          if (isDue && this.#version > since) {
            since = this.#version;
            yield { type: 'BOOKMARK', object: { metadata: { name: '', resourceVersion: String(since) } } };
          }
        }
        if (watcher.end === 'close' && !watcher.isDark) return;
        if (watcher.end === 'reset') throw connectionLost('the watch broke off');
        if (typeof watcher.end === 'object') {
          yield { type: 'ERROR', status: watcher.end };
          return;
        }
        await new Promise<void>((resolve) => {
          watcher.wake = resolve;
        });
      }
    } finally {
      stop();
    }
  }

  #open(watcher: Watcher, timeoutMs: number, signal: AbortSignal): () => void {
    this.#watchers.add(watcher);
    const onAbort = (): void => watcher.wake();
    signal.addEventListener('abort', onAbort, { once: true });
    const cancelTimeout = this.#clock.schedule(timeoutMs, () => {
      watcher.end ??= 'close';
      watcher.wake();
    });
    let cancelBookmark: (() => void) | undefined;
    const scheduleBookmark = (): void => {
      cancelBookmark = this.#clock.schedule(BOOKMARK_EVERY_MS, () => {
        watcher.owesBookmark = true;
        watcher.wake();
        scheduleBookmark();
      });
    };
    scheduleBookmark();
    return () => {
      this.#watchers.delete(watcher);
      signal.removeEventListener('abort', onAbort);
      cancelTimeout();
      cancelBookmark?.();
    };
  }

  #positionAfter(version: number): number {
    const index = this.#entries.findIndex((entry) => entry.version > version);
    return this.#dropped + (index < 0 ? this.#entries.length : index);
  }

  #drop(count: number): void {
    this.#oldest = this.#entries[count - 1]?.version ?? this.#oldest;
    this.#entries = this.#entries.slice(count);
    this.#dropped += count;
  }

  #wakeAll(): void {
    for (const watcher of this.#watchers) watcher.wake();
  }
}

function expired(asked: number, oldest: number): KubeStatus {
  return { code: 410, reason: 'Expired', message: `too old resource version: ${asked} (${oldest})` };
}

/** To a watch with a selector, an object that begins or ceases to match is added or deleted. */
function eventOf(entry: HistoryEntry, isMatch: (object: KubeObject) => boolean): KubeWatchEvent | undefined {
  const isNow = entry.type !== 'DELETED' && isMatch(entry.object);
  const wasBefore = entry.previous !== undefined && isMatch(entry.previous);
  if (isNow) return { type: wasBefore ? 'MODIFIED' : 'ADDED', object: entry.object };
  return wasBefore ? { type: 'DELETED', object: entry.object } : undefined;
}
