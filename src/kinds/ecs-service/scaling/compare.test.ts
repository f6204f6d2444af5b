import type { ScalableTarget, ScalingPolicy, ScheduledAction } from '@aws-sdk/client-application-auto-scaling';
import { describe, expect, test } from 'vitest';
import { OWNER } from '../../../../test/support/ecs-service-builders.ts';
import { compareScaling } from './compare.ts';
import type { ScalingWish } from './model.ts';
import { addressOf, nameInAws } from './names.ts';
import type { PolicyWish, Scaling } from './schema.ts';
import { inAwsSpelling } from './spelling.ts';

const AT = addressOf('service/shop/web');
const RANGE = { minCapacity: 2, maxCapacity: 10 };
const QUERY = { id: 'm1', metricStat: { metric: { namespace: 'Shop', metricName: 'Load' }, stat: 'Average' } };

const TRACKING: PolicyWish = {
  name: 'own',
  policyType: 'TargetTrackingScaling',
  targetTrackingScalingPolicyConfiguration: {
    targetValue: 10,
    customizedMetricSpecification: {
      metricName: 'Load',
      namespace: 'Shop',
      statistic: 'Average',
      dimensions: [
        { name: 'a', value: '1' },
        { name: 'b', value: '2' },
      ],
    },
  },
};

const STEPS: PolicyWish = {
  name: 'own',
  policyType: 'StepScaling',
  stepScalingPolicyConfiguration: {
    adjustmentType: 'ChangeInCapacity',
    stepAdjustments: [
      { metricIntervalUpperBound: 0, scalingAdjustment: -1 },
      { metricIntervalLowerBound: 0, scalingAdjustment: 1 },
    ],
  },
};

/** Where the two differ, by path. */
function pathsOf(block: Scaling, found: { target?: object; policy?: PolicyWish; action?: object }): readonly string[] {
  const target = { ...AT, MinCapacity: 2, MaxCapacity: 10, ...found.target } as ScalableTarget;
  const policies = found.policy === undefined ? [] : [policyOf(found.policy)];
  const actions = found.action === undefined ? [] : [{ ...AT, ...found.action } as ScheduledAction];
  return compareScaling(block, WISH, { target, policies, actions }).because.map(({ path }) => path);
}

function policyOf({ name, ...rest }: PolicyWish): ScalingPolicy {
  return Object.assign({ ...AT, PolicyName: nameInAws(name) }, inAwsSpelling(rest)) as ScalingPolicy;
}

const WISH: ScalingWish = {
  resourceId: AT.ResourceId,
  owner: OWNER,
  block: undefined,
  mayAdopt: false,
  isObserving: false,
  knownArn: undefined,
  remembered: [],
  lastCount: undefined,
  hasUnended: false,
  asked: '1',
  now: 0,
};

const { targetTrackingScalingPolicyConfiguration: TRACKED = { targetValue: 0 } } = TRACKING;
const METRIC = TRACKED.customizedMetricSpecification;

function tracked(changes: object): PolicyWish {
  return { ...TRACKING, targetTrackingScalingPolicyConfiguration: { ...TRACKED, ...changes } };
}

describe('a policy', () => {
  test.for<{ name: string; because: string; wish: PolicyWish; found: PolicyWish; paths: readonly string[] }>([
    {
      name: 'with a cooldown that AWS fills in',
      because: 'nobody stated one',
      wish: TRACKING,
      found: tracked({ scaleInCooldown: 300, disableScaleIn: false }),
      paths: [],
    },
    {
      name: 'with the default stated',
      because: 'AWS need not show it',
      wish: tracked({ scaleOutCooldown: 300 }),
      found: TRACKING,
      paths: [],
    },
    {
      name: 'with another cooldown',
      because: 'it is stated',
      wish: tracked({ scaleOutCooldown: 60 }),
      found: TRACKING,
      paths: ['targetTrackingScalingPolicyConfiguration.scaleOutCooldown'],
    },
    {
      name: 'with dimensions in another order',
      because: 'they are a set',
      wish: TRACKING,
      found: tracked({ customizedMetricSpecification: { ...METRIC, dimensions: METRIC?.dimensions?.toReversed() } }),
      paths: [],
    },
    {
      name: 'with a dimension more',
      because: 'a metric is a whole',
      wish: tracked({ customizedMetricSpecification: { ...METRIC, dimensions: [] } }),
      found: TRACKING,
      paths: ['targetTrackingScalingPolicyConfiguration.customizedMetricSpecification.dimensions'],
    },
    {
      name: 'with returnData spelled out',
      because: 'true is the default',
      wish: tracked({ customizedMetricSpecification: { metrics: [QUERY] } }),
      found: tracked({ customizedMetricSpecification: { metrics: [{ ...QUERY, returnData: true }] } }),
      paths: [],
    },
    {
      name: 'with steps in another order',
      because: 'their bounds tell them apart',
      wish: STEPS,
      found: {
        ...STEPS,
        stepScalingPolicyConfiguration: {
          ...STEPS.stepScalingPolicyConfiguration,
          stepAdjustments: STEPS.stepScalingPolicyConfiguration?.stepAdjustments?.toReversed(),
        },
      },
      paths: [],
    },
    {
      name: 'with a value of 0',
      because: 'it is a value',
      wish: tracked({ targetValue: 0 }),
      found: tracked({ targetValue: 0 }),
      paths: [],
    },
  ])('$name differs at $paths, because $because', ({ wish, found, paths }) => {
    const at = paths.map((path) => `scaling.policies[own].${path}`);

    expect(pathsOf({ ...RANGE, policies: [wish] }, { policy: found })).toEqual(at);
  });
});

describe('the range', () => {
  const FORECAST: PolicyWish = {
    name: 'own',
    policyType: 'PredictiveScaling',
    predictiveScalingPolicyConfiguration: {
      mode: 'ForecastAndScale',
      maxCapacityBreachBehavior: 'IncreaseMaxCapacity',
      maxCapacityBuffer: 10,
      metricSpecifications: [{ targetValue: 40 }],
    },
  };

  test('may be what an action of somebody else has set, as it would set it again', () => {
    const action = { ScheduledActionName: 'theirs', ScalableTargetAction: { MinCapacity: 5 } };

    expect(pathsOf(RANGE, { target: { MinCapacity: 5 }, action })).toEqual([]);
    expect(pathsOf(RANGE, { target: { MinCapacity: 6 }, action })).toEqual(['scaling.minCapacity']);
  });

  test('may be raised by a forecast that may do so, and by nothing else', () => {
    const target = { MaxCapacity: 12 };

    expect(pathsOf({ ...RANGE, policies: [FORECAST] }, { target, policy: FORECAST })).toEqual([]);
    expect(pathsOf({ ...RANGE, policies: [STEPS] }, { target, policy: STEPS })).toEqual(['scaling.maxCapacity']);
  });
});

describe('a scheduled action', () => {
  const ACTION = { name: 'one', schedule: 'rate(1 day)', scalableTargetAction: { minCapacity: 1 } };
  const FOUND = {
    ScheduledActionName: 'ecs-operator.one',
    Schedule: 'rate(1 day)',
    ScalableTargetAction: { MinCapacity: 1 },
  };

  test.for([
    { name: 'in UTC', wish: {}, found: { Timezone: 'UTC' }, paths: [] },
    {
      name: 'with its start in another zone',
      wish: { startTime: '2026-12-24T18:00:00+01:00' },
      found: { StartTime: new Date('2026-12-24T17:00:00Z') },
      paths: [],
    },
    { name: 'in the zone of the cron that it was before', wish: {}, found: { Timezone: 'Europe/Berlin' }, paths: [] },
    { name: 'in a zone that says nothing of a rate', wish: { timezone: 'Europe/Berlin' }, found: {}, paths: [] },
    {
      name: 'as cron in another zone',
      wish: { schedule: 'cron(0 20 * * ? *)' },
      found: { Schedule: 'cron(0 20 * * ? *)', Timezone: 'Europe/Berlin' },
      paths: ['timezone'],
    },
    { name: 'with an end that nobody states', wish: {}, found: { EndTime: new Date(0) }, paths: ['endTime'] },
  ])('$name differs at $paths', ({ wish, found, paths }) => {
    const block = { ...RANGE, scheduledActions: [{ ...ACTION, ...wish }] };

    expect(pathsOf(block, { action: { ...FOUND, ...found } })).toEqual(
      paths.map((path) => `scaling.scheduledActions[one].${path}`),
    );
  });
});
