import { COST_BOUNDS } from '../../../api/cost-bounds.ts';
import { decimal, flag, group, integer, list, oneOf, text } from '../../../api/field.ts';
import { CustomizedMetric, MetricQueries } from './metric-schema.ts';

const ResourceLabel = text(
  'Which target group, for ALBRequestCountPerTarget: the ends of both ARNs, app/<name>/<id>/targetgroup/<name>/<id>.',
  { max: 1023 },
);

const TargetTracking = group('Holds a metric at a value.', {
  targetValue: decimal('Value to hold; a percentage for CPU and memory, requests in a minute for requests.'),
  predefinedMetricSpecification: group('A metric that AWS knows. Either this or customizedMetricSpecification.', {
    predefinedMetricType: oneOf('Which one. HighResolution needs monitoring at 20 seconds.', [
      'ALBRequestCountPerTarget',
      'ECSServiceAverageCPUUtilization',
      'ECSServiceAverageCPUUtilizationHighResolution',
      'ECSServiceAverageMemoryUtilization',
      'ECSServiceAverageMemoryUtilizationHighResolution',
    ]),
    resourceLabel: ResourceLabel.optional(),
  }).optional(),
  customizedMetricSpecification: CustomizedMetric.optional(),
  scaleOutCooldown: integer('Seconds between two additions of tasks. 300 where absent.', { min: 0 }).optional(),
  scaleInCooldown: integer('Seconds between two removals of tasks. 300 where absent.', { min: 0 }).optional(),
  disableScaleIn: flag('Whether it only ever adds tasks.').optional(),
});

const StepScaling = group('Adds or removes tasks by how far an alarm of yours is off.', {
  adjustmentType: oneOf('What an adjustment is: a difference, the count itself, or percent of it.', [
    'ChangeInCapacity',
    'ExactCapacity',
    'PercentChangeInCapacity',
  ]).optional(),
  stepAdjustments: list(
    'Steps, without gaps or overlaps.',
    group('One step.', {
      metricIntervalLowerBound: decimal('From so far beyond the threshold. Without end where absent.').optional(),
      metricIntervalUpperBound: decimal('To so far beyond the threshold. Without end where absent.').optional(),
      scalingAdjustment: integer('Tasks, or percent, to add; negative to remove.'),
    }),
    { max: COST_BOUNDS.stepAdjustments },
  ).optional(),
  minAdjustmentMagnitude: integer('Fewest tasks to change by, for percent.', { min: 0 }).optional(),
  cooldown: integer('Seconds between two changes. 300 where absent.', { min: 0 }).optional(),
  metricAggregationType: oneOf('How data points are joined. Average where absent.', [
    'Average',
    'Maximum',
    'Minimum',
  ]).optional(),
});

function predefined(description: string) {
  return group(description, {
    predefinedMetricType: text('Name of the metric.', { max: 255 }),
    resourceLabel: ResourceLabel.optional(),
  });
}

function customized(description: string) {
  return group(description, { metricDataQueries: MetricQueries });
}

const PredictiveScaling = group('Scales ahead of load that comes back each day or week.', {
  metricSpecifications: list(
    'What to forecast by; AWS takes one.',
    group('One metric and its load.', {
      targetValue: decimal('Value that the scaling metric is to have.'),
      predefinedMetricPairSpecification: predefined('Scaling and load metric in one.').optional(),
      predefinedScalingMetricSpecification: predefined('Scaling metric that AWS knows.').optional(),
      predefinedLoadMetricSpecification: predefined('Load metric that AWS knows.').optional(),
      customizedScalingMetricSpecification: customized('Scaling metric of your own.').optional(),
      customizedLoadMetricSpecification: customized('Load metric of your own.').optional(),
      customizedCapacityMetricSpecification: customized('Capacity metric of your own.').optional(),
    }),
    { min: 1, max: 1 },
  ),
  mode: oneOf('ForecastOnly (default) only shows what it would do.', ['ForecastAndScale', 'ForecastOnly']).optional(),
  schedulingBufferTime: integer('Seconds that tasks start ahead. 300 where absent.', { min: 0, max: 3600 }).optional(),
  maxCapacityBreachBehavior: oneOf('Whether a forecast may go beyond maxCapacity.', [
    'HonorMaxCapacity',
    'IncreaseMaxCapacity',
  ]).optional(),
  maxCapacityBuffer: integer('Percent beyond the forecast, with IncreaseMaxCapacity.', {
    min: 0,
    max: 100,
  }).optional(),
});

export const ScalingPolicy = group('One policy.', {
  name: text('Name, by which it is known here; in AWS it is ecs-operator.<name>.', {
    min: 1,
    max: 200,
    pattern: /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
  }),
  policyType: oneOf('Which of the three configurations it has.', [
    'PredictiveScaling',
    'StepScaling',
    'TargetTrackingScaling',
  ]),
  targetTrackingScalingPolicyConfiguration: TargetTracking.optional(),
  stepScalingPolicyConfiguration: StepScaling.optional(),
  predictiveScalingPolicyConfiguration: PredictiveScaling.optional(),
});
