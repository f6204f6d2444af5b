import { describe, expect, test } from 'vitest';
import { type ConnectedGateway, connectGateway } from '../../test/support/connected-gateway.ts';
import { Failure } from '../core/failure.ts';

const { signal } = new AbortController();
const DIMENSION = { ServiceNamespace: 'ecs', ScalableDimension: 'ecs:service:DesiredCount' } as const;

function idOf(index: number): string {
  return `service/shop/service-${index}`;
}

/** So many services, each with a target and that many policies. */
async function withTargets(count: number, policies = 0): Promise<ConnectedGateway> {
  const gateway = await connectGateway();
  const { simulator } = gateway;
  await simulator.call('CreateCluster', { clusterName: 'shop' });
  await gateway.register('web');
  for (let index = 0; index < count; index += 1) {
    const serviceName = `service-${index}`;
    await simulator.call('CreateService', { cluster: 'shop', serviceName, taskDefinition: 'web', desiredCount: 1 });
    const at = { ...DIMENSION, ResourceId: idOf(index) };
    await simulator.call('RegisterScalableTarget', { ...at, MinCapacity: 1, MaxCapacity: 4 });
    if (policies > 0) {
      await simulator.call('PutScheduledAction', {
        ...at,
        ScheduledActionName: 'once',
        Schedule: 'at(2099-01-01T00:00:00)',
        ScalableTargetAction: { MinCapacity: 2 },
      });
    }
    for (let number = 0; number < policies; number += 1) {
      await simulator.call('PutScalingPolicy', {
        ...at,
        PolicyName: `policy-${number}`,
        PolicyType: 'StepScaling',
        StepScalingPolicyConfiguration: {
          AdjustmentType: 'ExactCapacity',
          StepAdjustments: [{ ScalingAdjustment: 1 }],
        },
      });
    }
  }
  simulator.forgetCalls();
  return gateway;
}

describe('reads of scaling', () => {
  test('of targets travel together, fifty a call, because a page holds as many', async () => {
    const { connection, within, batches } = await withTargets(60);
    const ecs = connection.gateway('urgent');
    const ids = Array.from({ length: 60 }, (_, index) => idOf(index));

    const found = await within(Promise.all(ids.map((id) => ecs.describeScalableTarget(id, signal))));

    expect(found.map((target) => target?.ResourceId)).toEqual(ids);
    expect(batches.toSorted()).toEqual(['DescribeScalableTargets 10', 'DescribeScalableTargets 50']);
  });

  test('that sweep share one listing of the region, because each would cost a call of its own', async () => {
    const { connection, within, calls } = await withTargets(12, 2);
    const sweep = connection.gateway('sweep');
    const ids = Array.from({ length: 12 }, (_, index) => idOf(index));

    const found = await within(
      Promise.all(
        ids.map(async (id) => {
          const target = await sweep.describeScalableTarget(id, signal);
          const policies = await sweep.listScalingPolicies(id, signal);
          const actions = await sweep.listScheduledActions(id, signal);
          return [target?.ResourceId, policies.length, actions.length];
        }),
      ),
    );

    expect(found).toEqual(ids.map((id) => [id, 2, 1]));
    expect(calls().toSorted()).toEqual([
      'DescribeScalableTargets',
      ...Array.from({ length: 3 }, () => 'DescribeScalingPolicies'),
      'DescribeScheduledActions',
    ]);
  });

  test('ask for each resource where the region holds far more than ours, because that is cheaper', async () => {
    const { connection, within, calls } = await withTargets(40, 2);
    const sweep = connection.gateway('sweep');

    await within(sweep.listScalingPolicies(idOf(0), signal));
    calls();
    await within(sweep.listScalingPolicies(idOf(1), signal));

    expect(calls()).toEqual(['DescribeScalingPolicies']);
  });

  test('are fresh again after a write, because a listing from before it does not know it', async () => {
    const { connection, within } = await withTargets(1);
    const sweep = connection.gateway('sweep');
    await within(sweep.describeScalableTarget(idOf(0), signal));

    const input = { ...DIMENSION, ResourceId: idOf(0), MaxCapacity: 9 };
    await within(connection.gateway('urgent').write({ call: 'RegisterScalableTarget', input }, signal));

    expect(await within(sweep.describeScalableTarget(idOf(0), signal))).toMatchObject({ MaxCapacity: 9 });
  });

  test('of others still go by the listing after a write, because a write tells nothing of them', async () => {
    const { connection, within, calls } = await withTargets(2);
    const sweep = connection.gateway('sweep');
    await within(sweep.describeScalableTarget(idOf(0), signal));
    const input = { ...DIMENSION, ResourceId: idOf(0), MaxCapacity: 9 };
    await within(connection.gateway('urgent').write({ call: 'RegisterScalableTarget', input }, signal));
    calls();

    const found = await within(sweep.describeScalableTarget(idOf(1), signal));

    expect(found).toMatchObject({ ResourceId: idOf(1) });
    expect(calls()).toEqual([]);
  });

  test('confirm that a target is absent where they are told to, because a listing may be older than the target', async () => {
    const { connection, within, simulator, calls } = await withTargets(2);
    const sweep = connection.gateway('sweep');
    const at = { ...DIMENSION, ResourceId: idOf(0) };
    await simulator.call('DeregisterScalableTarget', at);
    await within(sweep.describeScalableTarget(idOf(1), signal));
    await simulator.call('RegisterScalableTarget', { ...at, MinCapacity: 1, MaxCapacity: 4 });
    calls();

    expect(await within(sweep.describeScalableTarget(idOf(0), signal))).toBeUndefined();
    expect(calls()).toEqual([]);
    expect(await within(sweep.describeScalableTarget(idOf(0), signal, 'confirmed'))).toMatchObject({ MaxCapacity: 4 });
    expect(calls()).toEqual(['DescribeScalableTargets']);
    expect(await within(sweep.describeScalableTarget(idOf(1), signal, 'confirmed'))).toMatchObject({ MaxCapacity: 4 });
    expect(calls()).toEqual([]);
  });

  test('answer with nothing where there is nothing, because absence is a value', async () => {
    const { connection, within } = await withTargets(0);

    for (const priority of ['urgent', 'sweep'] as const) {
      const ecs = connection.gateway(priority);
      expect(await within(ecs.describeScalableTarget(idOf(0), signal))).toBeUndefined();
      expect(await within(ecs.listScalingPolicies(idOf(0), signal))).toEqual([]);
      expect(await within(ecs.listScheduledActions(idOf(0), signal))).toEqual([]);
      expect(await within(ecs.listScalingActivities(idOf(0), signal))).toEqual([]);
      expect(await within(ecs.listScalableTargetTags('arn:gone', signal))).toBeUndefined();
    }
  });
});

describe('five hundred services with scaling', () => {
  test('cost a sweep ⌈500/50⌉ + ⌈1000/10⌉ + ⌈500/50⌉ calls, because pages are full and shared', async () => {
    const { connection, within, calls } = await withTargets(500, 2);
    const sweep = connection.gateway('sweep');
    const ids = Array.from({ length: 500 }, (_, index) => idOf(index));

    await within(
      Promise.all(
        ids.map(async (id) => {
          await sweep.describeScalableTarget(id, signal);
          await Promise.all([sweep.listScalingPolicies(id, signal), sweep.listScheduledActions(id, signal)]);
        }),
      ),
    );

    const made = Map.groupBy(calls(), (action) => action);
    expect([...made].map(([action, all]) => `${action} ${all.length}`).toSorted()).toEqual([
      'DescribeScalableTargets 10',
      'DescribeScalingPolicies 100',
      'DescribeScheduledActions 10',
    ]);
  });
});

describe('a write to Application Auto Scaling', () => {
  test('is not sent where the check before it throws, because another replica may lead', async () => {
    const { connection, within, calls } = await connectGateway(() => {
      throw new Failure('NotLeader', 'the lease was lost');
    });
    const input = { ...DIMENSION, ResourceId: idOf(0) };

    const write = within(connection.gateway('urgent').write({ call: 'DeregisterScalableTarget', input }, signal));

    await expect(write).rejects.toMatchObject({ code: 'NotLeader' });
    expect(calls()).toEqual([]);
  });

  test('goes to the service that it names, where ECS has an action of that name as well', async () => {
    const { connection, within, simulator } = await withTargets(1);
    const ecs = connection.gateway('urgent');
    const target = await within(ecs.describeScalableTarget(idOf(0), signal));
    const ResourceARN = target?.ScalableTargetARN ?? '';

    const input = { ResourceARN, Tags: { team: 'shop' } };
    await within(ecs.write({ call: 'application-autoscaling:TagResource', input }, signal));

    expect(await within(ecs.listScalableTargetTags(ResourceARN, signal))).toEqual({ team: 'shop' });
    expect(simulator.writes().map(({ action }) => action)).toEqual(['application-autoscaling:TagResource']);
  });

  test('waits where a change of its target is still pending, because it would be refused only until then', async () => {
    const { connection, within, simulator, requests } = await withTargets(1);
    simulator.world.timings.scalingChangeMs = 1_000;
    const ecs = connection.gateway('urgent');
    const at = { ...DIMENSION, ResourceId: idOf(0) };

    await within(ecs.write({ call: 'RegisterScalableTarget', input: { ...at, MaxCapacity: 9 } }, signal));
    await within(ecs.write({ call: 'DeregisterScalableTarget', input: at }, signal));

    expect(simulator.world.scaling.targets.size).toBe(0);
    expect(new Set(requests)).toEqual(
      new Set(['RegisterScalableTarget ok', 'DeregisterScalableTarget Unavailable', 'DeregisterScalableTarget ok']),
    );
  });

  test.for([
    { name: 'ObjectNotFoundException', code: 'Unavailable' },
    { name: 'ValidationException', code: 'Rejected' },
    { name: 'FailedResourceAccessException', code: 'AccessDenied' },
  ])('that is answered with $name is $code', async ({ name, code }) => {
    const { connection, within, simulator } = await withTargets(1);
    simulator.faults.add({ nth: 1, when: 'before', error: { name, message: 'no' } });
    const input = { ...DIMENSION, ResourceId: idOf(0) };

    const write = within(connection.gateway('urgent').write({ call: 'DeregisterScalableTarget', input }, signal));

    await expect(write).rejects.toMatchObject({ code });
  });
});
