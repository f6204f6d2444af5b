import { asRecord, type Form, keyed, leaf, members, ordered, set } from '../../../api/canonical-form.ts';
import type { ActionWish, PolicyWish } from './schema.ts';

type TargetTracking = NonNullable<PolicyWish['targetTrackingScalingPolicyConfiguration']>;
type StepScaling = NonNullable<PolicyWish['stepScalingPolicyConfiguration']>;
type Predictive = NonNullable<PolicyWish['predictiveScalingPolicyConfiguration']>;
type Customized = NonNullable<TargetTracking['customizedMetricSpecification']>;
type Query = NonNullable<Customized['metrics']>[number];
type MetricStat = NonNullable<Query['metricStat']>;
type Predefined = NonNullable<TargetTracking['predefinedMetricSpecification']>;
type Forecast = Predictive['metricSpecifications'][number];
type Forecasted = NonNullable<Forecast['customizedLoadMetricSpecification']>;

/** A6: dimensions, metrics and steps come back in any order. */
const dimensions = set(members({ name: leaf(), value: leaf() }));

const queries = keyed(
  'id',
  members<Query>({
    id: leaf(),
    expression: leaf(),
    label: leaf(),
    metricStat: members<MetricStat>({
      metric: members<MetricStat['metric']>({ dimensions, metricName: leaf(), namespace: leaf() }),
      stat: leaf(),
      unit: leaf(),
    }),
    returnData: leaf(true),
  }),
);

const predefined = members<Predefined>({ predefinedMetricType: leaf(), resourceLabel: leaf() });
const forecasted = members<Forecasted>({ metricDataQueries: queries });

type Whole = Readonly<Record<string, unknown>>;

/** What a policy is, as a whole: all but the settings that have a default. */
const policy = members<Omit<PolicyWish, 'name'>>({
  policyType: leaf(),
  targetTrackingScalingPolicyConfiguration: members<Omit<TargetTracking, keyof TrackingSettings>>({
    targetValue: leaf(),
    predefinedMetricSpecification: predefined,
    customizedMetricSpecification: members<Customized>({
      metricName: leaf(),
      namespace: leaf(),
      dimensions,
      statistic: leaf(),
      unit: leaf(),
      metrics: queries,
    }),
  }),
  stepScalingPolicyConfiguration: members<Omit<StepScaling, keyof StepSettings>>({
    adjustmentType: leaf(),
    stepAdjustments: set(
      members({ metricIntervalLowerBound: leaf(), metricIntervalUpperBound: leaf(), scalingAdjustment: leaf() }),
    ),
  }),
  predictiveScalingPolicyConfiguration: members<Omit<Predictive, keyof PredictiveSettings>>({
    metricSpecifications: ordered(
      members<Forecast>({
        targetValue: leaf(),
        predefinedMetricPairSpecification: predefined,
        predefinedScalingMetricSpecification: predefined,
        predefinedLoadMetricSpecification: predefined,
        customizedScalingMetricSpecification: forecasted,
        customizedLoadMetricSpecification: forecasted,
        customizedCapacityMetricSpecification: forecasted,
      }),
    ),
  }),
});

type TrackingSettings = Pick<TargetTracking, 'scaleOutCooldown' | 'scaleInCooldown' | 'disableScaleIn'>;
type StepSettings = Pick<StepScaling, 'minAdjustmentMagnitude' | 'cooldown' | 'metricAggregationType'>;
type PredictiveSettings = Pick<
  Predictive,
  'mode' | 'schedulingBufferTime' | 'maxCapacityBreachBehavior' | 'maxCapacityBuffer'
>;

/**
 * The settings that have a default, with it: compared only where they are stated, as AWS need not show them (A5). Field
 * documentation of the three configurations in the SDK; the cooldowns of target tracking are those of the user guide
 * ("Define cooldown periods").
 */
export const SETTINGS = {
  targetTrackingScalingPolicyConfiguration: { scaleOutCooldown: 300, scaleInCooldown: 300, disableScaleIn: false },
  stepScalingPolicyConfiguration: { minAdjustmentMagnitude: 0, cooldown: 300, metricAggregationType: 'Average' },
  predictiveScalingPolicyConfiguration: {
    mode: 'ForecastOnly',
    schedulingBufferTime: 300,
    maxCapacityBreachBehavior: 'HonorMaxCapacity',
    maxCapacityBuffer: 0,
  },
} as const satisfies {
  targetTrackingScalingPolicyConfiguration: { [Name in keyof Required<TrackingSettings>]: unknown };
  stepScalingPolicyConfiguration: { [Name in keyof Required<StepSettings>]: unknown };
  predictiveScalingPolicyConfiguration: { [Name in keyof Required<PredictiveSettings>]: unknown };
};

/** A policy as a whole, from the spec or from what AWS shows. */
export function canonicalPolicy(value: unknown): Whole {
  return asRecord(policy(value, 'drop'));
}

/** A7: PutScheduledAction takes an action as a whole. */
const action = members<Omit<ActionWish, 'name'>>({
  schedule: leaf(),
  timezone: leaf('UTC'),
  startTime: leaf(undefined, instant),
  endTime: leaf(undefined, instant),
  scalableTargetAction: members<ActionWish['scalableTargetAction']>({ minCapacity: leaf(), maxCapacity: leaf() }),
});

export function canonicalAction(value: unknown): Whole {
  const whole = asRecord((action satisfies Form)(value, 'drop'));
  const { timezone: _, ...zoneless } = whole;
  return isInZone(String(whole['schedule'])) ? whole : zoneless;
}

/** SDK: `ScheduledAction.Timezone`: that of at and cron. A rate may still show the zone that it had as one of these. */
export function isInZone(schedule: string): boolean {
  return !schedule.startsWith('rate(');
}

function instant(value: unknown): unknown {
  const date = value instanceof Date ? value : new Date(String(value));
  return Number.isNaN(date.getTime()) ? value : date.toISOString();
}
