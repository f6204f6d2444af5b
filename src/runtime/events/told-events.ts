import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import { type KubeApi, KubeError } from '../kube/kube-api.ts';
import { EVENTS } from './event-object.ts';

const PAGE = 500;
/** What is older is no news to anybody, and the API server has forgotten it by then (kube-apiserver: --event-ttl). */
const LIFE_MS = 3_600_000;

const NONE: ReadonlySet<string> = new Set();

interface Known {
  readonly names: ReadonlySet<string>;
  readonly until: number;
}

export interface ToldEventsOptions {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly log: Log;
  /** What all events bear that are told once. */
  readonly labelSelector: string;
}

/**
 * The names of the events that another life of the operator has told: read once for a namespace, when the first is to be
 * told there, as a page of names costs less than asking again for each. Where they cannot be read, nothing is known.
 */
export class ToldEvents {
  readonly #options: ToldEventsOptions;
  readonly #byNamespace = new Map<string, Known>();

  constructor(options: ToldEventsOptions) {
    this.#options = options;
  }

  async has(namespace: string, name: string, signal: AbortSignal): Promise<boolean> {
    const known = this.#byNamespace.get(namespace) ?? (await this.#read(namespace, signal));
    if (known === undefined) return false;
    const isOver = this.#options.clock.monotonic() >= known.until;
    this.#byNamespace.set(namespace, isOver ? { ...known, names: NONE } : known);
    return !isOver && known.names.has(name);
  }

  async #read(namespace: string, signal: AbortSignal): Promise<Known | undefined> {
    const { clock, log } = this.#options;
    const until = clock.monotonic() + LIFE_MS;
    try {
      return { names: await this.#names(namespace, signal), until };
    } catch (error) {
      signal.throwIfAborted();
      log.debug({ namespace, error: error instanceof Error ? error.message : String(error) }, 'events were not read');
      const isForbidden = error instanceof KubeError && error.status.code === 403;
      return isForbidden ? { names: NONE, until } : undefined;
    }
  }

  async #names(namespace: string, signal: AbortSignal): Promise<ReadonlySet<string>> {
    const { api, labelSelector } = this.#options;
    const names = new Set<string>();
    let token: string | undefined;
    do {
      const page = await api.list(EVENTS, { namespace, labelSelector, limit: PAGE, continue: token }, signal);
      for (const { metadata } of page.items) names.add(metadata.name);
      token = page.continue;
    } while (token !== undefined);
    return names;
  }
}
