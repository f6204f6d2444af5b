import { beforeEach, describe, expect, test } from 'vitest';
import { openScaledShop, type ScaledShop, WEB } from './scaled-shop.ts';

let shop: ScaledShop;

beforeEach(async () => {
  shop = await openScaledShop();
});

async function target() {
  const { ScalableTargets } = await shop.scaling.describeScalableTargets({ ServiceNamespace: 'ecs' });
  return ScalableTargets?.[0];
}

describe('a scalable target', () => {
  test('has a service-linked role and nothing suspended, because that is what AWS fills in', async () => {
    await shop.register();

    expect(await target()).toMatchObject({
      ...WEB,
      MinCapacity: 2,
      MaxCapacity: 10,
      RoleARN: expect.stringContaining('AWSServiceRoleForApplicationAutoScaling_ECSService') as string,
      SuspendedState: {
        DynamicScalingInSuspended: false,
        DynamicScalingOutSuspended: false,
        ScheduledScalingSuspended: false,
      },
    });
  });

  test('keeps its ARN and what is not stated when it is registered again', async () => {
    const first = await shop.register();

    await shop.scaling.registerScalableTarget({ ...WEB, SuspendedState: { ScheduledScalingSuspended: true } });
    const again = await shop.register({ MaxCapacity: 4 });

    expect(again).toBe(first);
    expect(await target()).toMatchObject({
      MinCapacity: 2,
      MaxCapacity: 4,
      SuspendedState: { ScheduledScalingSuspended: true, DynamicScalingInSuspended: false },
    });
  });

  test.for([
    {
      capacity: { MinCapacity: 4, MaxCapacity: 10 },
      count: 4,
      told: 'Setting desired count to 4. minimum capacity was set to 4',
    },
    {
      capacity: { MinCapacity: 0, MaxCapacity: 1 },
      count: 1,
      told: 'Setting desired count to 1. maximum capacity was set to 1',
    },
  ])('moves the count into its range: $told', async ({ capacity, count, told }) => {
    await shop.register(capacity);

    expect(await shop.count()).toBe(count);
    expect(await shop.activities()).toEqual([told]);
  });

  test('takes its policies and actions with it and leaves the count, because that is what deregistering means', async () => {
    await shop.register();
    await shop.track();
    await shop.scaling.putScheduledAction({
      ...WEB,
      ScheduledActionName: 'night',
      Schedule: 'rate(1 hour)',
      ScalableTargetAction: { MinCapacity: 0 },
    });

    await shop.scaling.deregisterScalableTarget(WEB);

    const { ScalingPolicies } = await shop.scaling.describeScalingPolicies({ ServiceNamespace: 'ecs' });
    const { ScheduledActions } = await shop.scaling.describeScheduledActions({ ServiceNamespace: 'ecs' });
    expect([ScalingPolicies, ScheduledActions, await target()]).toEqual([[], [], undefined]);
    expect(await shop.count()).toBe(2);
  });

  test('has tags of its own, told apart from those of ECS by the service that is asked', async () => {
    const ResourceARN = await shop.register();

    await shop.scaling.tagResource({ ResourceARN, Tags: { a: '1', b: '2' } });
    await shop.scaling.untagResource({ ResourceARN, TagKeys: ['a'] });

    expect((await shop.scaling.listTagsForResource({ ResourceARN })).Tags).toEqual({ b: '2' });
    expect(shop.simulator.writes().at(-1)?.action).toBe('application-autoscaling:UntagResource');
  });

  test('is listed in pages', async () => {
    for (const serviceName of ['a', 'b', 'c']) {
      await shop.create({ serviceName });
      await shop.scaling.registerScalableTarget({
        ...WEB,
        ResourceId: `service/shop/${serviceName}`,
        MinCapacity: 1,
        MaxCapacity: 2,
      });
    }
    const first = await shop.scaling.describeScalableTargets({ ServiceNamespace: 'ecs', MaxResults: 2 });
    const { NextToken } = first;
    const rest = await shop.scaling.describeScalableTargets({ ServiceNamespace: 'ecs', MaxResults: 2, NextToken });

    const ids = [first, rest].map(({ ScalableTargets = [] }) => ScalableTargets.map(({ ResourceId }) => ResourceId));
    expect(ids).toEqual([['service/shop/a', 'service/shop/b'], ['service/shop/c']]);
    expect(rest.NextToken).toBeUndefined();
  });

  test('has a change pending for a while, and refuses another one until then', async () => {
    shop.simulator.world.timings.scalingChangeMs = 500;
    await shop.register();

    await expect(shop.track()).rejects.toMatchObject({ name: 'ConcurrentUpdateException' });
    await shop.pass(500);
    await expect(shop.track()).resolves.toContain('policyName/cpu');
  });

  test.for([
    { name: 'min over max', input: { MinCapacity: 3, MaxCapacity: 2 }, error: /cannot be less/ },
    { name: 'no max at first', input: { MinCapacity: 3 }, error: /required/ },
    {
      name: 'a service that is not there',
      input: { ResourceId: 'service/shop/none', MinCapacity: 1, MaxCapacity: 2 },
      error: /doesn't exist/,
    },
    {
      name: 'a dimension that there is not',
      input: { ScalableDimension: 'ecs:service:Other' as 'ecs:service:DesiredCount', MinCapacity: 1, MaxCapacity: 2 },
      error: /enum value set/,
    },
  ])('refuses $name', async ({ input, error }) => {
    const refused = { name: 'ValidationException', message: expect.stringMatching(error) as string };

    await expect(shop.scaling.registerScalableTarget({ ...WEB, ...input })).rejects.toMatchObject(refused);
  });

  test('is not found where there is none', async () => {
    const missing = { name: 'ObjectNotFoundException' };
    await expect(shop.scaling.deregisterScalableTarget(WEB)).rejects.toMatchObject(missing);
    await expect(shop.track()).rejects.toMatchObject(missing);
    await expect(shop.scaling.tagResource({ ResourceARN: 'arn:x', Tags: {} })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});
