import { describe, expect, test } from 'vitest';
import { createCallMetrics } from '../../src/runtime/telemetry/call-metrics.ts';
import { createMetrics } from '../../src/runtime/telemetry/metrics.ts';
import { openStage } from '../support/operator-stage.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';
import { CANARY, leaksIn } from './oracles/canary.ts';
import { play } from './play.ts';
import { SCENARIOS } from './scenarios/all.ts';

function figures() {
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

/** Those in which something is told of a change, a refusal and a failure. */
const TOLD = [
  'the whole stack is applied at once',
  'a spec breaks a rule, and is mended',
  'a stranger has our names, and is then adopted',
  'tags are put, changed and taken off',
  'a rollout is rolled back, then mended',
];

describe('a secret of a user', () => {
  test.for(SCENARIOS.filter(({ name }) => TOLD.includes(name)))('is in no metric: $name', async (scenario) => {
    const metrics = figures();
    await play(scenario, [], { metrics });

    const scraped = await metrics.metrics.registry.metrics();

    expect(scraped).toContain('aws_requests_total');
    expect(scraped).not.toContain(CANARY);
  });

  test('would be found in a log, an Event and a status', async () => {
    const stage = await openStage();
    stage.apply({ kind: 'EcsCluster', apiVersion: 'ecs-operator.dev/v1alpha1', metadata: { name: 'a' }, spec: {} });
    const error = new Error('outer', { cause: new Error(CANARY) });

    expect(leaksIn(stage, [{ err: error }])).toHaveLength(1);
    expect(leaksIn(stage, [{ level: 'info', facts: { spec: { value: CANARY } } }])).toHaveLength(1);
    expect(leaksIn(stage, [{ message: 'step applied' }])).toEqual([]);
  });
});
