import type { Rule } from '../../../api/rule.ts';
import { rule, type Spec } from '../rules/rule.ts';
import { POLICY_RULES } from './policy-rules.ts';
import type { Scaling } from './schema.ts';

const AT = /^at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)$/;
const RATE = /^rate\([1-9]\d* (minute|hour|day)s?\)$/;
/** RFC 3339, as Kubernetes writes times. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/;
/** Six fields; what is in them is for AWS to say. */
const CRON = /^cron\(\S+ +\S+ +\S+ +\S+ +\S+ +\S+\)$/;

function scaled(part: Partial<Scaling>): Pick<Spec, 'scaling'> {
  return { scaling: { minCapacity: 1, maxCapacity: 4, ...part } };
}

function acting(part: Partial<NonNullable<Scaling['scheduledActions']>[number]>): Pick<Spec, 'scaling'> {
  const action = { name: 'night', schedule: 'cron(0 20 * * ? *)', scalableTargetAction: { minCapacity: 0 } };
  return scaled({ scheduledActions: [{ ...action, ...part }] });
}

export const SCALING_RULES: readonly Rule[] = [
  rule({
    id: 'count-has-one-owner',
    source: 'decided here: the autoscaler sets the count, so nobody else may',
    at: '',
    cel: '!has(self.scaling) || !has(self.desiredCount)',
    holds: ({ scaling, desiredCount }) => scaling === undefined || desiredCount === undefined,
    message:
      'desiredCount and scaling both own the count: take one out. A count that a HorizontalPodAutoscaler or kubectl scale has put stays until it is removed: delete the HorizontalPodAutoscaler, then kubectl patch with [{"op":"remove","path":"/spec/desiredCount"}] and --type=json',
    examples: { base: scaled({}), refused: { desiredCount: 2 }, accepted: {} },
  }),
  rule({
    id: 'scaling-is-not-for-daemons',
    source: 'AWS: a daemon has no desired count',
    at: '',
    cel: "!has(self.scaling) || self.?schedulingStrategy.orValue('REPLICA') != 'DAEMON'",
    holds: ({ scaling, schedulingStrategy }) => scaling === undefined || schedulingStrategy !== 'DAEMON',
    message: 'a daemon runs one task on each instance and cannot be scaled: take scaling out, or use REPLICA',
    examples: {
      base: scaled({}),
      refused: { schedulingStrategy: 'DAEMON' },
      accepted: { schedulingStrategy: 'REPLICA' },
    },
  }),
  rule({
    id: 'scaling-is-not-for-external-deployments',
    source: 'ECS developer guide, "External deployments": service auto scaling is not supported',
    at: '',
    cel: "!has(self.scaling) || self.?deploymentController.type.orValue('ECS') != 'EXTERNAL'",
    holds: ({ scaling, deploymentController }) => scaling === undefined || deploymentController?.type !== 'EXTERNAL',
    message: 'a service with the deployment controller EXTERNAL cannot be scaled: take scaling out',
    examples: {
      base: scaled({}),
      refused: { deploymentController: { type: 'EXTERNAL' } },
      accepted: { deploymentController: { type: 'CODE_DEPLOY' } },
    },
  }),
  rule({
    id: 'scaling-range-is-in-order',
    source: 'AWS: RegisterScalableTarget refuses a minimum over the maximum',
    at: 'scaling',
    cel: 'self.minCapacity <= self.maxCapacity',
    holds: ({ minCapacity, maxCapacity }) => minCapacity <= maxCapacity,
    message: 'minCapacity is over maxCapacity: lower it, or raise maxCapacity',
    examples: {
      refused: scaled({ minCapacity: 5, maxCapacity: 4 }),
      accepted: scaled({ minCapacity: 4, maxCapacity: 4 }),
    },
  }),
  rule({
    id: 'schedule-has-a-form',
    source: 'SDK: ScheduledAction.Schedule',
    at: 'scaling.scheduledActions[]',
    cel: [AT, RATE, CRON].map(({ source }) => `self.schedule.matches(r'${source}')`).join(' || '),
    holds: ({ schedule }) => [AT, RATE, CRON].some((form) => form.test(schedule)),
    message:
      'schedule has none of its three forms: write at(2026-12-24T18:00:00), rate(1 day), or cron with six fields, such as cron(0 20 * * ? *)',
    examples: {
      refused: acting({ schedule: 'cron(0 20 * * ?)' }),
      accepted: acting({ schedule: 'cron(0 20 * * ? *)' }),
    },
  }),
  rule({
    id: 'schedule-begins-and-ends-at-a-time',
    source: 'SDK: ScheduledAction.StartTime and EndTime are timestamps',
    at: 'scaling.scheduledActions[]',
    cel: ['startTime', 'endTime']
      .map((name) => `(!has(self.${name}) || self.${name}.matches(r'${INSTANT.source}'))`)
      .join(' && '),
    holds: ({ startTime, endTime }) => [startTime, endTime].every((at) => at === undefined || INSTANT.test(at)),
    message: 'startTime or endTime is no time: write one such as 2026-12-24T18:00:00Z',
    examples: {
      refused: acting({ startTime: '2026-12-24' }),
      accepted: acting({ startTime: '2026-12-24T18:00:00+01:00' }),
    },
  }),
  rule({
    id: 'schedule-ends-on-a-day-that-there-is',
    source: 'SDK: ScheduledAction.StartTime and EndTime are timestamps',
    at: 'scaling.scheduledActions[]',
    holds: ({ startTime, endTime }) =>
      [startTime, endTime].every((at) => at === undefined || !INSTANT.test(at) || !Number.isNaN(Date.parse(at))),
    message: 'startTime or endTime is no day of the calendar: write one such as 2026-12-24T18:00:00Z',
    examples: {
      refused: acting({ endTime: '2026-13-24T18:00:00Z' }),
      accepted: acting({ endTime: '2026-12-24T18:00:00Z' }),
    },
  }),
  rule({
    id: 'scheduled-action-sets-something',
    source: 'SDK: ScalableTargetAction',
    at: 'scaling.scheduledActions[].scalableTargetAction',
    cel: 'has(self.minCapacity) || has(self.maxCapacity)',
    holds: ({ minCapacity, maxCapacity }) => minCapacity !== undefined || maxCapacity !== undefined,
    message: 'a scheduled action must change something: set minCapacity, maxCapacity or both',
    examples: {
      refused: acting({ scalableTargetAction: {} }),
      accepted: acting({ scalableTargetAction: { maxCapacity: 2 } }),
    },
  }),
  rule({
    id: 'scheduled-range-is-in-order',
    source: 'AWS: PutScheduledAction refuses a minimum over the maximum',
    at: 'scaling.scheduledActions[].scalableTargetAction',
    cel: '!has(self.minCapacity) || !has(self.maxCapacity) || self.minCapacity <= self.maxCapacity',
    holds: ({ minCapacity = 0, maxCapacity = Number.POSITIVE_INFINITY }) => minCapacity <= maxCapacity,
    message: 'minCapacity is over maxCapacity: lower it, or raise maxCapacity',
    examples: {
      refused: acting({ scalableTargetAction: { minCapacity: 3, maxCapacity: 2 } }),
      accepted: acting({ scalableTargetAction: { minCapacity: 2, maxCapacity: 2 } }),
    },
  }),
  ...POLICY_RULES,
];
