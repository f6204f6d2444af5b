import type { KindTypes } from '../core/managed-kind.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { Random } from '../lib/random.ts';
import type { ObjectEvent, ReconcilerOptions } from './attempt.ts';
import { boundLog } from './bound-log.ts';
import { wakeOf } from './change-filter.ts';
import { FreshObjects } from './fresh-objects.ts';
import { createWorkQueue, type WorkQueueMetrics } from './keyed-work-queue.ts';
import type { KubeApi, KubeObject, KubeResource } from './kube-api.ts';
import { referencesOfAny } from './look.ts';
import { membersOf } from './managed-object.ts';
import type { Neighbourhood } from './neighbourhood.ts';
import { type ObjectStore, parseKey, type StoreChange } from './object-store.ts';
import { nextLookFor, type Outcome, type ReconcileResult, requeue, resultFor } from './outcome.ts';
import { type Reconciled, reconcile } from './reconcile.ts';
import { createReflector, type ReflectorMetrics } from './reflector.ts';
import type { Identity, Registration } from './registration.ts';
import { resyncIntervalOf, sweepAfterMs } from './resync.ts';
import type { QueuePriority } from './work-queue.ts';

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
  readonly hasSynced: boolean;
  whenSynced(signal: AbortSignal): Promise<void>;
  /** Follows the API server until the signal aborts, then resolves. Call it once. */
  watch(signal: AbortSignal): Promise<void>;
  /** Looks after whatever is in the queue until `stop`. Once the signal aborts, what runs is given up. Call it once. */
  work(signal: AbortSignal): Promise<void>;
  /** No key is taken from now on; `work` resolves once what runs has ended. */
  stop(): void;
  readonly depth: number;
  /** Since when, on the monotonic clock, each key that runs does so. */
  running(): ReadonlyMap<string, number>;
}

export function createController<T extends KindTypes>(options: ControllerOptions<T>): Controller {
  const { registration, api, identity, neighbourhood, clock, random, log, metrics } = options;
  const { kind } = registration;
  const { definition } = kind;
  const name = definition.kind.toLowerCase();
  const resource: KubeResource = { group: definition.group, version: definition.version, plural: definition.plural };
  const queue = createWorkQueue({ clock, random, metrics: metrics.queue });
  /** Per key: how many changes and lost races in a row, and whom its resyncs travel with. */
  const changes = new Map<string, number>();
  const races = new Map<string, number>();
  const groups = new Map<string, string>();
  const { namespaces, labelSelector } = options;
  const reflector = createReflector({
    api,
    resource,
    namespaces,
    labelSelector,
    clock,
    random,
    log,
    metrics: metrics.reflector,
    onChange,
  });
  const objects = new FreshObjects(reflector.store);
  const reconciler: ReconcilerOptions<T> = {
    registration,
    api,
    resource,
    identity,
    objects,
    neighbours: neighbourhood,
    clock,
    timeoutMs: options.timeoutMs,
  };
  neighbourhood.join(definition.kind, { objects, wake: (key, priority) => queue.add(key, priority) });

  function onChange(change: StoreChange): void {
    const { key, object, previous } = change;
    neighbourhood.note(definition.kind, change, referencesOf(object));
    if (change.is === 'deleted' || object.metadata.generation !== previous?.metadata.generation) forget(key);
    if (change.is === 'deleted') {
      objects.forget(key);
      groups.delete(key);
    }
    const priority = wakeOf(change, identity);
    if (priority !== undefined) queue.add(key, priority);
  }

  function referencesOf(object: KubeObject) {
    const spec = definition.spec.safeParse(object['spec'] ?? {});
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a spec that does not fit may still name its references
    return referencesOfAny(kind, spec.success ? spec.data : (membersOf(object['spec']) as T['spec']));
  }

  /** What was counted says nothing of a new wish. */
  function forget(key: string): void {
    queue.forget(key);
    changes.delete(key);
    races.delete(key);
  }

  async function lookAfter(item: { readonly key: string; readonly priority: QueuePriority }, signal: AbortSignal) {
    const { key } = item;
    const history = { failures: queue.retries(key), changes: changes.get(key) ?? 0, races: races.get(key) ?? 0 };
    const facts = { controller: name, ...parseKey(key), reconcileID: random().toString(36).slice(2, 12) };
    const bound = boundLog(log, facts);
    const startedAt = clock.monotonic();
    const reconciled = await reconcile(reconciler, { ...item, history, log: bound }, signal);
    // Whoever aborts has no use for the outcome, which may be nothing but the abort itself.
    if (signal.aborted) return;
    const { outcome } = reconciled;
    metrics.reconciled(resultFor(outcome, history), (clock.monotonic() - startedAt) / 1_000);
    if (outcome.is === 'change' && outcome.isCorrection) metrics.driftCorrected();
    logOutcome(bound, outcome, reconciled);
    if (reconciled.sweepGroup !== undefined) groups.set(key, reconciled.sweepGroup);
    if (isLostRace(outcome)) {
      races.set(key, history.races + 1);
    } else {
      races.delete(key);
      if (outcome.is === 'change') changes.set(key, history.changes + 1);
      else changes.delete(key);
    }
    const interval = intervalFor(reconciled);
    for (const event of [...reconciled.events, ...interval.events]) {
      if (reconciled.object !== undefined) options.record(reconciled.object, event);
    }
    const nextSweepMs = () => sweepAfterMs(groups.get(key) ?? key, interval.ms, clock.now());
    requeue(item, nextLookFor(outcome, history), { queue, sweepAfterMs: nextSweepMs });
  }

  function intervalFor({ object }: Reconciled): { readonly ms: number; readonly events: readonly ObjectEvent[] } {
    const annotation = `${identity.annotationPrefix}resync-interval`;
    const annotations = object?.metadata.annotations ?? {};
    const { ms, complaint: message } = resyncIntervalOf(annotations, annotation, options.resyncIntervalMs);
    if (message === undefined || object === undefined) return { ms, events: [] };
    const id = `resync-interval/${object.metadata.uid}/${annotations[annotation]}`;
    return { ms, events: [{ id, type: 'Warning', reason: 'InvalidAnnotation', message }] };
  }

  async function worker(signal: AbortSignal): Promise<void> {
    for (let item = await queue.take(); item !== undefined; item = await queue.take()) {
      metrics.busy(1);
      try {
        await lookAfter(item, signal);
      } catch (error) {
        log.error({ controller: name, ...parseKey(item.key), err: error }, 'worker failed');
        queue.addBackoff(item.key, item.priority);
      } finally {
        metrics.busy(-1);
        queue.done(item.key);
      }
    }
  }

  return {
    name,
    store: reflector.store,
    get hasSynced() {
      return reflector.hasSynced;
    },
    whenSynced: (signal) => reflector.whenSynced(signal),
    watch: (signal) => reflector.run(signal),
    work: async (signal) => void (await Promise.all(Array.from({ length: options.workers }, () => worker(signal)))),
    stop: () => queue.shutDown(),
    get depth() {
      return queue.depth;
    },
    running: () => queue.running(),
  };
}

function isLostRace(outcome: Outcome): boolean {
  return outcome.is === 'failed' && outcome.failure.policy.retry === 'at-once';
}

function logOutcome(log: Log, outcome: Outcome, { object }: Reconciled): void {
  const generation = object?.metadata.generation;
  if (outcome.is !== 'failed') {
    const reason = 'reason' in outcome ? outcome.reason : undefined;
    log.debug({ generation, outcome: outcome.is, reason }, 'reconciled');
    return;
  }
  const { code, policy, details, message } = outcome.failure;
  const facts = { generation, reason: code, call: details.call, awsRequestId: details.requestId };
  if (policy.log === 'error') log.error({ ...facts, err: outcome.failure }, 'reconcile failed');
  else log[policy.log]({ ...facts, error: message }, 'reconcile failed');
}
