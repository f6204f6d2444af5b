import type { z } from 'zod';
import { flag, group, integer, keyedList, text } from '../../../api/field.ts';
import { ScalingPolicy } from './policy-schema.ts';

// "Quotas for Application Auto Scaling" (user guide): neither can be raised beyond by a single target.
const MAX_POLICIES = 50;
const MAX_ACTIONS = 200;

const ScheduledAction = group('One action.', {
  name: text('Name, by which it is known here; in AWS it is ecs-operator.<name>.', {
    min: 1,
    max: 200,
    pattern: /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
  }),
  schedule: text('When: at(2026-12-24T18:00:00), rate(1 day), or cron(0 20 * * ? *).', { min: 1, max: 1600 }),
  timezone: text('IANA time zone of at and cron. UTC where absent.', { min: 1, max: 1600 }).optional(),
  startTime: text('When the schedule begins, such as 2026-12-24T18:00:00Z.', { max: 35 }).optional(),
  endTime: text('When the schedule ends, such as 2026-12-24T18:00:00Z.', { max: 35 }).optional(),
  scalableTargetAction: group('The range from then on.', {
    minCapacity: integer('Fewest tasks.', { min: 0 }).optional(),
    maxCapacity: integer('Most tasks.', { min: 0 }).optional(),
  }),
});

/** RegisterScalableTarget, PutScalingPolicy and PutScheduledAction in one. */
export const Scaling = group('How Application Auto Scaling scales the service. Then desiredCount is not stated.', {
  minCapacity: integer('Fewest tasks, and how many the service is made with.', { min: 0 }),
  maxCapacity: integer('Most tasks.', { min: 0 }),
  suspendedState: group('What is suspended.', {
    dynamicScalingInSuspended: flag('Whether policies remove no tasks.').optional(),
    dynamicScalingOutSuspended: flag('Whether policies add no tasks.').optional(),
    scheduledScalingSuspended: flag('Whether scheduled actions do nothing.').optional(),
  }).optional(),
  policies: keyedList('What scales it.', 'name', ScalingPolicy, { max: MAX_POLICIES }).optional(),
  scheduledActions: keyedList(
    'What changes the range at set times. The range may then be any that is stated here.',
    'name',
    ScheduledAction,
    { max: MAX_ACTIONS },
  ).optional(),
});

export type Scaling = z.infer<typeof Scaling>;
export type PolicyWish = NonNullable<Scaling['policies']>[number];
export type ActionWish = NonNullable<Scaling['scheduledActions']>[number];
