import { createCallMetrics } from '../../../src/runtime/telemetry/call-metrics.ts';
import { createMetrics } from '../../../src/runtime/telemetry/metrics.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';
import type { WholeOperatorOptions } from '../../support/whole-operator.ts';

/** The metrics of all processes of a play. */
export interface Figures {
  readonly counted: NonNullable<WholeOperatorOptions['metrics']>;
  /** As Prometheus is shown them; begins again from nothing. */
  scrape(): Promise<string>;
}

let shared: Figures | undefined;

/** One for all plays of a test file, one after the other: each would watch the event loop for as long as the file runs. */
export function sharedFigures(): Figures {
  shared ??= createFigures();
  return shared;
}

/** As a process makes them. */
export function createProcessMetrics() {
  const metrics = createMetrics({
    prefix: 'ecs_operator_',
    clock: createVirtualClock(),
    controllers: [],
    workers: 1,
    leaseName: 'ecs-operator',
    kubeHost: 'kube',
  });
  const ecsMetrics = createCallMetrics(metrics.registry, { prefix: 'aws_', operations: [], outcomes: [] });
  return { metrics, ecsMetrics };
}

function createFigures(): Figures {
  const { metrics, ecsMetrics } = createProcessMetrics();
  return {
    // What is read off queues at a scrape bears no names but those of controllers.
    counted: { metrics: { ...metrics, observe: () => undefined }, ecsMetrics },
    async scrape() {
      const text = await metrics.registry.metrics();
      metrics.registry.resetMetrics();
      return text;
    },
  };
}
