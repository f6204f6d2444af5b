import {
  type ApplicationAutoScalingClient,
  DeleteScalingPolicyCommand,
  DeregisterScalableTargetCommand,
  DescribeScalableTargetsCommand,
  DescribeScalingActivitiesCommand,
  DescribeScalingPoliciesCommand,
  DescribeScheduledActionsCommand,
  ListTagsForResourceCommand,
  PutScalingPolicyCommand,
  type PutScalingPolicyCommandInput,
  PutScheduledActionCommand,
  RegisterScalableTargetCommand,
  type RegisterScalableTargetCommandInput,
  type StepScalingPolicyConfiguration,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-application-auto-scaling';
import type { ECSClient } from '@aws-sdk/client-ecs';
import { expect } from 'vitest';
import { type Case, createService, describeService, errorOf } from './ecs-case.ts';

const TRACKING = {
  TargetValue: 60,
  PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
} as const;

interface ScaledService {
  readonly at: ReturnType<typeof addressOf>;
  /** The ARN of the target. */
  register(changes?: Partial<RegisterScalableTargetCommandInput>): Promise<string | undefined>;
  putPolicy(changes?: Partial<PutScalingPolicyCommandInput>): Promise<string | undefined>;
}

function addressOf(name: string) {
  return {
    ServiceNamespace: 'ecs',
    ResourceId: `service/${name}/${name}`,
    ScalableDimension: 'ecs:service:DesiredCount',
  } as const;
}

/** A service with one task, and the calls that most cases begin with. */
async function scale(ecs: ECSClient, scaling: ApplicationAutoScalingClient, name: string): Promise<ScaledService> {
  const at = addressOf(name);
  await createService(ecs, name);
  return {
    at,
    async register(changes = {}) {
      const input = { ...at, MinCapacity: 1, MaxCapacity: 4, ...changes };
      return (await scaling.send(new RegisterScalableTargetCommand(input))).ScalableTargetARN;
    },
    async putPolicy(changes = {}) {
      const policy = { PolicyName: 'cpu', PolicyType: 'TargetTrackingScaling' } as const;
      const input = { ...at, ...policy, TargetTrackingScalingPolicyConfiguration: TRACKING, ...changes };
      return (await scaling.send(new PutScalingPolicyCommand(input))).PolicyARN;
    },
  };
}

async function targetOf(scaling: ApplicationAutoScalingClient, { at }: ScaledService) {
  const { ServiceNamespace, ResourceId } = at;
  const command = new DescribeScalableTargetsCommand({ ServiceNamespace, ResourceIds: [ResourceId] });
  return (await scaling.send(command)).ScalableTargets?.[0];
}

async function policiesOf(scaling: ApplicationAutoScalingClient, { at }: ScaledService) {
  const { ServiceNamespace, ResourceId } = at;
  const command = new DescribeScalingPoliciesCommand({ ServiceNamespace, ResourceId });
  return (await scaling.send(command)).ScalingPolicies ?? [];
}

async function actionsOf(scaling: ApplicationAutoScalingClient, { at }: ScaledService) {
  const { ServiceNamespace, ResourceId } = at;
  const command = new DescribeScheduledActionsCommand({ ServiceNamespace, ResourceId });
  return (await scaling.send(command)).ScheduledActions ?? [];
}

export const SCALING_CASES: readonly Case[] = [
  {
    id: 'scaling-target-again',
    fact: 'RegisterScalableTarget changes what is stated of a target and keeps its ARN and the rest',
    async run(ecs, name, _, scaling) {
      const service = await scale(ecs, scaling, name);
      const first = await service.register();
      const again = await service.register({ MinCapacity: undefined, MaxCapacity: 6 });
      expect(again).toBe(first);
      expect(await targetOf(scaling, service)).toMatchObject({
        MinCapacity: 1,
        MaxCapacity: 6,
        ScalableTargetARN: first,
      });
    },
  },
  {
    id: 'scaling-target-suspended',
    fact: 'RegisterScalableTarget suspends what is stated, and shows the other two as false',
    async run(ecs, name, _, scaling) {
      const service = await scale(ecs, scaling, name);
      await service.register({ SuspendedState: { DynamicScalingInSuspended: true } });
      expect((await targetOf(scaling, service))?.SuspendedState).toEqual({
        DynamicScalingInSuspended: true,
        DynamicScalingOutSuspended: false,
        ScheduledScalingSuspended: false,
      });
    },
  },
  {
    id: 'scaling-target-role',
    fact: 'a scalable target has the service-linked role where none is stated',
    async run(ecs, name, _, scaling) {
      const service = await scale(ecs, scaling, name);
      await service.register();
      expect((await targetOf(scaling, service))?.RoleARN).toContain(
        'AWSServiceRoleForApplicationAutoScaling_ECSService',
      );
    },
  },
  {
    id: 'scaling-target-moves-count',
    fact: 'RegisterScalableTarget moves the count into the range',
    async run(ecs, name, patienceMs, scaling) {
      const service = await scale(ecs, scaling, name);
      await service.register({ MinCapacity: 2 });
      const count = async () => (await describeService(ecs, name))?.desiredCount;
      await expect.poll(count, { timeout: patienceMs }).toBe(2);
    },
  },
  {
    id: 'scaling-target-min-over-max',
    fact: 'RegisterScalableTarget refuses a minimum over the maximum',
    async run(ecs, name, _, scaling) {
      const service = await scale(ecs, scaling, name);
      expect(await errorOf(service.register({ MinCapacity: 5 }))).toBe('ValidationException');
    },
  },
  {
    id: 'scaling-target-without-min',
    fact: 'RegisterScalableTarget needs both ends of a new target',
    async run(ecs, name, _, scaling) {
      const service = await scale(ecs, scaling, name);
      expect(await errorOf(service.register({ MinCapacity: undefined }))).toBe('ValidationException');
    },
  },
  {
    id: 'scaling-target-of-no-service',
    fact: 'RegisterScalableTarget refuses a service that does not exist with a ValidationException',
    async run(ecs, name, _, scaling) {
      const service = await scale(ecs, scaling, name);
      const ResourceId = `service/${name}/none`;
      expect(await errorOf(service.register({ ResourceId }))).toBe('ValidationException');
    },
  },
  {
    id: 'scaling-target-tags',
    fact: 'a scalable target takes tags at registration, and TagResource and UntagResource change them',
    async run(ecs, name, _, scaling) {
      const service = await scale(ecs, scaling, name);
      const ResourceARN = await service.register({ Tags: { kept: 'a', gone: 'a' } });
      await scaling.send(new TagResourceCommand({ ResourceARN, Tags: { added: 'b' } }));
      await scaling.send(new UntagResourceCommand({ ResourceARN, TagKeys: ['gone'] }));
      const { Tags } = await scaling.send(new ListTagsForResourceCommand({ ResourceARN }));
      expect(Tags).toEqual({ kept: 'a', added: 'b' });
    },
  },
  {
    id: 'scaling-targets-listed',
    fact: 'DescribeScalableTargets without ids lists every target of the namespace',
    async run(ecs, name, _, scaling) {
      const service = await scale(ecs, scaling, name);
      await service.register();
      const { ScalableTargets = [] } = await scaling.send(
        new DescribeScalableTargetsCommand({ ServiceNamespace: 'ecs' }),
      );
      expect(ScalableTargets.map(({ ResourceId }) => ResourceId)).toContain(service.at.ResourceId);
    },
  },
  {
    id: 'scaling-policy-again',
    fact: 'PutScalingPolicy changes a policy of that name and keeps its ARN and alarms',
    async run(ecs, name, _, scaling) {
      const service = await scale(ecs, scaling, name);
      await service.register();
      const first = await service.putPolicy();
      const [before] = await policiesOf(scaling, service);
      const again = await service.putPolicy({
        TargetTrackingScalingPolicyConfiguration: { ...TRACKING, TargetValue: 70 },
      });
      const [after, ...others] = await policiesOf(scaling, service);
      expect([again, others]).toEqual([first, []]);
      expect(after?.TargetTrackingScalingPolicyConfiguration?.TargetValue).toBe(70);
      expect(before?.Alarms?.length).toBe(2);
      expect(after?.Alarms).toEqual(before?.Alarms);
    },
  },
  {
    id: 'scaling-policy-without-target',
    fact: 'PutScalingPolicy on a service that is not registered is an ObjectNotFoundException',
    async run(ecs, name, _, scaling) {
      const service = await scale(ecs, scaling, name);
      expect(await errorOf(service.putPolicy())).toBe('ObjectNotFoundException');
    },
  },
  {
    id: 'scaling-policy-step',
    fact: 'a step scaling policy is shown as it was put, without alarms of its own',
    async run(ecs, name, _, scaling) {
      const service = await scale(ecs, scaling, name);
      await service.register();
      const StepScalingPolicyConfiguration: StepScalingPolicyConfiguration = {
        AdjustmentType: 'ChangeInCapacity',
        StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 2 }],
      };
      await service.putPolicy({
        PolicyType: 'StepScaling',
        TargetTrackingScalingPolicyConfiguration: undefined,
        StepScalingPolicyConfiguration,
      });
      expect(await policiesOf(scaling, service)).toMatchObject([{ StepScalingPolicyConfiguration, Alarms: [] }]);
    },
  },
  {
    id: 'scaling-policy-predictive',
    fact: 'a predictive policy is taken',
    async run(ecs, name, _, scaling) {
      const service = await scale(ecs, scaling, name);
      await service.register();
      const pair = { PredefinedMetricType: 'ECSServiceCPUUtilization' };
      const arn = service.putPolicy({
        PolicyType: 'PredictiveScaling',
        TargetTrackingScalingPolicyConfiguration: undefined,
        PredictiveScalingPolicyConfiguration: {
          MetricSpecifications: [{ TargetValue: 40, PredefinedMetricPairSpecification: pair }],
        },
      });
      await expect(arn).resolves.toContain('policyName/cpu');
    },
  },
  {
    id: 'scaling-policy-deleted',
    fact: 'DeleteScalingPolicy takes the policy away, and is an ObjectNotFoundException the second time',
    async run(ecs, name, _, scaling) {
      const service = await scale(ecs, scaling, name);
      await service.register();
      await service.putPolicy();
      const command = new DeleteScalingPolicyCommand({ ...service.at, PolicyName: 'cpu' });
      await scaling.send(command);
      expect(await policiesOf(scaling, service)).toEqual([]);
      expect(await errorOf(scaling.send(command))).toBe('ObjectNotFoundException');
    },
  },
  {
    id: 'scaling-action-put-whole',
    fact: 'PutScheduledAction drops a start that is not stated again',
    async run(ecs, name, _, scaling) {
      const service = await scale(ecs, scaling, name);
      await service.register();
      const input = {
        ...service.at,
        ScheduledActionName: 'night',
        Schedule: 'cron(0 20 * * ? *)',
        ScalableTargetAction: { MinCapacity: 0 },
      };
      await scaling.send(new PutScheduledActionCommand({ ...input, StartTime: new Date('2099-01-01T00:00:00Z') }));
      await scaling.send(new PutScheduledActionCommand(input));
      const [action, ...others] = await actionsOf(scaling, service);
      expect([action?.StartTime, others]).toEqual([undefined, []]);
    },
  },
  {
    id: 'scaling-target-takes-all',
    fact: 'DeregisterScalableTarget takes policies and scheduled actions with it',
    async run(ecs, name, _, scaling) {
      const service = await scale(ecs, scaling, name);
      await service.register();
      await service.putPolicy();
      await scaling.send(new DeregisterScalableTargetCommand(service.at));
      expect(await policiesOf(scaling, service)).toEqual([]);
    },
  },
  {
    id: 'scaling-target-gone-twice',
    fact: 'DeregisterScalableTarget is an ObjectNotFoundException where there is no target',
    async run(ecs, name, _, scaling) {
      const service = await scale(ecs, scaling, name);
      expect(await errorOf(scaling.send(new DeregisterScalableTargetCommand(service.at)))).toBe(
        'ObjectNotFoundException',
      );
    },
  },
  {
    id: 'scaling-activities',
    fact: 'DescribeScalingActivities tells why the count was moved',
    async run(ecs, name, patienceMs, scaling) {
      const service = await scale(ecs, scaling, name);
      await service.register({ MinCapacity: 2 });
      const { ServiceNamespace, ResourceId } = service.at;
      const command = new DescribeScalingActivitiesCommand({ ServiceNamespace, ResourceId });
      const causes = async () => (await scaling.send(command)).ScalingActivities?.map(({ Cause }) => Cause);
      await expect.poll(causes, { timeout: patienceMs }).toEqual(['minimum capacity was set to 2']);
    },
  },
];
