import { createCallMetrics } from '../../../src/runtime/telemetry/call-metrics.ts';
import { createMetrics } from '../../../src/runtime/telemetry/metrics.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

/** The metrics of a real process, whose text can be looked at. */
export function openFigures() {
  const metrics = createMetrics({
    prefix: 'ecs_operator_',
    clock: createVirtualClock(),
    controllers: [],
    workers: 1,
    leaseName: 'ecs-operator',
    kubeHost: 'kube',
  });
  return { metrics, ecsMetrics: createCallMetrics(metrics.registry, { prefix: 'aws_', operations: [], outcomes: [] }) };
}
