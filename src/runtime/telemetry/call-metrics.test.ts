import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { createCallMetrics } from './call-metrics.ts';

test('calls are counted by operation and outcome, from zero', async () => {
  const registry = new Registry();
  const calls = createCallMetrics(registry, {
    prefix: 'toys_',
    operations: ['Read', 'Write'],
    outcomes: ['ok', 'Throttled'],
  });

  calls.onRequest('Read', 'Throttled', 20);
  calls.onBatch('Read', 10);
  calls.onPaced('Read', 500);

  const text = await registry.metrics();
  expect(text).toContain('toys_requests_total{operation="Read",outcome="Throttled"} 1');
  expect(text).toContain('toys_requests_total{operation="Write",outcome="ok"} 0');
  expect(text).toContain('toys_throttles_total{operation="Read"} 1');
  expect(text).toContain('toys_batch_size_sum{operation="Read"} 10');
  expect(text).toContain('toys_paced_seconds_sum{operation="Read"} 0.5');
});
