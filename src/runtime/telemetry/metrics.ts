import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Clock } from '../../lib/clock.ts';
import type { Controller, ControllerMetrics } from '../controller.ts';
import { EVENT_DISCARDS } from '../events/event-recorder.ts';
import type { KubeRequestMetrics } from '../kube/kube-transport.ts';
import { RECONCILE_RESULTS } from '../reconcile/outcome.ts';
import { observeResources } from './resource-metrics.ts';

export interface MetricsOptions {
  /** Of the metrics that are our own, such as `ecs_operator_`. */
  readonly prefix: string;
  readonly clock: Clock;
  /** Of kinds in lower case: their labels are there from the start, with zeros. */
  readonly controllers: readonly string[];
  readonly workers: number;
  readonly leaseName: string;
  /** Host of the API server, for the same reason. */
  readonly kubeHost: string;
}

/** The operator's figures, under controller-runtime's names where it has one, so that existing dashboards fit. */
export interface Metrics {
  readonly registry: Registry;
  readonly kube: KubeRequestMetrics;
  leading(isLeader: boolean): void;
  eventDiscarded(because: string): void;
  controller(name: string): ControllerMetrics;
  /** What is read off controllers at each scrape. Call it once, when they are there. */
  observe(controllers: readonly Controller[]): void;
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];
const METHODS = ['GET', 'POST', 'PUT', 'PATCH'];

export function createMetrics(options: MetricsOptions): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counters = createCounters(registry, options);
  const leader = gauge(
    registry,
    'leader_election_master_status',
    'Whether this replica leads; it does where there is no election.',
    ['name'],
  );
  leader.set({ name: options.leaseName }, 0);
  return {
    registry,
    kube: { requested: (labels) => counters.kubeRequests.inc(labels) },
    eventDiscarded: (because) => counters.discardedEvents.inc({ because }),
    leading: (isLeader) => leader.set({ name: options.leaseName }, isLeader ? 1 : 0),
    controller: (name) => controllerMetrics(counters, name),
    observe: (controllers) => observeControllers(registry, options, controllers),
  };
}

type Counters = ReturnType<typeof createCounters>;

/** Every label is there with zero, so that absence never has to be told from zero. */
function createCounters(registry: Registry, options: MetricsOptions) {
  const counters = declareCounters(registry, options.prefix);
  for (const controller of options.controllers) {
    const queue = { name: controller, controller };
    for (const result of RECONCILE_RESULTS) counters.reconciles.inc({ controller, result }, 0);
    for (const each of [counters.errors, counters.corrected, counters.lists, counters.deafHandlers]) {
      each.inc({ controller }, 0);
    }
    counters.watchEnds.inc({ controller, reason: 'timeout' }, 0);
    counters.adds.inc(queue, 0);
    counters.retries.inc(queue, 0);
    counters.reconcileSeconds.zero({ controller });
    counters.waitSeconds.zero(queue);
    counters.workSeconds.zero(queue);
    counters.activeWorkers.set({ controller }, 0);
    counters.workers.set({ controller }, options.workers);
  }
  for (const because of EVENT_DISCARDS) counters.discardedEvents.inc({ because }, 0);
  for (const method of METHODS) counters.kubeRequests.inc({ code: '200', method, host: options.kubeHost }, 0);
  return counters;
}

function declareCounters(registry: Registry, prefix: string) {
  const own = (name: string): string => `${prefix}${name}`;
  const ofQueue = ['name', 'controller'] as const;
  const ofController = ['controller'] as const;
  return {
    reconciles: counter(registry, 'controller_runtime_reconcile_total', 'Reconciles, by what came of them.', [
      'controller',
      'result',
    ]),
    errors: counter(registry, 'controller_runtime_reconcile_errors_total', 'Reconciles that failed.', ofController),
    reconcileSeconds: seconds(
      registry,
      'controller_runtime_reconcile_time_seconds',
      'Time of one reconcile.',
      ofController,
    ),
    activeWorkers: gauge(registry, 'controller_runtime_active_workers', 'Workers at work.', ofController),
    workers: gauge(registry, 'controller_runtime_max_concurrent_reconciles', 'Workers there are.', ofController),
    adds: counter(registry, 'workqueue_adds_total', 'Keys that became ready.', ofQueue),
    retries: counter(registry, 'workqueue_retries_total', 'Keys put back with backoff.', ofQueue),
    waitSeconds: seconds(registry, 'workqueue_queue_duration_seconds', 'How long keys wait for a worker.', ofQueue),
    workSeconds: seconds(registry, 'workqueue_work_duration_seconds', 'How long a key keeps a worker.', ofQueue),
    kubeRequests: counter(registry, 'rest_client_requests_total', 'Requests to the API server.', [
      'code',
      'method',
      'host',
    ]),
    corrected: counter(
      registry,
      own('drift_corrected_total'),
      'Changes made by others that were undone.',
      ofController,
    ),
    lists: counter(
      registry,
      own('lists_total'),
      'Whole lists read, the first and those after a watch fell behind.',
      ofController,
    ),
    watchEnds: counter(registry, own('watch_ends_total'), 'Watches that ended, by why.', ['controller', 'reason']),
    discardedEvents: counter(
      registry,
      own('events_discarded_total'),
      'Kubernetes Events that were not written: too many of one object (`rate`), too many waiting (`full`), or `refused`.',
      ['because'],
    ),
    deafHandlers: counter(
      registry,
      own('watch_handler_failures_total'),
      'Changes that could not be told.',
      ofController,
    ),
  };
}

function controllerMetrics(counters: Counters, controller: string): ControllerMetrics {
  const queue = { name: controller, controller };
  return {
    queue: {
      added: () => counters.adds.inc(queue),
      taken: (waited) => counters.waitSeconds.observe(queue, waited),
      finished: (worked) => counters.workSeconds.observe(queue, worked),
      retried: () => counters.retries.inc(queue),
    },
    reflector: {
      listed: () => counters.lists.inc({ controller }),
      watchEnded: (reason) => counters.watchEnds.inc({ controller, reason }),
      handlerFailed: () => counters.deafHandlers.inc({ controller }),
    },
    busy: (change) => counters.activeWorkers.inc({ controller }, change),
    reconciled(result, taken) {
      counters.reconciles.inc({ controller, result });
      counters.reconcileSeconds.observe({ controller }, taken);
      if (result === 'error') counters.errors.inc({ controller });
    },
    driftCorrected: () => counters.corrected.inc({ controller }),
  };
}

function observeControllers(
  registry: Registry,
  { prefix, clock }: MetricsOptions,
  controllers: readonly Controller[],
): void {
  const ofQueue = ['name', 'controller'] as const;
  function ofQueues(name: string, help: string, read: (controller: Controller) => number): void {
    const collected = gauge(registry, name, help, ofQueue, () => {
      for (const controller of controllers) {
        collected.set({ name: controller.name, controller: controller.name }, read(controller));
      }
    });
  }
  const agesOf = (controller: Controller): readonly number[] =>
    [...controller.running().values()].map((since) => (clock.monotonic() - since) / 1_000);
  ofQueues('workqueue_depth', 'Keys that wait for a worker.', ({ depth }) => depth);
  ofQueues('workqueue_unfinished_work_seconds', 'How long all that runs has been running, summed.', (controller) =>
    agesOf(controller).reduce((sum, age) => sum + age, 0),
  );
  ofQueues('workqueue_longest_running_processor_seconds', 'How long the longest one runs.', (controller) =>
    Math.max(0, ...agesOf(controller)),
  );
  observeResources(registry, prefix, controllers);
}

function counter<Label extends string>(registry: Registry, name: string, help: string, labelNames: readonly Label[]) {
  return new Counter<Label>({ name, help, labelNames, registers: [registry] });
}

function seconds<Label extends string>(registry: Registry, name: string, help: string, labelNames: readonly Label[]) {
  return new Histogram<Label>({ name, help, labelNames, registers: [registry], buckets: SECONDS });
}

function gauge<Label extends string>(
  registry: Registry,
  name: string,
  help: string,
  labelNames: readonly Label[],
  collect?: () => void,
): Gauge<Label> {
  return new Gauge<Label>({ name, help, labelNames, registers: [registry], ...(collect && { collect }) });
}
