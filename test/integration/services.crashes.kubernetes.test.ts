import { expect, inject, test } from 'vitest';
import { runCrashScenario } from '../support/crash-run.ts';
import { CRASH_SCENARIOS } from '../support/crash-scenarios.ts';
import { connectCluster } from '../support/kubectl.ts';

const cluster = connectCluster(inject('cluster'));
/** The others are for `make soak`. */
const [making] = CRASH_SCENARIOS;

test('an operator that is killed at every write to ECS and to Kubernetes comes to the same end', {
  timeout: 600_000,
}, async () => {
  if (making === undefined) throw new Error('there is no scenario');
  const [calm, before, after] = await Promise.all([
    runCrashScenario(making, { cluster }),
    runCrashScenario(making, { cluster, phase: 'before', hasProxy: true }),
    runCrashScenario(making, { cluster, phase: 'after', hasProxy: true }),
  ]);

  for (const { tried, end } of [before, after]) {
    expect(tried).toEqual(expect.arrayContaining(calm.made));
    expect(tried.filter((point) => point.endsWith('finalizers 1'))).toHaveLength(3);
    expect(tried.filter((point) => / status /.test(point)).length).toBeGreaterThan(5);
    expect(end).toEqual(calm.end);
  }
  console.log(`killed before ${before.tried.length} writes and after ${after.tried.length}`);
});
