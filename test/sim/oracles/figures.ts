import { createCallMetrics } from '../../../src/runtime/telemetry/call-metrics.ts';
import { createMetrics } from '../../../src/runtime/telemetry/metrics.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

/** The metrics that a process has, kept over all processes of a play. Those of the queues are of the first one only. */
export function openFigures() {
  const metrics = createMetrics({
    prefix: 'ecs_operator_',
    clock: createVirtualClock(),
    controllers: [],
    workers: 1,
    leaseName: 'ecs-operator',
    kubeHost: 'kube',
  });
  let isObserved = false;
  return {
    metrics: {
      ...metrics,
      observe(controllers: Parameters<typeof metrics.observe>[0]): void {
        if (!isObserved) metrics.observe(controllers);
        isObserved = true;
      },
    },
    ecsMetrics: createCallMetrics(metrics.registry, { prefix: 'aws_', operations: [], outcomes: [] }),
  };
}
