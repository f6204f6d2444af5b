import type {
  DeleteScalingPolicyRequest,
  DescribeScalingPoliciesRequest,
  DescribeScalingPoliciesResponse,
  PutScalingPolicyRequest,
  PutScalingPolicyResponse,
  ScalingPolicy,
} from '@aws-sdk/client-application-auto-scaling';
import { uuid } from '../service-events.ts';
import type { World } from '../world.ts';
import { checkPolicy } from './policy-checks.ts';
import { changeable, checkedId, recordsOf } from './scalable-targets.ts';
import { scalingPageOf } from './scaling-paging.ts';
import { limitExceeded, noPolicy } from './scaling-refusals.ts';

// "Quotas for Application Auto Scaling" (user guide): scaling policies of a target.
const MAX_POLICIES = 50;

/** Makes a policy, or changes what is stated of it; its ARN stays (SDK: PutScalingPolicyCommand). */
export function putScalingPolicy(world: World, input: PutScalingPolicyRequest): PutScalingPolicyResponse {
  const resourceId = checkedId(input);
  const record = changeable(world, resourceId);
  const { PolicyName = '' } = input;
  const known = record.policies.get(PolicyName)?.policy;
  if (known === undefined && record.policies.size >= MAX_POLICIES) throw limitExceeded('Too many scaling policies.');
  const stated = checkPolicy({ ...known, ...input }, known);
  const id = uuid(world);
  const policy: ScalingPolicy = {
    PolicyARN: `arn:aws:autoscaling:${world.region}:${world.accountId}:scalingPolicy:${id}:resource/ecs/${resourceId}:policyName/${PolicyName}`,
    CreationTime: new Date(world.now()),
    Alarms: alarmsOf(world, resourceId, stated),
    ...known,
    PolicyName,
    ServiceNamespace: 'ecs',
    ResourceId: resourceId,
    ScalableDimension: 'ecs:service:DesiredCount',
    ...stated,
  };
  record.policies.set(PolicyName, { policy, above: 0, below: 0, stepped: undefined });
  return { PolicyARN: policy.PolicyARN, Alarms: policy.Alarms };
}

export function deleteScalingPolicy(world: World, input: DeleteScalingPolicyRequest): object {
  const resourceId = checkedId(input);
  const { policies } = changeable(world, resourceId);
  if (!policies.delete(input.PolicyName ?? '')) throw noPolicy(resourceId, input.PolicyName ?? '');
  return {};
}

export function describeScalingPolicies(
  world: World,
  input: DescribeScalingPoliciesRequest,
): DescribeScalingPoliciesResponse {
  const { PolicyNames: names } = input;
  const policies = recordsOf(world, input).flatMap((record) =>
    [...record.policies.values()].map(({ policy }) => policy),
  );
  const wanted = policies.filter(({ PolicyName = '' }) => names?.includes(PolicyName) ?? true);
  const { items, NextToken } = scalingPageOf(wanted, ({ PolicyARN }) => PolicyARN, input, 10);
  return { ScalingPolicies: items, NextToken };
}

/**
 * SDK: PutScalingPolicyCommand: target tracking makes its alarms itself; those for step scaling are made by others. The names
 * are as live policies show them.
 */
function alarmsOf(world: World, resourceId: string, { PolicyType }: ScalingPolicyParts): ScalingPolicy['Alarms'] {
  if (PolicyType !== 'TargetTrackingScaling') return [];
  return ['AlarmHigh', 'AlarmLow'].map((side) => {
    const AlarmName = `TargetTracking-${resourceId}-${side}-${uuid(world)}`;
    return { AlarmName, AlarmARN: `arn:aws:cloudwatch:${world.region}:${world.accountId}:alarm:${AlarmName}` };
  });
}

type ScalingPolicyParts = Pick<ScalingPolicy, 'PolicyType'>;
