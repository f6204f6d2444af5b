import type { Rule } from '../../../api/rule.ts';
import { atMostOneOf, exactlyOneOf } from '../../../api/verdicts.ts';
import { rule, type Spec } from '../rules/rule.ts';
import type { PolicyWish } from './schema.ts';

type TargetTracking = NonNullable<PolicyWish['targetTrackingScalingPolicyConfiguration']>;
type StepScaling = NonNullable<PolicyWish['stepScalingPolicyConfiguration']>;
type Predictive = NonNullable<PolicyWish['predictiveScalingPolicyConfiguration']>;

const TRACKING = 'scaling.policies[].targetTrackingScalingPolicyConfiguration';
const STEP = 'scaling.policies[].stepScalingPolicyConfiguration';
const PREDICTIVE = 'scaling.policies[].predictiveScalingPolicyConfiguration';

const CPU: TargetTracking = {
  targetValue: 60,
  predefinedMetricSpecification: { predefinedMetricType: 'ECSServiceAverageCPUUtilization' },
};
const STEPS: StepScaling = { adjustmentType: 'ChangeInCapacity', stepAdjustments: [{ scalingAdjustment: 1 }] };
const PAIR = {
  targetValue: 40,
  predefinedMetricPairSpecification: { predefinedMetricType: 'ECSServiceCPUUtilization' },
};
const STAT = { metric: { namespace: 'Shop', metricName: 'Backlog' }, stat: 'Average' };

/** SDK: `TargetTrackingScalingPolicyConfiguration.TargetValue`: from −2^360 to 2^360. */
const WIDEST = 2 ** 360;
const LABEL = 'app/web/0a1b2c3d4e5f6001/targetgroup/web/0a1b2c3d4e5f6002';

function policy(part: Omit<PolicyWish, 'name'>): Pick<Spec, 'scaling'> {
  return { scaling: { minCapacity: 1, maxCapacity: 4, policies: [{ name: 'one', ...part }] } };
}

function tracking(part: TargetTracking): Pick<Spec, 'scaling'> {
  return policy({ policyType: 'TargetTrackingScaling', targetTrackingScalingPolicyConfiguration: part });
}

function stepping(part: StepScaling): Pick<Spec, 'scaling'> {
  return policy({ policyType: 'StepScaling', stepScalingPolicyConfiguration: part });
}

function predicting(part: Partial<Predictive>): Pick<Spec, 'scaling'> {
  const predictiveScalingPolicyConfiguration = { metricSpecifications: [PAIR], ...part };
  return policy({ policyType: 'PredictiveScaling', predictiveScalingPolicyConfiguration });
}

function customized(customizedMetricSpecification: TargetTracking['customizedMetricSpecification']) {
  return tracking({ targetValue: 10, customizedMetricSpecification });
}

export const POLICY_RULES: readonly Rule[] = [
  rule({
    id: 'policy-has-the-configuration-of-its-type',
    source: 'SDK: PutScalingPolicyRequest.PolicyType',
    at: 'scaling.policies[]',
    cel: "has(self.targetTrackingScalingPolicyConfiguration) == (self.policyType == 'TargetTrackingScaling') && has(self.stepScalingPolicyConfiguration) == (self.policyType == 'StepScaling') && has(self.predictiveScalingPolicyConfiguration) == (self.policyType == 'PredictiveScaling')",
    holds: (one) =>
      (one.targetTrackingScalingPolicyConfiguration !== undefined) === (one.policyType === 'TargetTrackingScaling') &&
      (one.stepScalingPolicyConfiguration !== undefined) === (one.policyType === 'StepScaling') &&
      (one.predictiveScalingPolicyConfiguration !== undefined) === (one.policyType === 'PredictiveScaling'),
    message:
      'a policy has exactly the configuration of its policyType: set targetTrackingScalingPolicyConfiguration, stepScalingPolicyConfiguration or predictiveScalingPolicyConfiguration, and no other',
    examples: {
      refused: policy({ policyType: 'StepScaling', targetTrackingScalingPolicyConfiguration: CPU }),
      accepted: tracking(CPU),
    },
  }),
  rule({
    id: 'target-tracking-has-one-metric',
    source: 'SDK: TargetTrackingScalingPolicyConfiguration',
    at: TRACKING,
    ...exactlyOneOf('predefinedMetricSpecification', 'customizedMetricSpecification'),
    message:
      'a target tracking policy has one metric: set predefinedMetricSpecification or customizedMetricSpecification',
    examples: { refused: tracking({ targetValue: 60 }), accepted: tracking(CPU) },
  }),
  rule({
    id: 'target-value-is-in-range',
    source: 'SDK: TargetTrackingScalingPolicyConfiguration.TargetValue; a predefined metric is a percentage or a count',
    at: TRACKING,
    cel: `self.targetValue >= -${WIDEST.toExponential()} && self.targetValue <= ${WIDEST.toExponential()} && (!has(self.predefinedMetricSpecification) || self.targetValue > 0.0)`,
    holds: ({ targetValue, predefinedMetricSpecification }) =>
      Math.abs(targetValue) <= WIDEST && (predefinedMetricSpecification === undefined || targetValue > 0),
    message: 'targetValue is out of range: write more than 0 for a predefined metric, and at most 2^360',
    examples: { refused: tracking({ ...CPU, targetValue: 0 }), accepted: tracking({ ...CPU, targetValue: 0.5 }) },
  }),
  rule({
    id: 'requests-need-a-target-group',
    source: 'SDK: PredefinedMetricSpecification.ResourceLabel',
    at: `${TRACKING}.predefinedMetricSpecification`,
    cel: "has(self.resourceLabel) == (self.predefinedMetricType == 'ALBRequestCountPerTarget')",
    holds: ({ predefinedMetricType, resourceLabel }) =>
      (resourceLabel !== undefined) === (predefinedMetricType === 'ALBRequestCountPerTarget'),
    message:
      'ALBRequestCountPerTarget needs a resourceLabel, and no other metric has one: write the ends of both ARNs, app/<name>/<id>/targetgroup/<name>/<id>',
    examples: {
      refused: tracking({
        targetValue: 60,
        predefinedMetricSpecification: { predefinedMetricType: 'ALBRequestCountPerTarget' },
      }),
      accepted: tracking({
        targetValue: 60,
        predefinedMetricSpecification: { predefinedMetricType: 'ALBRequestCountPerTarget', resourceLabel: LABEL },
      }),
    },
  }),
  rule({
    id: 'own-metric-is-named-or-computed',
    source: 'SDK: CustomizedMetricSpecification',
    at: `${TRACKING}.customizedMetricSpecification`,
    cel: 'has(self.metrics) != (has(self.metricName) && has(self.namespace) && has(self.statistic))',
    holds: ({ metrics, metricName, namespace, statistic }) =>
      (metrics !== undefined) !== (metricName !== undefined && namespace !== undefined && statistic !== undefined),
    message: 'a metric of your own is named or computed: set metricName, namespace and statistic, or metrics',
    examples: {
      refused: customized({ metricName: 'Backlog' }),
      accepted: customized({ metricName: 'Backlog', namespace: 'Shop', statistic: 'Average' }),
    },
  }),
  rule({
    id: 'metric-query-is-one-thing',
    source: 'SDK: TargetTrackingMetricDataQuery',
    at: `${TRACKING}.customizedMetricSpecification.metrics[]`,
    ...exactlyOneOf('expression', 'metricStat'),
    message: 'an item of metrics is a metric or math on others: set metricStat or expression',
    examples: {
      refused: customized({ metrics: [{ id: 'm1', metricStat: STAT, expression: 'm1 / 2' }] }),
      accepted: customized({ metrics: [{ id: 'm1', metricStat: STAT }] }),
    },
  }),
  rule({
    id: 'step-scaling-has-steps',
    source: 'SDK: StepScalingPolicyConfiguration',
    at: STEP,
    cel: 'has(self.adjustmentType) && has(self.stepAdjustments) && self.stepAdjustments.size() > 0',
    holds: ({ adjustmentType, stepAdjustments = [] }) => adjustmentType !== undefined && stepAdjustments.length > 0,
    message: 'a step scaling policy needs steps: set adjustmentType and stepAdjustments',
    examples: { refused: stepping({ adjustmentType: 'ChangeInCapacity' }), accepted: stepping(STEPS) },
  }),
  rule({
    id: 'step-goes-up',
    source: 'SDK: StepAdjustment.MetricIntervalUpperBound',
    at: `${STEP}.stepAdjustments[]`,
    cel: '!has(self.metricIntervalLowerBound) || !has(self.metricIntervalUpperBound) || self.metricIntervalLowerBound < self.metricIntervalUpperBound',
    holds: ({
      metricIntervalLowerBound = Number.NEGATIVE_INFINITY,
      metricIntervalUpperBound = Number.POSITIVE_INFINITY,
    }) => metricIntervalLowerBound < metricIntervalUpperBound,
    message: 'the upper bound of a step is over its lower one: raise metricIntervalUpperBound',
    examples: {
      refused: stepping({
        ...STEPS,
        stepAdjustments: [{ metricIntervalLowerBound: 5, metricIntervalUpperBound: 5, scalingAdjustment: 1 }],
      }),
      accepted: stepping({
        ...STEPS,
        stepAdjustments: [{ metricIntervalLowerBound: 5, metricIntervalUpperBound: 6, scalingAdjustment: 1 }],
      }),
    },
  }),
  rule({
    id: 'exact-count-is-not-negative',
    source: 'SDK: StepAdjustment.ScalingAdjustment',
    at: STEP,
    cel: "self.?adjustmentType.orValue('') != 'ExactCapacity' || !has(self.stepAdjustments) || self.stepAdjustments.all(s, s.scalingAdjustment >= 0)",
    holds: ({ adjustmentType, stepAdjustments = [] }) =>
      adjustmentType !== 'ExactCapacity' || stepAdjustments.every(({ scalingAdjustment }) => scalingAdjustment >= 0),
    message: 'with ExactCapacity a step is the count itself: write 0 or more as scalingAdjustment',
    examples: {
      refused: stepping({ adjustmentType: 'ExactCapacity', stepAdjustments: [{ scalingAdjustment: -1 }] }),
      accepted: stepping({ adjustmentType: 'ExactCapacity', stepAdjustments: [{ scalingAdjustment: 0 }] }),
    },
  }),
  rule({
    id: 'forecast-has-one-pair',
    source: 'SDK: PredictiveScalingMetricSpecification',
    at: `${PREDICTIVE}.metricSpecifications[]`,
    ...atMostOneOf(
      'predefinedMetricPairSpecification',
      'predefinedScalingMetricSpecification',
      'customizedScalingMetricSpecification',
    ),
    message:
      'a forecast has one scaling metric: set predefinedMetricPairSpecification, or one scaling and one load metric',
    examples: {
      refused: predicting({
        metricSpecifications: [{ ...PAIR, predefinedScalingMetricSpecification: { predefinedMetricType: 'X' } }],
      }),
      accepted: predicting({}),
    },
  }),
  rule({
    id: 'forecast-buffer-is-for-a-larger-range',
    source: 'SDK: PredictiveScalingPolicyConfiguration.MaxCapacityBuffer',
    at: PREDICTIVE,
    cel: "has(self.maxCapacityBuffer) == (self.?maxCapacityBreachBehavior.orValue('HonorMaxCapacity') == 'IncreaseMaxCapacity')",
    holds: ({ maxCapacityBuffer, maxCapacityBreachBehavior }) =>
      (maxCapacityBuffer !== undefined) === (maxCapacityBreachBehavior === 'IncreaseMaxCapacity'),
    message: 'maxCapacityBuffer belongs to IncreaseMaxCapacity: set both, or neither',
    examples: {
      refused: predicting({ maxCapacityBuffer: 10 }),
      accepted: predicting({ maxCapacityBuffer: 10, maxCapacityBreachBehavior: 'IncreaseMaxCapacity' }),
    },
  }),
];
