import { BoundedMap } from '../../lib/bounded-map.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import { stableHash } from '../../lib/stable-json.ts';
import type { KubeApi, KubeKey, KubeObject } from '../kube/kube-api.ts';
import { buildEvent, buildSeries, type EventNotice, type EventReporter, eventNameOf } from './event-object.ts';
import { EventOutbox } from './event-outbox.ts';
import { ToldEvents } from './told-events.ts';

export const EVENT_DISCARDS = ['rate', 'full', 'refused'] as const;
type EventDiscard = (typeof EVENT_DISCARDS)[number];

export interface EventRecorderOptions {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly log: Log;
  readonly reporter: EventReporter;
  /** An event was not written: `rate` for too many of one object, `full` for too many waiting, `refused` by the server. */
  readonly onDiscard: (because: EventDiscard) => void;
}

/** Tells people, through Kubernetes Events, what they are to know. */
export interface EventRecorder {
  /** Returns at once and never throws; the event is written when it can be, or dropped. */
  record(object: KubeObject, notice: EventNotice): void;
  /** Writes what is waiting within the limit, then drops all. */
  close(limitMs: number): Promise<void>;
}

/** After so long without a repetition a series is over, and the next one is an event of its own. */
const SERIES_ENDS_MS = 360_000;
/** A series that goes on is written at most so often. */
const SERIES_EVERY_MS = 60_000;
/** So many different messages of one reason are told each; further ones are counted together. */
const MOST_SIMILAR = 10;
const SIMILAR_WITHIN_MS = 600_000;
const BUCKET_BURST = 25;
const BUCKET_REFILL_MS = 300_000;
const MOST_REMEMBERED = 5_000;
/** All events that are news of a thousand services, fifty of each; of those in a longer storm some are told late. */
const MOST_TOLD = 50_000;
/** The value of the label, called like the reporting controller, on events that are told once. */
const ONCE = 'once';

interface Series {
  readonly key: KubeKey;
  count: number;
  lastAt: number;
  writtenAt: number;
  cancelWrite: (() => void) | undefined;
}

/** Messages of one reason, by their hashes: there may be thousands of them. */
interface Similar {
  readonly hashes: readonly string[];
  readonly since: number;
}

/** Each has a ration of its own: talk of others crowds out neither trouble nor what the operator did. */
type Voice = 'operator' | 'others' | 'trouble of others';

interface Bucket {
  tokens: number;
  at: number;
}

export function createEventRecorder(options: EventRecorderOptions): EventRecorder {
  return new Recorder(options);
}

class Recorder implements EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #outbox: EventOutbox;
  readonly #told = new BoundedMap<string, true>(MOST_TOLD);
  readonly #series = new BoundedMap<string, Series>(MOST_REMEMBERED);
  readonly #similar = new BoundedMap<string, Similar>(MOST_REMEMBERED);
  readonly #buckets = new BoundedMap<string, Bucket>(3 * MOST_REMEMBERED);

  constructor(options: EventRecorderOptions) {
    this.#options = options;
    const { api, clock, log } = options;
    const told = new ToldEvents({ api, clock, log, labelSelector: `${options.reporter.controller}=${ONCE}` });
    this.#outbox = new EventOutbox({ api, clock, log, told, onDiscard: (because) => options.onDiscard(because) });
  }

  record(object: KubeObject, notice: EventNotice): void {
    try {
      if (notice.id === undefined) this.#count(object, notice);
      else this.#tellOnce(object, notice, notice.id);
    } catch (error) {
      this.#options.log.error({ err: error, name: object.metadata.name }, 'event could not be made');
    }
  }

  async close(limitMs: number): Promise<void> {
    for (const series of this.#series.values()) this.#finish(series);
    await this.#outbox.close(limitMs);
  }

  #tellOnce(object: KubeObject, notice: EventNotice, id: string): void {
    const name = eventNameOf(object, [id]);
    if (this.#told.has(name)) return;
    // Also what the ration has no room for: told some looks later it would be a write where nothing happens.
    this.#told.set(name, true);
    const voice = notice.type === 'Warning' ? 'trouble of others' : 'others';
    if (!this.#takeToken(object, voice)) return;
    const event = this.#build(object, notice, name);
    const labels = { [this.#options.reporter.controller]: ONCE };
    const labelled = { ...event, metadata: { ...event.metadata, labels } };
    this.#outbox.add({ write: 'create', event: labelled, onTold: () => this.#giveTokenBack(object, voice) });
  }

  #count(object: KubeObject, notice: EventNotice): void {
    const now = this.#options.clock.monotonic();
    const { id, told } = this.#combine(object, notice);
    this.#series.forgetWhile((series) => series.cancelWrite === undefined && now - series.lastAt >= SERIES_ENDS_MS);
    const running = this.#series.get(id);
    if (running !== undefined && now - running.lastAt < SERIES_ENDS_MS) {
      running.count += 1;
      running.lastAt = now;
      this.#series.set(id, running);
      this.#writeSoon(running);
      return;
    }
    if (running !== undefined) this.#finish(running);
    if (!this.#takeToken(object, 'operator')) return;
    const name = eventNameOf(object, [id, this.#options.clock.now()]);
    const { namespace = 'default' } = object.metadata;
    const begun: Series = {
      key: { namespace, name },
      count: 1,
      lastAt: now,
      // The first repetition is written at once: that it goes on is news.
      writtenAt: now - SERIES_EVERY_MS,
      cancelWrite: undefined,
    };
    const forgotten = this.#series.set(id, begun);
    if (forgotten !== undefined) this.#finish(forgotten);
    this.#outbox.add({ write: 'create', event: this.#build(object, told, name) });
  }

  /** Many different messages of one reason become one, so that a counter in a message cannot make a flood. */
  #combine(object: KubeObject, notice: EventNotice): { readonly id: string; readonly told: EventNotice } {
    const now = this.#options.clock.monotonic();
    const id = stableHash([object.metadata.uid, notice.type, notice.reason, notice.action]);
    const hash = stableHash([id, notice.message]);
    this.#similar.forgetWhile(({ since }) => now - since >= SIMILAR_WITHIN_MS);
    const known = this.#similar.get(id);
    const isKnown = known !== undefined && now - known.since < SIMILAR_WITHIN_MS;
    const { hashes, since } = isKnown ? known : { hashes: [], since: now };
    const isAlike = hashes.includes(hash);
    const isTold = isAlike || hashes.length < MOST_SIMILAR;
    this.#similar.set(id, { hashes: isTold && !isAlike ? [...hashes, hash] : hashes, since });
    if (isTold) return { id: hash, told: notice };
    return { id, told: { ...notice, message: `(combined from similar events) ${notice.message}` } };
  }

  #build(object: KubeObject, notice: EventNotice, name: string): KubeObject {
    const { clock, reporter } = this.#options;
    return buildEvent(object, notice, { name, reporter, at: clock.now() });
  }

  #writeSoon(series: Series): void {
    if (series.cancelWrite !== undefined) return;
    const { clock } = this.#options;
    const waitMs = Math.max(series.writtenAt + SERIES_EVERY_MS - clock.monotonic(), 0);
    series.cancelWrite = clock.schedule(waitMs, () => this.#writeSeries(series));
  }

  #writeSeries(series: Series): void {
    const { clock } = this.#options;
    series.cancelWrite = undefined;
    series.writtenAt = clock.monotonic();
    const body = (): Readonly<Record<string, unknown>> =>
      buildSeries(series.count, clock.now() - (clock.monotonic() - series.lastAt));
    this.#outbox.add({ write: 'series', key: series.key, body });
  }

  /** Writes at once what was to be written later. */
  #finish(series: Series): void {
    if (series.cancelWrite === undefined) return;
    series.cancelWrite();
    this.#writeSeries(series);
  }

  #takeToken(object: KubeObject, voice: Voice): boolean {
    const { clock, onDiscard } = this.#options;
    const id = bucketOf(object, voice);
    const now = clock.monotonic();
    const last = this.#buckets.get(id) ?? { tokens: BUCKET_BURST, at: now };
    const tokens = Math.min(last.tokens + (now - last.at) / BUCKET_REFILL_MS, BUCKET_BURST);
    const isGranted = tokens >= 1;
    this.#buckets.set(id, { tokens: isGranted ? tokens - 1 : tokens, at: now });
    if (!isGranted) onDiscard('rate');
    return isGranted;
  }

  /** What was told in another life is no news, and must not keep news from being told. */
  #giveTokenBack(object: KubeObject, voice: Voice): void {
    const id = bucketOf(object, voice);
    const bucket = this.#buckets.get(id);
    if (bucket !== undefined) this.#buckets.set(id, { ...bucket, tokens: Math.min(bucket.tokens + 1, BUCKET_BURST) });
  }
}

function bucketOf({ metadata: { uid = '' } }: KubeObject, voice: Voice): string {
  return `${voice} ${uid}`;
}
