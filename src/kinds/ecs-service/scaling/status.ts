import type { z } from 'zod';
import { flag, group, integer, list, text, timestamp } from '../../../api/field.ts';

export const ScalingStatus = group('How Application Auto Scaling scales the service, where it does.', {
  scalableTargetArn: text('ARN of the scalable target.').optional(),
  ownedElsewhere: flag('Whether the scalable target belongs to somebody else.').optional(),
  minCapacity: integer('Fewest tasks now.').optional(),
  maxCapacity: integer('Most tasks now.').optional(),
  suspended: list(
    'What is suspended: DynamicScalingIn, DynamicScalingOut, ScheduledScaling.',
    text('One of them.'),
  ).optional(),
  policies: list(
    'Scaling policies of the target, of any owner; read where the spec has scaling.',
    group('One policy.', {
      name: text('Name in AWS.'),
      arn: text('ARN; what an alarm for step scaling has as its action.'),
      policyType: text('Type of the policy.'),
      mode: text('Of a predictive policy: ForecastOnly, which scales nothing, or ForecastAndScale.').optional(),
      alarms: list(
        'Alarms that the autoscaler made for it.',
        group('One alarm.', { name: text('Name of the alarm.'), arn: text('ARN of the alarm.') }),
      ),
    }),
  ).optional(),
  scheduledActions: list(
    'Scheduled actions of the target, of any owner; read where the spec has scaling.',
    group('One action.', {
      name: text('Name in AWS.'),
      arn: text('ARN of the action.'),
      schedule: text('When it acts.'),
    }),
  ).optional(),
  activities: list(
    'The last scaling activities, newest first; read when they may say something new.',
    group('One activity.', {
      id: text('Id of the activity.'),
      startTime: timestamp('When it began.').optional(),
      status: text("AWS's word for how it is.").optional(),
      description: text('What it was to do.').optional(),
      cause: text('Why.').optional(),
      notScaled: list('Why it came to nothing.', text("AWS's code.")).optional(),
    }),
  ).optional(),
});

export type ScalingStatus = z.infer<typeof ScalingStatus>;
