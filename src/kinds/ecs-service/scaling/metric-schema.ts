import { COST_BOUNDS } from '../../../api/cost-bounds.ts';
import { flag, group, list, oneOf, text } from '../../../api/field.ts';

/** AWS's bound of a metric's dimensions (botocore, application-autoscaling, `TargetTrackingMetricDimensions`). */
const MAX_DIMENSIONS = 30;

const Dimensions = list(
  'Dimensions that it was published with.',
  group('One dimension.', { name: text('Name.'), value: text('Value.') }),
  { max: MAX_DIMENSIONS },
);

export const MetricQueries = list(
  'Metrics, and math on them; the one with returnData counts.',
  group('One metric, or one expression.', {
    id: text('Name by which expressions use it.', { min: 1, max: 255 }),
    expression: text('Math on others by their id. Either this or metricStat.', { max: 2048 }).optional(),
    metricStat: group('A metric of CloudWatch.', {
      metric: group('Which one.', {
        dimensions: Dimensions.optional(),
        metricName: text('Name of the metric.', { max: 255 }).optional(),
        namespace: text('Namespace of the metric.', { max: 255 }).optional(),
      }),
      stat: text('Statistic, such as Average or p90.', { max: 100 }),
      unit: text('Unit.', { max: 1023 }).optional(),
    }).optional(),
    label: text('Words for people.', { max: 2047 }).optional(),
    returnData: flag('Whether it is what counts. True where absent.').optional(),
  }),
  { max: COST_BOUNDS.metricQueries },
);

export const CustomizedMetric = group('A metric of your own: either by name, or as metrics with math.', {
  metricName: text('Name of the metric.', { max: 255 }).optional(),
  namespace: text('Namespace of the metric.', { max: 255 }).optional(),
  dimensions: Dimensions.optional(),
  statistic: oneOf('Statistic.', ['Average', 'Maximum', 'Minimum', 'SampleCount', 'Sum']).optional(),
  unit: text('Unit.', { max: 1023 }).optional(),
  metrics: MetricQueries.optional(),
});
