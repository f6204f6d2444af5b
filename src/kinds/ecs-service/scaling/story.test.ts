import { beforeEach, describe, expect, test } from 'vitest';
import { CPU, WEB } from '../../../../test/simulator/scaling/scaled-shop.ts';
import { soundAlarm } from '../../../../test/simulator/scaling/step-scaling.ts';
import { putLoad } from '../../../../test/simulator/scaling/target-tracking.ts';
import { OWNER } from '../../../../test/support/ecs-service-builders.ts';
import { beginStory, type ServiceStory } from '../../../../test/support/service-story.ts';
import { ownerTags } from '../../../api/ownership.ts';
import { describeOwner } from '../../../core/plan.ts';
import type { EcsServiceSpec } from '../schema.ts';
import type { PolicyWish, Scaling } from './schema.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const BASE: Partial<EcsServiceSpec> = {
  taskDefinition: 'web:1',
  launchType: 'FARGATE',
  networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0a1'] } },
};

function tracking(name: string, targetValue = 50): PolicyWish {
  return {
    name,
    policyType: 'TargetTrackingScaling',
    targetTrackingScalingPolicyConfiguration: {
      targetValue,
      predefinedMetricSpecification: { predefinedMetricType: 'ECSServiceAverageCPUUtilization' },
    },
  };
}

function forecast(mode?: 'ForecastOnly' | 'ForecastAndScale'): PolicyWish {
  return {
    name: 'forecast',
    policyType: 'PredictiveScaling',
    predictiveScalingPolicyConfiguration: {
      ...(mode && { mode }),
      metricSpecifications: [
        {
          targetValue: 50,
          predefinedMetricPairSpecification: { predefinedMetricType: 'ECSServiceCPUUtilization' },
        },
      ],
    },
  };
}

function alarm(side: string): object {
  return {
    name: expect.stringContaining(side) as string,
    arn: expect.stringMatching(`^arn:aws:cloudwatch:.*:alarm:.*${side}`) as string,
  };
}

const SCALING: Scaling = { minCapacity: 2, maxCapacity: 10, policies: [tracking('cpu')] };
const OURS = Object.fromEntries(ownerTags(OWNER).map(({ key, value }) => [key, value]));

let story: ServiceStory;

async function scaled(scaling: Scaling = SCALING): Promise<void> {
  story = await beginStory({ ...BASE, scaling });
  await story.lookUntil('in-sync');
  story.writes();
}

function target() {
  return story.simulator.world.scaling.targets.get(WEB.ResourceId);
}

function policyNames(): readonly string[] {
  return [...(target()?.policies.keys() ?? [])];
}

function count(): number | undefined {
  return [...story.simulator.world.services.values()][0]?.service.desiredCount;
}

/** A load that takes so many tasks at the target value. */
function loadFor(tasks: number): void {
  putLoad(story.simulator.world, WEB.ResourceId, () => tasks * CPU.TargetValue);
}

describe('a service that states how it scales', () => {
  test('is made with the least of the range, and registered with its policies once it is there', async () => {
    story = await beginStory({ ...BASE, scaling: SCALING });

    await story.lookUntil('in-sync');

    expect(story.writes()).toEqual(['CreateService', 'RegisterScalableTarget', 'PutScalingPolicy']);
    expect(count()).toBe(2);
    expect(target()?.tags).toEqual(OURS);
    expect(policyNames()).toEqual(['ecs-operator.cpu']);
  });

  test('goes up and down with its load, and the operator writes nothing', async () => {
    await scaled();

    const counts: (number | undefined)[] = [];
    for (const tasks of [9, 9, 9, 2, 2, 2, 2]) {
      loadFor(tasks);
      await story.pass(10 * MINUTE_MS);
      expect((await story.look()).verdict).toBe('in-sync');
      counts.push(count());
    }

    expect(Math.max(...counts.map(Number))).toBe(9);
    expect(counts.at(-1)).toBe(2);
    expect(story.writes()).toEqual([]);
  });

  test('tells the activities once the count has moved, and keeps them', async () => {
    await scaled();
    loadFor(5);
    await story.pass(4 * MINUTE_MS);

    await story.look();
    const told = story.status().scaling?.activities;
    story.simulator.forgetCalls();
    await story.look();

    expect(told?.[0]).toMatchObject({
      description: 'Setting desired count to 5.',
      status: 'Successful',
      cause: expect.stringContaining('triggered policy ecs-operator.cpu') as string,
    });
    expect(story.status().scaling?.activities).toEqual(told);
    expect(story.simulator.calls.map(({ action }) => action)).toEqual([
      'DescribeServices',
      'DescribeScalableTargets',
      'DescribeScalingPolicies',
      'DescribeScheduledActions',
    ]);
  });

  test('shows the ARNs of its policies and the alarms that were made, so that others can point at them', async () => {
    await scaled({ ...SCALING, policies: [tracking('cpu'), STEPS] });

    expect(story.status().scaling?.policies).toMatchObject([
      { name: 'ecs-operator.cpu', alarms: [alarm('AlarmHigh'), alarm('AlarmLow')] },
      { name: 'ecs-operator.steps', arn: expect.stringMatching(/^arn:aws:autoscaling:/) as string, alarms: [] },
    ]);
  });

  test.for([
    { mode: undefined, told: 'ForecastOnly' },
    { mode: 'ForecastOnly', told: 'ForecastOnly' },
    { mode: 'ForecastAndScale', told: 'ForecastAndScale' },
  ] as const)('tells of a predictive policy with the mode $mode that it is $told', async ({ mode, told }) => {
    await scaled({ ...SCALING, policies: [tracking('cpu'), forecast(mode)] });

    const modes = story.status().scaling?.policies?.map(({ name, mode: is }) => [name, is]);
    expect(modes).toEqual([
      ['ecs-operator.cpu', undefined],
      ['ecs-operator.forecast', told],
    ]);
  });

  test('takes a step when somebody’s alarm sounds', async () => {
    await scaled({ ...SCALING, policies: [STEPS] });
    const policyArn = story.status().scaling?.policies?.[0]?.arn ?? '';

    soundAlarm(story.simulator.world, { name: 'theirs', policyArn, breach: 5 });
    await story.pass(MINUTE_MS);

    expect((await story.look()).verdict).toBe('in-sync');
    expect(count()).toBe(5);
    expect(story.writes()).toEqual([]);
  });

  test('tells how an activity ends that was under way when the count moved', async () => {
    await scaled();
    loadFor(5);
    await story.pass(3 * MINUTE_MS + 1_000);
    await story.look();
    const next = [await story.look()];
    const under = story.status().scaling?.activities?.map(({ status }) => status);

    await story.pass(5 * MINUTE_MS);
    next.push(await story.look());
    story.simulator.forgetCalls();
    await story.pass(5 * MINUTE_MS);
    await story.look();

    expect(under).toEqual(['InProgress']);
    expect(next).toEqual([{ verdict: 'in-sync', lookAfterMs: 30_000 }, { verdict: 'in-sync' }]);
    expect(story.status().scaling?.activities).toMatchObject([{ status: 'Successful' }]);
    const activities = story.notices().filter(({ reason }) => reason === 'ScalingActivity');
    expect(activities.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^Setting desired count to 5 because .*Waiting/) as string,
      expect.stringMatching(/^Setting desired count to 5 because .*triggered policy ecs-operator\.cpu$/) as string,
    ]);
    expect(story.simulator.calls.map(({ action }) => action)).not.toContain('DescribeScalingActivities');
  });

  test('says when an alarm came to nothing though the count is where it was, in status and as an Event', async () => {
    await scaled({ ...SCALING, maxCapacity: 4, policies: [STEPS] });
    const policyArn = story.status().scaling?.policies?.[0]?.arn ?? '';
    soundAlarm(story.simulator.world, { name: 'theirs', policyArn, breach: 5 });
    await story.pass(10 * MINUTE_MS);
    await story.look();
    story.notices();

    soundAlarm(story.simulator.world, { name: 'theirs', policyArn, breach: 5 });
    await story.pass(10 * MINUTE_MS);
    await story.look();

    expect(story.status().scaling?.activities?.[0]).toMatchObject({ notScaled: ['AlreadyAtMaxCapacity'] });
    expect(story.notices().filter(({ reason }) => reason === 'NotScaled')).toMatchObject([
      { type: 'Normal', message: expect.stringMatching(/alarm theirs .*: AlreadyAtMaxCapacity$/) as string },
    ]);
  });
});

const STEPS: PolicyWish = {
  name: 'steps',
  policyType: 'StepScaling',
  stepScalingPolicyConfiguration: {
    adjustmentType: 'ChangeInCapacity',
    stepAdjustments: [{ metricIntervalLowerBound: 0, scalingAdjustment: 3 }],
  },
};

const STEPS_IN_AWS = {
  PolicyType: 'StepScaling',
  StepScalingPolicyConfiguration: { AdjustmentType: 'ExactCapacity', StepAdjustments: [{ ScalingAdjustment: 3 }] },
} as const;

describe('a change of scaling', () => {
  beforeEach(() => scaled());

  test.for<{ name: string; change: Partial<Scaling>; writes: readonly string[] }>([
    { name: 'the range', change: { maxCapacity: 12 }, writes: ['RegisterScalableTarget'] },
    { name: 'a value', change: { policies: [tracking('cpu', 70)] }, writes: ['PutScalingPolicy'] },
    {
      name: 'the name of a policy, the new one before the old one goes',
      change: { policies: [tracking('load')] },
      writes: ['PutScalingPolicy', 'DeleteScalingPolicy'],
    },
    { name: 'one policy less', change: { policies: [] }, writes: ['DeleteScalingPolicy'] },
    { name: 'the list of policies taken out', change: { policies: undefined }, writes: ['DeleteScalingPolicy'] },
    {
      name: 'the type of a policy, which is made anew',
      change: { policies: [{ ...STEPS, name: 'cpu' }] },
      writes: ['DeleteScalingPolicy', 'PutScalingPolicy'],
    },
  ])('is written and nothing else: $name', async ({ change, writes }) => {
    story.wish({ scaling: { ...SCALING, ...change } });

    await story.lookUntil('in-sync');

    expect(story.writes()).toEqual(writes);
    story.forget();
    await story.look();
    expect(story.writes()).toEqual([]);
  });

  test('of the type is put once the old one was seen to be gone, as a look that is behind would take away the new one', async () => {
    story.wish({ scaling: { ...SCALING, policies: [{ ...STEPS, name: 'cpu' }] } });

    await story.look();
    const [first, between] = [story.writes(), policyNames()];
    await story.look();

    expect([first, between]).toEqual([['DeleteScalingPolicy'], []]);
    expect([story.writes(), policyNames()]).toEqual([['PutScalingPolicy'], ['ecs-operator.cpu']]);
  });

  test('suspends, and resumes when it is taken out again', async () => {
    story.wish({ scaling: { ...SCALING, suspendedState: { dynamicScalingInSuspended: true } } });
    await story.lookUntil('in-sync');
    expect(story.status().scaling?.suspended).toEqual(['DynamicScalingIn']);

    story.wish({ scaling: SCALING });
    await story.lookUntil('in-sync');

    expect(story.status().scaling?.suspended).toEqual([]);
    expect(story.writes()).toEqual(['RegisterScalableTarget', 'RegisterScalableTarget']);
  });

  test('leaves alone what somebody suspended by hand and nobody stated', async () => {
    await story.simulator.call('RegisterScalableTarget', {
      ...WEB,
      SuspendedState: { DynamicScalingOutSuspended: true },
    });
    story.writes();

    await story.look();

    expect(story.writes()).toEqual([]);
  });

  test('sets a cooldown back that is stated no more, once', async () => {
    const policy = tracking('cpu');
    const slow = { ...policy.targetTrackingScalingPolicyConfiguration, targetValue: 50, scaleInCooldown: 900 };
    story.wish({ scaling: { ...SCALING, policies: [{ ...policy, targetTrackingScalingPolicyConfiguration: slow }] } });
    await story.lookUntil('in-sync');

    story.wish({ scaling: SCALING });
    await story.lookUntil('in-sync');
    await story.look();

    expect(story.writes()).toEqual(['PutScalingPolicy', 'PutScalingPolicy']);
    const live = target()?.policies.get('ecs-operator.cpu')?.policy.TargetTrackingScalingPolicyConfiguration;
    expect(live?.ScaleInCooldown).toBe(300);
  });

  test('corrects what somebody else changed of ours', async () => {
    await story.simulator.call('DeleteScalingPolicy', { ...WEB, PolicyName: 'ecs-operator.cpu' });
    await story.simulator.call('RegisterScalableTarget', { ...WEB, MaxCapacity: 3 });
    story.writes();

    await story.lookUntil('in-sync');

    expect(story.writes()).toEqual(['RegisterScalableTarget', 'PutScalingPolicy']);
  });
});

describe('scheduled actions', () => {
  const HOURS: Scaling = {
    ...SCALING,
    scheduledActions: [
      { name: 'day', schedule: 'cron(0 8 * * ? *)', scalableTargetAction: { minCapacity: 4 } },
      { name: 'night', schedule: 'cron(0 20 * * ? *)', scalableTargetAction: { minCapacity: 0, maxCapacity: 3 } },
    ],
  };

  test('change the range, and the operator does not fight them', async () => {
    await scaled(HOURS);

    await story.pass(9 * HOUR_MS);
    const day = (await story.lookUntil('in-sync'), story.status().scaling);
    await story.pass(12 * HOUR_MS);
    const night = (await story.lookUntil('in-sync'), story.status().scaling);

    expect(day).toMatchObject({ minCapacity: 4, maxCapacity: 10 });
    expect(night).toMatchObject({ minCapacity: 0, maxCapacity: 3 });
    expect(story.writes()).toEqual([]);
  });

  test('keep the range that they have set when something else of the target is changed', async () => {
    await scaled(HOURS);
    await story.pass(21 * HOUR_MS);
    story.wish({ scaling: { ...HOURS, suspendedState: { dynamicScalingOutSuspended: true } } });

    await story.lookUntil('in-sync');

    expect(story.writes()).toEqual(['RegisterScalableTarget']);
    expect(target()?.target).toMatchObject({ MinCapacity: 0, MaxCapacity: 3 });
  });

  test('give way to a range that is stated anew, once, and set theirs again at their next hour', async () => {
    await scaled(HOURS);
    await story.pass(21 * HOUR_MS);
    story.wish({ scaling: { ...HOURS, minCapacity: 1 } });

    await story.lookUntil('in-sync');
    const anew = target()?.target.MinCapacity;
    await story.pass(24 * HOUR_MS);
    await story.lookUntil('in-sync');

    expect(anew).toBe(1);
    expect(story.writes()).toEqual(['RegisterScalableTarget']);
    expect(target()?.target).toMatchObject({ MinCapacity: 0, MaxCapacity: 3 });
  });

  test('are not fought after such a change, as what was stated before is forgotten with the write', async () => {
    await scaled(HOURS);
    story.wish({ scaling: { ...HOURS, minCapacity: 3 } });

    expect((await story.look()).verdict).toBe('change');

    const range = story.status().lastApplied?.fields?.filter((field) => /^scaling\.m..Capacity=/.test(field));
    expect(range).toEqual(['scaling.maxCapacity=10', 'scaling.minCapacity=3']);
  });

  test('that are taken out let the stated range come back', async () => {
    await scaled(HOURS);
    await story.pass(21 * HOUR_MS);
    story.wish({ scaling: SCALING });

    await story.lookUntil('in-sync');
    await story.look();

    expect(target()?.target).toMatchObject({ MinCapacity: 2, MaxCapacity: 10 });
    expect(target()?.actions.size).toBe(0);
  });
});

/** A service with two tasks whose target somebody else has registered, and what is wished then. */
async function withTarget(spec: Partial<EcsServiceSpec>, tags: Readonly<Record<string, string>> = {}): Promise<void> {
  story = await beginStory({ ...BASE, desiredCount: 2 });
  await story.lookUntil('in-sync');
  await story.simulator.call('RegisterScalableTarget', { ...WEB, MinCapacity: 1, MaxCapacity: 5, Tags: tags });
  story.wish(spec);
  story.writes();
}

describe('a scalable target of somebody else', () => {
  const OTHER = { ...OWNER, name: 'other' };
  const THEIRS = { ...OURS, 'ecs-operator.dev/name': 'other' };

  test('that another object has tagged is told by that object’s name', async () => {
    await withTarget({}, THEIRS);

    expect(await story.lookUntil('in-sync')).toMatchObject({
      message: expect.stringContaining(`belongs to ${describeOwner(OTHER)} and scales the service`) as string,
    });
  });

  test('owns the count, which is not enforced any more, and the object says so', async () => {
    await withTarget({});
    await story.simulator.call('UpdateService', { cluster: 'shop', service: 'web', desiredCount: 4 });
    await story.pass(MINUTE_MS);
    story.writes();

    const verdict = await story.lookUntil('in-sync');

    const message = expect.stringMatching(/has no owner’s tags .*desiredCount is not enforced/) as string;
    expect(verdict).toMatchObject({ message });
    const told = story.notices().filter(({ reason }) => reason === 'ScalingOwnedElsewhere');
    expect(told).toMatchObject([{ type: 'Normal', message }]);
    expect(story.status().scaling).toMatchObject({ ownedElsewhere: true });
    expect(story.writes()).toEqual([]);
  });

  test('shows no list of what hangs on it, as that is not read: an empty one would say that there is nothing', async () => {
    await withTarget({});
    await story.simulator.call('PutScalingPolicy', { ...WEB, PolicyName: 'console', ...STEPS_IN_AWS });

    await story.lookUntil('in-sync');

    expect(story.status().scaling).toMatchObject({ ownedElsewhere: true, minCapacity: 1, maxCapacity: 5 });
    expect(story.status().scaling).not.toHaveProperty('policies');
    expect(story.status().scaling).not.toHaveProperty('scheduledActions');
  });

  test.for([
    { whose: 'nobody', tags: {}, adoptionPolicy: undefined, words: 'has no owner’s tags' },
    { whose: 'another object', tags: THEIRS, adoptionPolicy: 'Adopt', words: `belongs to ${describeOwner(OTHER)}` },
  ] as const)('of $whose stands against a block, and is left alone', async ({ tags, adoptionPolicy, words }) => {
    await withTarget({ desiredCount: undefined, scaling: SCALING, adoptionPolicy }, tags);

    expect(await story.lookUntil('refuse')).toMatchObject({
      reason: 'ScalingOwnedElsewhere',
      message: expect.stringContaining(words) as string,
    });
    expect(story.writes()).toEqual([]);
    expect(target()?.target).toMatchObject({ MinCapacity: 1, MaxCapacity: 5 });
  });

  test('is taken over where that is allowed, with policies of others left on it', async () => {
    await withTarget({ desiredCount: undefined, scaling: SCALING, adoptionPolicy: 'Adopt' });
    await story.simulator.call('PutScalingPolicy', {
      ...WEB,
      PolicyName: 'console',
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingScalingPolicyConfiguration: CPU,
    });
    story.writes();

    const verdict = await story.lookUntil('in-sync');

    expect(story.writes()).toEqual([
      'application-autoscaling:TagResource',
      'RegisterScalableTarget',
      'PutScalingPolicy',
    ]);
    expect(verdict).toMatchObject({ message: expect.stringContaining('console') as string });
    expect(policyNames()).toEqual(['console', 'ecs-operator.cpu']);
  });

  test('outlives our service, as it is not ours', async () => {
    await withTarget({});

    await story.lookUntilGone();

    expect(story.writes()).not.toContain('DeregisterScalableTarget');
    expect(target()).toBeDefined();
  });
});

describe('the end of scaling', () => {
  beforeEach(() => scaled());

  test('leaves the count where it is when the block is taken out', async () => {
    loadFor(5);
    await story.pass(4 * MINUTE_MS);
    story.wish({ scaling: undefined });

    await story.lookUntil('in-sync');

    expect(story.writes()).toEqual(['DeregisterScalableTarget']);
    expect([target(), count()]).toEqual([undefined, 5]);
    expect(story.status().scaling).toBeUndefined();
  });

  test.for([
    { what: 'policy', put: 'PutScalingPolicy', input: { PolicyName: 'console', ...STEPS_IN_AWS } },
    {
      what: 'schedule',
      put: 'PutScheduledAction',
      input: {
        ScheduledActionName: 'console',
        Schedule: 'at(2099-01-01T00:00:00)',
        ScalableTargetAction: { MinCapacity: 3 },
      },
    },
  ] as const)('leaves the target to a $what of others, which would go with it, and says so', async ({ put, input }) => {
    await story.simulator.call(put, { ...WEB, ...input });
    story.wish({ scaling: undefined });
    story.writes();

    const verdict = await story.lookUntil('in-sync');

    expect(story.writes()).toEqual(['DeleteScalingPolicy', 'application-autoscaling:UntagResource']);
    expect([...policyNames(), ...(target()?.actions.keys() ?? [])]).toEqual(['console']);
    expect(target()?.tags).toEqual({});
    expect(verdict).toMatchObject({ message: expect.stringContaining('has no owner’s tags') as string });
    expect(story.notices().filter(({ reason }) => reason === 'ScalingOwnedElsewhere')).toMatchObject([
      { message: expect.stringMatching(/is left without what was ours.*: console$/) as string },
      { message: expect.stringContaining('desiredCount is not enforced') as string },
    ]);
  });

  test('hands the count to whoever states one then', async () => {
    story.wish({ scaling: undefined, desiredCount: 3 });

    await story.lookUntil('in-sync');

    expect(story.writes()).toEqual(['DeregisterScalableTarget', 'UpdateService']);
    expect(count()).toBe(3);
  });

  test('comes first when the service is deleted', async () => {
    await story.lookUntilGone();

    expect(story.writes()).toEqual(['DeregisterScalableTarget', 'UpdateService', 'DeleteService']);
    expect(target()).toBeUndefined();
  });

  test('comes also where somebody else deleted the service', async () => {
    await story.simulator.call('DeleteService', { cluster: 'shop', service: 'web', force: true });
    await story.pass(2 * HOUR_MS);
    story.writes();

    await story.lookUntilGone();

    expect(story.writes()).toEqual(['DeregisterScalableTarget']);
    expect(target()).toBeUndefined();
  });

  test('takes only our tags off where the service is retained', async () => {
    story.wish({ deletionPolicy: 'Retain' });

    await story.lookUntilGone();

    expect(story.writes()).toEqual(['application-autoscaling:UntagResource', 'UntagResource']);
    expect(target()?.tags).toEqual({});
    expect(policyNames()).toEqual(['ecs-operator.cpu']);
  });
});
