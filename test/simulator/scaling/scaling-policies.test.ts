import type {
  PredictiveScalingPolicyConfiguration,
  PutScalingPolicyCommandInput,
} from '@aws-sdk/client-application-auto-scaling';
import { beforeEach, describe, expect, test } from 'vitest';
import { CPU, openScaledShop, type ScaledShop, WEB } from './scaled-shop.ts';
import { soundAlarm } from './step-scaling.ts';
import { putLoad, removeLoad } from './target-tracking.ts';

const MINUTE_MS = 60_000;

let shop: ScaledShop;

beforeEach(async () => {
  shop = await openScaledShop();
  await shop.register();
});

async function policies() {
  return (await shop.scaling.describeScalingPolicies({ ServiceNamespace: 'ecs' })).ScalingPolicies ?? [];
}

/** A load that takes so many tasks at 50 percent. */
function loadFor(tasks: number): void {
  putLoad(shop.simulator.world, WEB.ResourceId, () => tasks * CPU.TargetValue);
}

function stepPolicy(changes: Partial<PutScalingPolicyCommandInput> = {}): Promise<string> {
  return shop.track({
    PolicyName: 'step',
    PolicyType: 'StepScaling',
    TargetTrackingScalingPolicyConfiguration: undefined,
    StepScalingPolicyConfiguration: {
      AdjustmentType: 'ChangeInCapacity',
      StepAdjustments: [
        { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 20, ScalingAdjustment: 1 },
        { MetricIntervalLowerBound: 20, ScalingAdjustment: 4 },
        { MetricIntervalUpperBound: 0, ScalingAdjustment: -1 },
      ],
    },
    ...changes,
  });
}

describe('a target tracking policy', () => {
  test('has two alarms, and keeps its ARN and them when it is put again', async () => {
    const arn = await shop.track();
    const [before] = await policies();

    const again = await shop.track({ TargetTrackingScalingPolicyConfiguration: { ...CPU, TargetValue: 70 } });

    const [after] = await policies();
    expect(again).toBe(arn);
    expect(after?.Alarms).toHaveLength(2);
    expect(after?.Alarms).toEqual(before?.Alarms);
    expect(after?.TargetTrackingScalingPolicyConfiguration).toEqual({ ...CPU, TargetValue: 70 });
  });

  test('raises the count after three minutes, lowers it after fifteen, and tells why', async () => {
    await shop.track();
    loadFor(8);

    await shop.pass(2 * MINUTE_MS);
    expect(await shop.count()).toBe(2);
    await shop.pass(MINUTE_MS);
    expect(await shop.count()).toBe(8);
    loadFor(3);
    await shop.pass(14 * MINUTE_MS);
    expect(await shop.count()).toBe(8);
    await shop.pass(3 * MINUTE_MS);

    expect(await shop.count()).toBe(3);
    expect(await shop.activities()).toEqual([
      expect.stringMatching(
        /^Setting desired count to 3\. monitor alarm TargetTracking-.*AlarmLow.* triggered policy cpu$/,
      ),
      expect.stringMatching(
        /^Setting desired count to 8\. monitor alarm TargetTracking-.*AlarmHigh.* triggered policy cpu$/,
      ),
    ]);
  });

  test('waits for its cooldown before it raises the count again', async () => {
    await shop.track();
    loadFor(4);
    await shop.pass(3 * MINUTE_MS);
    loadFor(9);

    await shop.pass(4 * MINUTE_MS);
    expect(await shop.count()).toBe(4);
    await shop.pass(2 * MINUTE_MS);
    expect(await shop.count()).toBe(9);
  });

  test('never leaves the range, and says so where it cannot do more', async () => {
    await shop.track();
    loadFor(40);

    await shop.pass(20 * MINUTE_MS);

    expect(await shop.count()).toBe(10);
    expect((await shop.activities())[0]).toMatch(/AlreadyAtMaxCapacity/);
  });

  test.for([
    { SuspendedState: { DynamicScalingOutSuspended: true }, tasks: 8 },
    { SuspendedState: { DynamicScalingInSuspended: true }, tasks: 1 },
  ])('does nothing while $SuspendedState', async ({ SuspendedState, tasks }) => {
    await shop.ecs.updateService({ cluster: 'shop', service: 'web', desiredCount: 4 });
    await shop.scaling.registerScalableTarget({ ...WEB, SuspendedState });
    await shop.track();
    loadFor(tasks);

    await shop.pass(30 * MINUTE_MS);

    expect(await shop.count()).toBe(4);
  });

  test('lowers nothing with DisableScaleIn, and nothing once the load is gone', async () => {
    await shop.ecs.updateService({ cluster: 'shop', service: 'web', desiredCount: 4 });
    await shop.track({ TargetTrackingScalingPolicyConfiguration: { ...CPU, DisableScaleIn: true } });
    loadFor(1);
    await shop.pass(30 * MINUTE_MS);
    removeLoad(shop.simulator.world, WEB.ResourceId);
    await shop.track();
    await shop.pass(30 * MINUTE_MS);

    expect(await shop.count()).toBe(4);
  });

  test.for([
    { name: 'no metric', configuration: { TargetValue: 5 } },
    {
      name: 'a label where there is none to give',
      configuration: {
        ...CPU,
        PredefinedMetricSpecification: { ...CPU.PredefinedMetricSpecification, ResourceLabel: 'app/x' },
      },
    },
    {
      name: 'requests without a label',
      configuration: {
        TargetValue: 5,
        PredefinedMetricSpecification: { PredefinedMetricType: 'ALBRequestCountPerTarget' as const },
      },
    },
    {
      name: 'a metric of another service',
      configuration: {
        TargetValue: 5,
        PredefinedMetricSpecification: { PredefinedMetricType: 'DynamoDBReadCapacityUtilization' as const },
      },
    },
    { name: 'a value out of range', configuration: { ...CPU, TargetValue: 2 ** 361 } },
  ])('is refused with $name', async ({ configuration }) => {
    await expect(shop.track({ TargetTrackingScalingPolicyConfiguration: configuration })).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });
});

describe('a step scaling policy', () => {
  test.for([
    { breach: 5, count: 3 },
    { breach: 25, count: 6 },
    { breach: -1, count: 2 },
  ])('goes to $count where its alarm is $breach off', async ({ breach, count }) => {
    const policyArn = await stepPolicy();

    soundAlarm(shop.simulator.world, { name: 'high', policyArn, breach });

    expect(await shop.count()).toBe(count);
  });

  test.for([
    { name: 'takes no second step of the same size', breaches: [5, 5], count: 3 },
    { name: 'adds only what a larger step adds more', breaches: [5, 25], count: 6 },
    { name: 'takes nothing away after it has added', breaches: [5, -1], count: 3 },
    { name: 'adds at once after it has taken away', breaches: [-1, 5], count: 4 },
    { name: 'takes nothing more away', breaches: [-1, -1], count: 3 },
  ])('$name until its cooldown ends', async ({ breaches, count }) => {
    await shop.ecs.updateService({ cluster: 'shop', service: 'web', desiredCount: breaches[0] === -1 ? 4 : 2 });
    const policyArn = await stepPolicy();

    for (const breach of breaches) soundAlarm(shop.simulator.world, { name: 'any', policyArn, breach });

    expect(await shop.count()).toBe(count);
  });

  test.for([
    { Cooldown: undefined, seconds: 299, count: 3 },
    { Cooldown: undefined, seconds: 300, count: 4 },
    { Cooldown: 60, seconds: 59, count: 3 },
    { Cooldown: 60, seconds: 60, count: 4 },
  ])('is at $count $seconds s after its first step, with a cooldown of $Cooldown', async (row) => {
    const { Cooldown, seconds, count } = row;
    const steps = [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }];
    const policyArn = await stepPolicy({
      StepScalingPolicyConfiguration: { AdjustmentType: 'ChangeInCapacity', StepAdjustments: steps, Cooldown },
    });

    soundAlarm(shop.simulator.world, { name: 'high', policyArn, breach: 5 });
    await shop.pass(seconds * 1_000);
    soundAlarm(shop.simulator.world, { name: 'high', policyArn, breach: 5 });

    expect(await shop.count()).toBe(count);
  });

  test('says when it is at its end already', async () => {
    const policyArn = await stepPolicy();

    soundAlarm(shop.simulator.world, { name: 'low', policyArn, breach: -1 });

    expect(await shop.activities()).toEqual([
      'Attempting to scale due to alarm triggered AlreadyAtMinCapacity monitor alarm low in state ALARM triggered policy step',
    ]);
  });

  test('counts in percent, with the least change that is stated', async () => {
    const policyArn = await stepPolicy({
      StepScalingPolicyConfiguration: {
        AdjustmentType: 'PercentChangeInCapacity',
        MinAdjustmentMagnitude: 2,
        StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 25 }],
      },
    });

    soundAlarm(shop.simulator.world, { name: 'high', policyArn, breach: 1 });

    expect(await shop.count()).toBe(4);
  });

  test('has no alarms of its own, and is refused with a gap between its steps', async () => {
    await stepPolicy();
    const gap = [
      { MetricIntervalUpperBound: 0, ScalingAdjustment: -1 },
      { MetricIntervalLowerBound: 5, ScalingAdjustment: 1 },
    ];

    expect((await policies())[0]?.Alarms).toEqual([]);
    await expect(
      stepPolicy({ StepScalingPolicyConfiguration: { AdjustmentType: 'ChangeInCapacity', StepAdjustments: gap } }),
    ).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

test('a predictive policy is kept as it is stated', async () => {
  const PredictiveScalingPolicyConfiguration: PredictiveScalingPolicyConfiguration = {
    MetricSpecifications: [
      { TargetValue: 40, PredefinedMetricPairSpecification: { PredefinedMetricType: 'ECSServiceCPUUtilization' } },
    ],
    Mode: 'ForecastOnly',
  };
  await shop.track({
    PolicyType: 'PredictiveScaling',
    TargetTrackingScalingPolicyConfiguration: undefined,
    PredictiveScalingPolicyConfiguration,
  });

  expect(await policies()).toMatchObject([{ PolicyType: 'PredictiveScaling', PredictiveScalingPolicyConfiguration }]);
});

test('a policy that is deleted is gone, and cannot be deleted again', async () => {
  await shop.track();

  await shop.scaling.deleteScalingPolicy({ ...WEB, PolicyName: 'cpu' });

  expect(await policies()).toEqual([]);
  await expect(shop.scaling.deleteScalingPolicy({ ...WEB, PolicyName: 'cpu' })).rejects.toMatchObject({
    name: 'ObjectNotFoundException',
  });
});
