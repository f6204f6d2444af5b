import type {
  ScalingPolicy,
  StepScalingPolicyConfiguration,
  TargetTrackingScalingPolicyConfiguration,
} from '@aws-sdk/client-application-auto-scaling';
import { invalid } from './scaling-refusals.ts';

type Configuration = Pick<
  ScalingPolicy,
  | 'PolicyType'
  | 'StepScalingPolicyConfiguration'
  | 'TargetTrackingScalingPolicyConfiguration'
  | 'PredictiveScalingPolicyConfiguration'
>;

type Stated = { readonly [Name in keyof Configuration]?: Configuration[Name] };

const CONFIGURATIONS = {
  StepScaling: 'StepScalingPolicyConfiguration',
  TargetTrackingScaling: 'TargetTrackingScalingPolicyConfiguration',
  PredictiveScaling: 'PredictiveScalingPolicyConfiguration',
} as const;

/** SDK: `PutScalingPolicyRequest.PolicyType` and its configurations: one type, and the configuration of that type. */
export function checkPolicy(stated: Stated, known: ScalingPolicy | undefined): Configuration {
  const { PolicyType } = stated;
  if (PolicyType === undefined) throw invalid('A policy type is required to create a scaling policy.'); // wording unknown
  if (known !== undefined && known.PolicyType !== PolicyType) {
    throw invalid('You cannot change the type of a scaling policy.'); // wording unknown
  }
  const member = CONFIGURATIONS[PolicyType];
  const others = Object.values(CONFIGURATIONS).filter((name) => name !== member && stated[name] !== undefined);
  if (stated[member] === undefined || others.length > 0) {
    throw invalid(`A policy of the type ${PolicyType} has ${member}, and no other configuration.`); // wording unknown
  }
  checkTargetTracking(stated.TargetTrackingScalingPolicyConfiguration);
  checkStepScaling(stated.StepScalingPolicyConfiguration);
  return { PolicyType, [member]: stated[member] };
}

/** SDK: `TargetTrackingScalingPolicyConfiguration`. Cooldowns that are not stated are not shown. */
function checkTargetTracking(stated: TargetTrackingScalingPolicyConfiguration | undefined): void {
  if (stated === undefined) return;
  const { PredefinedMetricSpecification: predefined, CustomizedMetricSpecification: customized, TargetValue } = stated;
  if (TargetValue === undefined || Math.abs(TargetValue) > 2 ** 360) {
    throw invalid('The target value is out of range.'); // wording unknown
  }
  if ((predefined === undefined) === (customized === undefined)) {
    throw invalid('Either a predefined or a customized metric must be specified.'); // wording unknown
  }
  // SDK: `PredefinedMetricSpecification.ResourceLabel`.
  const needsLabel = predefined?.PredefinedMetricType === 'ALBRequestCountPerTarget';
  if (predefined !== undefined && needsLabel !== (predefined.ResourceLabel !== undefined)) {
    throw invalid(
      `A resource label is ${needsLabel ? 'required' : 'not supported'} for ${predefined.PredefinedMetricType}.`, // wording unknown
    );
  }
  if (
    predefined !== undefined &&
    !/^(?:ECSService|ALBRequestCountPerTarget)/.test(`${predefined.PredefinedMetricType}`)
  ) {
    throw invalid(`${predefined.PredefinedMetricType} is not a metric of ECS services.`); // wording unknown
  }
}

/** SDK: `StepScalingPolicyConfiguration` and `StepAdjustment`. */
function checkStepScaling(stated: StepScalingPolicyConfiguration | undefined): void {
  if (stated === undefined) return;
  const { AdjustmentType, StepAdjustments: steps = [] } = stated;
  if (AdjustmentType === undefined || steps.length === 0) {
    throw invalid('A step scaling policy has an adjustment type and at least one step adjustment.'); // wording unknown
  }
  // "Quotas for Application Auto Scaling" (user guide): step adjustments of a policy.
  if (steps.length > 20) throw invalid('A step scaling policy has at most 20 step adjustments.'); // wording unknown
  const sorted = steps.toSorted((a, b) => lowerOf(a) - lowerOf(b));
  for (const [at, step] of sorted.entries()) {
    const next = sorted[at + 1];
    if (lowerOf(step) >= upperOf(step)) throw invalid('The upper bound must be greater than the lower bound.'); // wording unknown
    if (next !== undefined && upperOf(step) !== lowerOf(next)) {
      throw invalid('Step adjustments may have neither gaps nor overlaps.'); // wording unknown
    }
  }
}

type Step = NonNullable<StepScalingPolicyConfiguration['StepAdjustments']>[number];

export function lowerOf({ MetricIntervalLowerBound }: Step): number {
  return MetricIntervalLowerBound ?? Number.NEGATIVE_INFINITY;
}

export function upperOf({ MetricIntervalUpperBound }: Step): number {
  return MetricIntervalUpperBound ?? Number.POSITIVE_INFINITY;
}
