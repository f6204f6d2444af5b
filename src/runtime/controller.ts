import { Failure } from '../core/failure.ts';
import type { KindTypes, Reference } from '../core/managed-kind.ts';
import { GENERAL_REASONS, type Reason } from '../core/reason.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { Random } from '../lib/random.ts';
import type { KubeApi, KubeObject, KubeResource } from './kube/kube-api.ts';
import { KeyMemory } from './queue/key-memory.ts';
import { createWorkQueue, type KeyedWorkQueue, type WorkQueueMetrics } from './queue/keyed-work-queue.ts';
import { LooksUnderWay } from './queue/looks-under-way.ts';
import { resyncIntervalOf, sweepAfterMs } from './queue/resync.ts';
import type { QueuePriority } from './queue/work-queue.ts';
import type { ObjectEvent, ReconcilerOptions } from './reconcile/attempt.ts';
import { wakeOf } from './reconcile/change-filter.ts';
import { membersOf } from './reconcile/managed-object.ts';
import type { Neighbourhood } from './reconcile/neighbourhood.ts';
import { nextLookFor, type ReconcileResult, requeue, resultFor } from './reconcile/outcome.ts';
import { type Reconciled, reconcile } from './reconcile/reconcile.ts';
import { retract } from './reconcile/retraction.ts';
import { referencesOfAny } from './reconcile/vicinity.ts';
import type { Identity, Registration } from './registration.ts';
import { boundLog } from './telemetry/bound-log.ts';
import { FreshObjects } from './watch/fresh-objects.ts';
import { keyOf, type ObjectStore, parseKey, type StoreChange } from './watch/object-store.ts';
import { createReflector, type Reflector, type ReflectorMetrics } from './watch/reflector.ts';

export interface ControllerMetrics {
  readonly queue: WorkQueueMetrics;
  readonly reflector: ReflectorMetrics;
  /** A worker has taken a key (1) or is free again (-1). */
  busy(change: 1 | -1): void;
  reconciled(result: ReconcileResult, seconds: number): void;
  driftCorrected(): void;
}

export interface ControllerOptions<T extends KindTypes> {
  readonly registration: Registration<T>;
  readonly api: KubeApi;
  readonly identity: Identity;
  readonly neighbourhood: Neighbourhood;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: ControllerMetrics;
  /** Must not throw, nor wait. */
  readonly record: (regarding: KubeObject, event: ObjectEvent) => void;
  readonly namespaces?: readonly string[] | undefined;
  readonly labelSelector?: string | undefined;
  readonly workers: number;
  readonly resyncIntervalMs: number;
  readonly timeoutMs: number;
}

/** One kind: its watch, its queue and its workers. */
export interface Controller {
  /** As controller-runtime names it: the kind in lower case. */
  readonly name: string;
  readonly store: ObjectStore;
  /** All that a condition of its objects may give as a reason. */
  readonly reasons: readonly Reason[];
  readonly hasSynced: boolean;
  whenSynced(signal: AbortSignal): Promise<void>;
  /** Follows the API server until the signal aborts, then resolves. Call it once. */
  watch(signal: AbortSignal): Promise<void>;
  /** Looks after whatever is in the queue until `stop`. Once the signal aborts, what runs is given up. Call it once. */
  work(signal: AbortSignal): Promise<void>;
  /**
   * No key is taken from now on, what is only looked at is given up, and no write that still waits is sent; `work` resolves
   * once what runs has ended.
   */
  stop(): void;
  /** Puts the objects that are concerned into the queue, as if they had changed. */
  wake(isConcerned: (object: KubeObject) => boolean, priority: QueuePriority): void;
  readonly depth: number;
  /** Since when, on the monotonic clock, each key that runs does so. */
  running(): ReadonlyMap<string, number>;
}

export function createController<T extends KindTypes>(options: ControllerOptions<T>): Controller {
  return new KindController(options);
}

/** Few enough that whoever is waited for meanwhile hardly notices a sweep, and enough that its reads fill their batches. */
const MOST_BACKGROUND = 20;
/** What an edit sets going takes less, unless it has to wait for a quota. */
const PAUSE_MS = 1_000;

class KindController<T extends KindTypes> implements Controller {
  readonly name: string;
  readonly #options: ControllerOptions<T>;
  readonly #queue: KeyedWorkQueue;
  readonly #reflector: Reflector;
  readonly #objects: FreshObjects;
  readonly #reconciler: ReconcilerOptions<T>;
  readonly #memory = new KeyMemory();
  readonly #looks = new LooksUnderWay();
  readonly #ending = new AbortController();

  constructor(options: ControllerOptions<T>) {
    const { registration, neighbourhood, clock, random, metrics } = options;
    const { group, version, plural, kind, scope } = registration.kind.definition;
    const resource: KubeResource = { group, version, plural };
    // What lives in no namespace is there for all of them.
    const reach = scope === 'Cluster' ? { namespaces: undefined, labelSelector: undefined } : {};
    this.name = kind.toLowerCase();
    this.#options = options;
    this.#queue = createWorkQueue({
      clock,
      random,
      metrics: metrics.queue,
      mostBackground: MOST_BACKGROUND,
      pauseMs: PAUSE_MS,
    });
    const onChange = (change: StoreChange): void => this.#receive(change);
    this.#reflector = createReflector({ ...options, ...reach, resource, metrics: metrics.reflector, onChange });
    this.#objects = new FreshObjects(this.#reflector.store);
    this.#reconciler = { ...options, resource, objects: this.#objects, neighbours: neighbourhood };
    const wake = (key: string, priority: QueuePriority): void => this.#wake(key, priority);
    neighbourhood.join(kind, { objects: this.#objects, wake, retract: (...of) => this.#retract(...of) });
  }

  get store(): ObjectStore {
    return this.#reflector.store;
  }

  get reasons(): readonly Reason[] {
    return Object.keys({ ...GENERAL_REASONS, ...this.#options.registration.kind.reasons });
  }

  get hasSynced(): boolean {
    return this.#reflector.hasSynced;
  }

  get depth(): number {
    return this.#queue.depth;
  }

  running(): ReadonlyMap<string, number> {
    return this.#queue.running();
  }

  whenSynced(signal: AbortSignal): Promise<void> {
    return this.#reflector.whenSynced(signal);
  }

  watch(signal: AbortSignal): Promise<void> {
    return this.#reflector.run(signal);
  }

  async work(signal: AbortSignal): Promise<void> {
    await Promise.all(Array.from({ length: this.#options.workers }, () => this.#takeTurns(signal)));
  }

  stop(): void {
    this.#queue.shutDown();
    this.#looks.supersedeAll();
    this.#ending.abort(new Failure('Conflict', 'the operator ends before it has looked'));
  }

  wake(isConcerned: (object: KubeObject) => boolean, priority: QueuePriority): void {
    for (const object of this.store.values()) {
      if (isConcerned(object)) this.#wake(keyOf(object.metadata), priority);
    }
  }

  /** Those who refer to the object come first: they must not look ready while it is not. */
  #receive(change: StoreChange): void {
    const { key, object, previous, is } = change;
    const { registration, neighbourhood, identity } = this.#options;
    registration.onChange?.(change);
    neighbourhood.note(registration.kind.definition.kind, change, this.#referencesOf(object));
    if (is === 'deleted' || object.metadata.generation !== previous?.metadata.generation) {
      this.#queue.forget(key);
      this.#memory.renew(key);
    }
    if (is === 'deleted') {
      this.#objects.forget(key);
      this.#memory.forget(key);
    }
    const priority = wakeOf(change, identity);
    if (priority !== undefined) this.#wake(key, priority);
  }

  /** An edit, of the object or of one that it refers to, also takes back what was not sent yet. */
  #wake(key: string, priority: QueuePriority): void {
    this.#queue.add(key, priority);
    if (priority === 'edit') this.#looks.supersede(key);
  }

  async #retract(key: string, failure: Failure, signal: AbortSignal): Promise<void> {
    const retracted = await retract(this.#reconciler, { key, failure }, signal);
    if (retracted === undefined) return;
    for (const event of retracted.events) this.#options.record(retracted.object, event);
  }

  #referencesOf(object: KubeObject): readonly Reference[] {
    const { kind } = this.#options.registration;
    const spec = kind.definition.spec.safeParse(object['spec'] ?? {});
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a spec that does not fit may still name its references
    return referencesOfAny(kind, spec.success ? spec.data : (membersOf(object['spec']) as T['spec']));
  }

  async #takeTurns(signal: AbortSignal): Promise<void> {
    const { metrics, log } = this.#options;
    for (let item = await this.#queue.take(); item !== undefined; item = await this.#queue.take()) {
      metrics.busy(1);
      try {
        await this.#lookAfter(item, signal);
      } catch (error) {
        log.error({ controller: this.name, ...parseKey(item.key), err: error }, 'worker failed');
        this.#queue.addBackoff(item.key, item.priority);
      } finally {
        metrics.busy(-1);
        this.#queue.done(item.key);
      }
    }
  }

  async #lookAfter(item: Item, signal: AbortSignal): Promise<void> {
    const { clock, random, metrics, log } = this.#options;
    const { key } = item;
    const history = { failures: this.#queue.retries(key), ...this.#memory.countsOf(key) };
    const reconcileID = random().toString(36).slice(2, 12);
    const bound = boundLog(log, { controller: this.name, ...parseKey(key), reconcileID });
    const startedAt = clock.monotonic();
    const reconciled = await this.#looks.run(key, (superseded) =>
      reconcile(this.#reconciler, { ...item, history, log: bound, superseded, ending: this.#ending.signal }, signal),
    );
    // Whoever aborts has no use for the outcome, which may be nothing but the abort itself.
    if (signal.aborted) return;
    const { outcome, sweepGroup } = reconciled;
    metrics.reconciled(resultFor(outcome, history), (clock.monotonic() - startedAt) / 1_000);
    if (outcome.is === 'change' && outcome.isCorrection) metrics.driftCorrected();
    logOutcome(bound, reconciled);
    this.#memory.note(key, outcome, sweepGroup);
    const intervalMs = this.#announce(reconciled);
    const now = clock.now();
    const afterMs = (): number => sweepAfterMs(this.#memory.groupOf(key), intervalMs, now);
    requeue(item, nextLookFor(outcome, history), { queue: this.#queue, sweepAfterMs: afterMs, intervalMs, now });
  }

  /** Records the events of a look, and answers how often the object is to be looked at without a reason. */
  #announce({ object, events }: Reconciled): number {
    const { identity, resyncIntervalMs, record } = this.#options;
    if (object === undefined) return resyncIntervalMs;
    const annotation = `${identity.annotationPrefix}resync-interval`;
    const { annotations = {}, uid } = object.metadata;
    const { ms, complaint } = resyncIntervalOf(annotations, annotation, resyncIntervalMs);
    for (const event of events) record(object, event);
    if (complaint !== undefined) {
      const id = `resync-interval/${uid}/${annotations[annotation]}`;
      record(object, { id, type: 'Warning', reason: 'InvalidAnnotation', message: complaint });
    }
    return ms;
  }
}

type Item = { readonly key: string; readonly priority: QueuePriority };

function logOutcome(log: Log, { outcome, object }: Reconciled): void {
  const generation = object?.metadata.generation;
  if (outcome.is !== 'failed' && outcome.is !== 'upkeep-failed') {
    const reason = 'reason' in outcome ? outcome.reason : undefined;
    log.debug({ generation, outcome: outcome.is, reason }, 'reconciled');
    return;
  }
  const { code, policy, details, message } = outcome.failure;
  const facts = { generation, reason: code, call: details.call, awsRequestId: details.requestId };
  const what = outcome.is === 'failed' ? 'reconcile failed' : 'upkeep failed';
  if (policy.log === 'error') log.error({ ...facts, err: outcome.failure }, what);
  else log[policy.log]({ ...facts, error: message }, what);
}
