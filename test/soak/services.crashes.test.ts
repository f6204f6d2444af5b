import { afterAll, describe, expect, inject, test } from 'vitest';
import { CRASH_SCENARIOS, runCrashScenario } from '../support/crash-scenarios.ts';
import { connectCluster } from '../support/kubectl.ts';

const cluster = connectCluster(inject('cluster'));
let points = 0;

describe('an operator that is killed at every write to ECS and to Kubernetes', () => {
  test.for(CRASH_SCENARIOS)('comes to the same end: $name', { timeout: 1_800_000 }, async (scenario) => {
    const calm = await runCrashScenario(scenario, { cluster });
    const [before, after] = await Promise.all([
      runCrashScenario(scenario, { cluster, phase: 'before', hasProxy: true }),
      runCrashScenario(scenario, { cluster, phase: 'after', hasProxy: true }),
    ]);

    for (const { tried, end } of [before, after]) {
      expect(tried).toEqual(expect.arrayContaining(calm.made));
      expect(end).toEqual(calm.end);
      points += tried.length;
    }
  });
});

afterAll(() => {
  console.log(`killed at ${points} points: before and after the effect of each write`);
});
