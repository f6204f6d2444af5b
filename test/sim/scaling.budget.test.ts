import { expect, test } from 'vitest';
import { openStage, RESYNC_MS, type Stage } from '../support/operator-stage.ts';
import { clusterNamed, definitionOf, serviceNamed } from '../support/shop-objects.ts';

const COUNT = 500;
const NAMES = Array.from({ length: COUNT }, (_, index) => `web-${index}`);
/** The default of `--concurrency`. */
const WORKERS = 512;
const SWEEPS = 2;
const TIMEOUT_MS = 300_000;

const SCALING = {
  minCapacity: 1,
  maxCapacity: 4,
  policies: [
    {
      name: 'cpu',
      policyType: 'TargetTrackingScaling',
      targetTrackingScalingPolicyConfiguration: {
        targetValue: 50,
        predefinedMetricSpecification: { predefinedMetricType: 'ECSServiceAverageCPUUtilization' },
      },
    },
    {
      name: 'steps',
      policyType: 'StepScaling',
      stepScalingPolicyConfiguration: {
        adjustmentType: 'ChangeInCapacity',
        stepAdjustments: [{ metricIntervalLowerBound: 0, scalingAdjustment: 1 }],
      },
    },
  ],
  scheduledActions: [
    { name: 'night', schedule: 'cron(0 22 * * ? *)', scalableTargetAction: { minCapacity: 1, maxCapacity: 2 } },
  ],
};

const BUDGET = {
  DescribeClusters: 1,
  ListTaskDefinitions: 1,
  DescribeServices: COUNT / 10,
  DescribeScalableTargets: COUNT / 50,
  DescribeScalingPolicies: (2 * COUNT) / 10,
  DescribeScheduledActions: COUNT / 50,
};

test(
  'a sweep over 500 scaled services lists their scaling once for the region, also after a restart, and nothing is throttled',
  async () => {
    const stage = await openStage({ throttle: true, workers: WORKERS });
    const { simulator, clock } = stage;
    const { desiredCount: _, ...spec } = serviceNamed('web').spec;
    const services = NAMES.map((name) => ({ ...serviceNamed(name), spec: { ...spec, scaling: SCALING } }));
    stage.start();
    stage.apply(clusterNamed('shop'), definitionOf('web', 'shop/web:1'), ...services);
    await clock.runUntil(() => stage.areReady(...NAMES.map((name) => `EcsService/${name}` as const)));
    await clock.advance(RESYNC_MS);

    expect(await callsOfSweeps(stage)).toEqual(BUDGET);

    stage.crash();
    stage.start();
    await clock.advance(RESYNC_MS);

    expect(await callsOfSweeps(stage)).toEqual(BUDGET);
    expect(simulator.calls.filter(({ outcome }) => outcome !== 'ok')).toEqual([]);
    stage.crash();
  },
  TIMEOUT_MS,
);

/** Calls of each action, for each of a few sweeps from now on. */
async function callsOfSweeps({ simulator, clock }: Stage): Promise<Readonly<Record<string, number>>> {
  const from = simulator.calls.length;
  await clock.advance(SWEEPS * RESYNC_MS);
  const calls = Map.groupBy(simulator.calls.slice(from), ({ action }) => action);
  return Object.fromEntries([...calls].map(([action, each]) => [action, each.length / SWEEPS]));
}
