import type { ScalingActivity, ScalingPolicy, ScheduledAction } from '@aws-sdk/client-application-auto-scaling';
import type { Notice } from '../../../core/managed-kind.ts';
import { SETTINGS } from './canonical.ts';
import type { ScalingState } from './model.ts';
import { OLDEST_NEWS_MS } from './news.ts';
import type { ScalingStatus } from './status.ts';

type Activities = NonNullable<ScalingStatus['activities']>;
type Policies = NonNullable<ScalingStatus['policies']>;
type Action = NonNullable<ScalingStatus['scheduledActions']>[number];

/** What is told of scaling; activities that were not read again stay as they were. */
export function scalingStatus(
  { target, ownership, policies, actions, activities }: ScalingState,
  before: ScalingStatus | undefined,
): ScalingStatus {
  const told = activities === undefined ? before?.activities : activities.map(activityOf);
  return {
    ...(target.ScalableTargetARN !== undefined && { scalableTargetArn: target.ScalableTargetARN }),
    ...(ownership !== 'ours' && { ownedElsewhere: true }),
    ...(target.MinCapacity !== undefined && { minCapacity: target.MinCapacity }),
    ...(target.MaxCapacity !== undefined && { maxCapacity: target.MaxCapacity }),
    suspended: Object.entries(target.SuspendedState ?? {})
      .filter(([, isSuspended]) => isSuspended === true)
      .map(([name]) => name.replace(/Suspended$/, ''))
      .toSorted(),
    ...(policies && { policies: policies.map(policyOf).toSorted(byName) }),
    ...(actions && { scheduledActions: actions.map(actionOf).toSorted(byName) }),
    ...(told !== undefined && { activities: told }),
  };
}

function actionOf({ ScheduledActionName = '', ScheduledActionARN = '', Schedule = '' }: ScheduledAction): Action {
  return { name: ScheduledActionName, arn: ScheduledActionARN, schedule: Schedule };
}

function policyOf(policy: ScalingPolicy): Policies[number] {
  const { PolicyName = '', PolicyARN = '', PolicyType = '', Alarms = [] } = policy;
  const { PredictiveScalingPolicyConfiguration: forecast } = policy;
  return {
    name: PolicyName,
    arn: PolicyARN,
    policyType: PolicyType,
    ...(forecast && { mode: forecast.Mode ?? SETTINGS.predictiveScalingPolicyConfiguration.mode }),
    alarms: Alarms.map(({ AlarmName = '', AlarmARN = '' }) => ({ name: AlarmName, arn: AlarmARN })).toSorted(byName),
  };
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}

function activityOf(activity: ScalingActivity): Activities[number] {
  const { ActivityId = '', StartTime, StatusCode, Description, Cause, NotScaledReasons } = activity;
  return {
    id: ActivityId,
    ...(StartTime && { startTime: StartTime.toISOString() }),
    ...(StatusCode && { status: StatusCode }),
    ...(Description && { description: Description }),
    ...(Cause && { cause: Cause }),
    ...(NotScaledReasons && { notScaled: NotScaledReasons.flatMap(({ Code }) => Code ?? []) }),
  };
}

/** What the autoscaler did, and what it did not and why; older than an hour is no news. */
export function scalingNotices(uid: string, state: ScalingState | undefined, now: number): readonly Notice[] {
  return (state?.activities ?? [])
    .filter(({ StartTime }) => StartTime !== undefined && now - StartTime.getTime() < OLDEST_NEWS_MS)
    .toReversed()
    .map((activity) => noticeOf(uid, activity));
}

/** Told anew when its status changes: one that was under way may come to nothing yet. */
function noticeOf(uid: string, activity: ScalingActivity): Notice {
  const { ActivityId, Description, Cause, StatusCode, StatusMessage, NotScaledReasons = [] } = activity;
  const codes = NotScaledReasons.map(({ Code }) => Code).join(', ');
  const why = Cause === undefined ? '' : ` because ${Cause}`;
  const how = StatusCode === 'Successful' ? '' : `: ${StatusMessage ?? StatusCode}`;
  return {
    id: `${uid}/activity-${ActivityId}-${StatusCode}`,
    type: StatusCode === 'Failed' ? 'Warning' : 'Normal',
    reason: codes === '' ? 'ScalingActivity' : 'NotScaled',
    message: `${Description?.replace(/\.$/, '')}${why}${codes === '' ? how : `: ${codes}`}`,
  };
}
