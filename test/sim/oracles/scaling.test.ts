import { beforeEach, describe, expect, test } from 'vitest';
import { WEB } from '../../simulator/scaling/scaled-shop.ts';
import type { TargetRecord } from '../../simulator/scaling/scaling-world.ts';
import { type ObjectName, openStage, type Stage } from '../../support/operator-stage.ts';
import { clusterNamed, definitionOf, serviceNamed } from '../../support/shop-objects.ts';
import { liesIn } from './truth.ts';

const SERVICE: ObjectName = 'EcsService/web';
const TRACKING = {
  name: 'cpu',
  policyType: 'TargetTrackingScaling',
  targetTrackingScalingPolicyConfiguration: {
    targetValue: 50,
    scaleInCooldown: 900,
    predefinedMetricSpecification: { predefinedMetricType: 'ECSServiceAverageCPUUtilization' },
  },
};
const FORECAST = {
  name: 'forecast',
  policyType: 'PredictiveScaling',
  predictiveScalingPolicyConfiguration: {
    mode: 'ForecastAndScale',
    metricSpecifications: [
      { targetValue: 50, predefinedMetricPairSpecification: { predefinedMetricType: 'ECSServiceCPUUtilization' } },
    ],
  },
};
const SCALING = {
  minCapacity: 2,
  maxCapacity: 6,
  policies: [TRACKING, FORECAST],
  scheduledActions: [{ name: 'once', schedule: 'at(2099-01-01T00:00:00)', scalableTargetAction: { minCapacity: 3 } }],
};

let stage: Stage;
let record: TargetRecord;

/** A scaled service that says Ready, and whose operator is gone. */
beforeEach(async () => {
  stage = await openStage();
  stage.start();
  const { desiredCount: _, ...spec } = serviceNamed('web').spec;
  const service = { ...serviceNamed('web'), spec: { ...spec, scaling: SCALING } };
  stage.apply(clusterNamed('shop'), definitionOf('web', 'shop/web:1'), service);
  await stage.clock.runUntil(() => stage.areReady(SERVICE), { limitMs: 600_000 });
  await stage.clock.advance(60_000);
  stage.crash();
  const found = stage.simulator.world.scaling.targets.get(WEB.ResourceId);
  if (found === undefined) throw new Error('the service is not scaled');
  record = found;
});

describe('a service that says Ready', () => {
  test('tells no lie where all is as stated, with whatever others have put there', async () => {
    await stage.simulator.call('PutScalingPolicy', {
      ...WEB,
      PolicyName: 'theirs',
      PolicyType: 'StepScaling',
      StepScalingPolicyConfiguration: { AdjustmentType: 'ExactCapacity', StepAdjustments: [{ ScalingAdjustment: 3 }] },
    });

    expect(liesIn(stage)).toEqual([]);
  });

  test.for<{ name: string; lie: string; change(target: TargetRecord): void }>([
    {
      name: 'a target that is gone',
      lie: 'it has no scalable target',
      change: () => stage.simulator.world.scaling.targets.clear(),
    },
    {
      name: 'another range',
      lie: 'its scalable target has another range',
      change: ({ target }) => void Object.assign(target, { MaxCapacity: 7 }),
    },
    {
      name: 'another cooldown',
      lie: 'ecs-operator.cpu is not as it is stated',
      change: ({ policies }) =>
        void Object.assign(policies.get('ecs-operator.cpu')?.policy.TargetTrackingScalingPolicyConfiguration ?? {}, {
          ScaleInCooldown: 60,
        }),
    },
    {
      name: 'another mode of a forecast',
      lie: 'ecs-operator.forecast is not as it is stated',
      change: ({ policies }) =>
        void Object.assign(policies.get('ecs-operator.forecast')?.policy.PredictiveScalingPolicyConfiguration ?? {}, {
          Mode: 'ForecastOnly',
        }),
    },
    {
      name: 'an action that is gone',
      lie: 'ecs-operator.once is not as it is stated',
      change: ({ actions }) => actions.clear(),
    },
    {
      name: 'a policy that nobody wishes',
      lie: 'ecs-operator.old is left',
      change({ policies }) {
        const cpu = policies.get('ecs-operator.cpu');
        if (cpu !== undefined) policies.set('ecs-operator.old', cpu);
      },
    },
  ])('lies beside $name', ({ lie, change }) => {
    change(record);

    expect(liesIn(stage)).toEqual([`${SERVICE} says Ready, and ${lie}`]);
  });

  test.for([
    { name: 'another range', told: { maxCapacity: 9 }, lie: 'its status tells another range' },
    { name: 'no policies', told: { policies: [] }, lie: 'its status tells of others than there are' },
    { name: 'no actions', told: { scheduledActions: [] }, lie: 'its status tells of others than there are' },
  ])('lies where its status tells of $name', ({ told, lie }) => {
    const { status } = stage.object(SERVICE) ?? {};
    stage.writeStatus(SERVICE, { ...status, scaling: Object.assign({}, status?.['scaling'], told) });

    expect(liesIn(stage)).toEqual([`${SERVICE} says Ready, and ${lie}`]);
  });
});
