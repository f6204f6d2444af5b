import type { ScalingActivity } from '@aws-sdk/client-application-auto-scaling';
import { describe, expect, test } from 'vitest';
import { NOW, OWNER } from '../../../../test/support/ecs-service-builders.ts';
import { addressOf } from './names.ts';
import { scalingNotices } from './report.ts';

const AT = addressOf('service/shop/web');

function noticesOf(...activities: readonly Partial<ScalingActivity>[]) {
  const all = activities.map(
    (activity): ScalingActivity => ({
      ...AT,
      ActivityId: 'a1',
      Description: 'Setting desired count to 5.',
      Cause: 'monitor alarm high in state ALARM triggered policy cpu',
      StartTime: new Date(NOW),
      StatusCode: 'Successful',
      ...activity,
    }),
  );
  const target = { ...AT, MinCapacity: 1, MaxCapacity: 5, RoleARN: 'arn:role', CreationTime: new Date(0) };
  const state = { target, ownership: 'ours', owner: OWNER, policies: [], actions: [], activities: all } as const;
  return scalingNotices('uid', state, NOW);
}

describe('the Event of an activity', () => {
  test.for<{ activity: Partial<ScalingActivity>; type: string; reason: string; end: string }>([
    { activity: {}, type: 'Normal', reason: 'ScalingActivity', end: 'triggered policy cpu' },
    {
      activity: { StatusCode: 'InProgress', StatusMessage: 'Waiting.' },
      type: 'Normal',
      reason: 'ScalingActivity',
      end: 'policy cpu: Waiting.',
    },
    {
      activity: { StatusCode: 'Failed', StatusMessage: 'No such service.' },
      type: 'Warning',
      reason: 'ScalingActivity',
      end: 'policy cpu: No such service.',
    },
    {
      activity: { StatusCode: 'Unfulfilled', NotScaledReasons: [{ Code: 'AlreadyAtMaxCapacity', MaxCapacity: 5 }] },
      type: 'Normal',
      reason: 'NotScaled',
      end: 'policy cpu: AlreadyAtMaxCapacity',
    },
  ])('that is $activity.StatusCode is $type $reason', ({ activity, type, reason, end }) => {
    const [notice] = noticesOf(activity);

    expect(notice).toMatchObject({ type, reason, message: expect.stringMatching(`^Setting .*${end}$`) as string });
  });

  test('is told once for each status, so that an end that comes later is told as well', () => {
    const ids = ['InProgress', 'InProgress', 'Failed'].map((status) => {
      const [notice] = noticesOf({ StatusCode: status as 'Failed' });
      return notice?.id;
    });

    expect(new Set(ids).size).toBe(2);
  });

  test('that began over an hour ago is not told', () => {
    expect(noticesOf({ StartTime: new Date(NOW - 3_600_000) })).toEqual([]);
  });
});
