import type { Clock } from '../../lib/clock.ts';
import { orAborted, withDeadline } from '../../lib/deadline.ts';
import type { Log } from '../../lib/log.ts';
import { type KubeApi, KubeError, type KubeKey, type KubeObject } from '../kube/kube-api.ts';
import { silence } from '../kube/kube-silence.ts';
import { EVENTS } from './event-object.ts';
import type { ToldEvents } from './told-events.ts';

/** One write that is still to be made. */
export type EventWrite =
  | {
      readonly write: 'create';
      readonly event: KubeObject;
      /** Of an event that may have been told in another life: called where it was. */
      readonly onTold?: () => void;
    }
  | {
      readonly write: 'series';
      readonly key: KubeKey;
      /** Asked as late as can be, so that the newest count is written. */
      readonly body: () => Readonly<Record<string, unknown>>;
    };

export interface EventOutboxOptions {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly log: Log;
  /** Which events other lives have told. */
  readonly told: Pick<ToldEvents, 'has'>;
  readonly onDiscard: (because: 'full' | 'refused') => void;
}

const MOST_WAITING = 1_000;
const ATTEMPTS = 5;
const CALL_LIMIT_MS = 10_000;
const FIRST_PAUSE_MS = 1_000;

/**
 * Writes events one after the other, in order, while there are any. An event is never worth an error: what the API
 * server refuses is dropped, what it cannot take now is tried again a few times, and what does not fit is dropped.
 */
export class EventOutbox {
  readonly #options: EventOutboxOptions;
  readonly #waiting: EventWrite[] = [];
  readonly #end = new AbortController();
  #sending: Promise<void> | undefined;

  constructor(options: EventOutboxOptions) {
    this.#options = options;
  }

  add(write: EventWrite): void {
    if (this.#end.signal.aborted) return;
    if (this.#waiting.length >= MOST_WAITING) {
      this.#options.onDiscard('full');
      return;
    }
    this.#waiting.push(write);
    this.#sending ??= this.#send().finally(() => {
      this.#sending = undefined;
    });
  }

  /** Resolves once all is written, or after the limit; what is left then is dropped, as is all that comes later. */
  async close(limitMs: number): Promise<void> {
    const limit = { clock: this.#options.clock, ms: limitMs, error: () => new Error('events took too long') };
    const flushed = withDeadline(limit, () => this.#sending ?? Promise.resolve(), this.#end.signal);
    await flushed.catch(() => undefined);
    this.#end.abort(new Error('the recorder of events is closed'));
    this.#waiting.length = 0;
  }

  async #send(): Promise<void> {
    const { log, onDiscard } = this.#options;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      try {
        await this.#attempt(next);
      } catch (error) {
        if (this.#end.signal.aborted) return;
        onDiscard('refused');
        log.debug({ error: error instanceof Error ? error.message : String(error) }, 'event was not written');
      }
    }
  }

  async #attempt(write: EventWrite): Promise<void> {
    const { clock } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      try {
        const isTold = await orAborted(this.#end.signal, (signal) => this.#isTold(write, signal));
        if (isTold) reportTold(write);
        else await orAborted(this.#end.signal, (signal) => this.#write(write, signal));
        return;
      } catch (error) {
        if (isToldAlready(error)) {
          // Where the first attempt had an answer, it was another life that told it.
          if (attempt === 1) reportTold(write);
          return;
        }
        if (attempt === ATTEMPTS || !canRetry(error)) throw error;
        const leastMs = error instanceof KubeError ? (error.retryAfterMs ?? 0) : 0;
        await clock.sleep(Math.max(FIRST_PAUSE_MS * 2 ** (attempt - 1), leastMs), this.#end.signal);
      }
    }
  }

  async #isTold(write: EventWrite, signal: AbortSignal): Promise<boolean> {
    if (write.write !== 'create' || write.onTold === undefined) return false;
    const { namespace = '', name } = write.event.metadata;
    return await withDeadline(this.#limit(), (within) => this.#options.told.has(namespace, name, within), signal);
  }

  #limit() {
    return { clock: this.#options.clock, ms: CALL_LIMIT_MS, error: () => silence() };
  }

  #write(write: EventWrite, signal: AbortSignal): Promise<unknown> {
    const { api } = this.#options;
    return withDeadline<unknown>(
      this.#limit(),
      (within) =>
        write.write === 'create'
          ? api.create(EVENTS, write.event, within)
          : api.patch(EVENTS, write.key, { body: write.body() }, within),
      signal,
    );
  }
}

function reportTold(write: EventWrite): void {
  if (write.write === 'create') write.onTold?.();
}

/** The name is a function of what is told: it was told before a restart, or the answer to an earlier attempt was lost. */
function isToldAlready(error: unknown): boolean {
  return error instanceof KubeError && error.status.code === 409 && error.status.reason === 'AlreadyExists';
}

function canRetry(error: unknown): boolean {
  if (!(error instanceof KubeError)) return false;
  const { code } = error.status;
  return code === 0 || code === 429 || code === 409 || code >= 500;
}
