import { afterAll, describe, expect, inject, test } from 'vitest';
import { runCrashScenario } from '../support/crash-run.ts';
import { ALL_CRASH_SCENARIOS } from '../support/crash-scenarios.ts';
import { connectCluster } from '../support/kubectl.ts';

const cluster = connectCluster(inject('cluster'));
const RESYNCS = 3;
let points = 0;

describe('an operator that is killed at every write to ECS and to Kubernetes', () => {
  test.for(ALL_CRASH_SCENARIOS)(
    'comes to the same end and to rest: $name',
    { timeout: 1_800_000 },
    async (scenario) => {
      const run = { cluster, hasProxy: true, looksAfter: RESYNCS };
      const calm = await runCrashScenario(scenario, run);
      const [before, after] = await Promise.all([
        runCrashScenario(scenario, { ...run, phase: 'before' }),
        runCrashScenario(scenario, { ...run, phase: 'after' }),
      ]);

      expect(calm.restless).toEqual([]);
      for (const { tried, end, restless } of [before, after]) {
        expect(tried).toEqual(expect.arrayContaining(calm.made));
        expect(tried.filter((point) => / status /.test(point)).length).toBeGreaterThan(1);
        expect(end).toEqual(calm.end);
        expect(restless).toEqual([]);
        points += tried.length;
      }
    },
  );
});

afterAll(() => {
  console.log(`killed at ${points} points: before and after the effect of each write`);
});
