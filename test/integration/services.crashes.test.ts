import { afterAll, describe, expect, inject, test } from 'vitest';
import { runCrashScenario } from '../support/crash-run.ts';
import { CRASH_SCENARIOS } from '../support/crash-scenarios.ts';
import { connectCluster } from '../support/kubectl.ts';

const cluster = connectCluster(inject('cluster'));
let points = 0;

describe.concurrent('an operator that is killed at every write', () => {
  test.for(CRASH_SCENARIOS)('comes to the same end: $name', { timeout: 400_000 }, async (scenario) => {
    const calm = await runCrashScenario(scenario, { cluster });
    const before = await runCrashScenario(scenario, { cluster, phase: 'before' });
    const after = await runCrashScenario(scenario, { cluster, phase: 'after' });

    expect(calm.made.length).toBeGreaterThan(1);
    expect(before.tried).toEqual(calm.made);
    expect(after.tried).toEqual(calm.made);
    expect(before.end).toEqual(calm.end);
    expect(after.end).toEqual(calm.end);
    points += before.tried.length + after.tried.length;
  });
});

afterAll(() => {
  console.log(`killed at ${points} points: before and after the effect of each write`);
});
