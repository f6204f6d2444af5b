import { Counter, Histogram, type Registry } from 'prom-client';

export interface CallMetricsOptions {
  /** Of all names, such as `ecs_operator_aws_`. */
  readonly prefix: string;
  readonly operations: readonly string[];
  /** `ok`, and the codes of failures. */
  readonly outcomes: readonly string[];
}

/** Figures of calls to the managed API, whichever it is. */
export interface CallMetrics {
  onRequest(operation: string, outcome: string, durationMs: number): void;
  onPaced(operation: string, waitedMs: number): void;
  onBatch(operation: string, size: number): void;
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const SIZES = [1, 2, 5, 10, 20, 50, 100];

export function createCallMetrics(
  registry: Registry,
  { prefix, operations, outcomes }: CallMetricsOptions,
): CallMetrics {
  const registers = [registry];
  const labelNames = ['operation'] as const;
  const requests = new Counter({
    name: `${prefix}requests_total`,
    help: 'Requests that came back, by outcome.',
    labelNames: ['operation', 'outcome'],
    registers,
  });
  const throttles = new Counter({
    name: `${prefix}throttles_total`,
    help: 'Requests that were throttled.',
    labelNames,
    registers,
  });
  const duration = new Histogram({
    name: `${prefix}request_duration_seconds`,
    help: 'How long requests take.',
    labelNames,
    registers,
    buckets: SECONDS,
  });
  const paced = new Histogram({
    name: `${prefix}paced_seconds`,
    help: 'How long calls wait so that the quota holds.',
    labelNames,
    registers,
    buckets: SECONDS,
  });
  const batches = new Histogram({
    name: `${prefix}batch_size`,
    help: 'How many reads travel together.',
    labelNames,
    registers,
    buckets: SIZES,
  });
  for (const operation of operations) {
    for (const outcome of outcomes) requests.inc({ operation, outcome }, 0);
    throttles.inc({ operation }, 0);
    for (const histogram of [duration, paced, batches]) histogram.zero({ operation });
  }
  return {
    onRequest(operation, outcome, durationMs) {
      requests.inc({ operation, outcome });
      duration.observe({ operation }, durationMs / 1_000);
      if (outcome === 'Throttled') throttles.inc({ operation });
    },
    onPaced: (operation, waitedMs) => paced.observe({ operation }, waitedMs / 1_000),
    onBatch: (operation, size) => batches.observe({ operation }, size),
  };
}
