import type { StepScalingPolicyConfiguration } from '@aws-sdk/client-application-auto-scaling';
import type { World } from '../world.ts';
import { lowerOf, upperOf } from './policy-checks.ts';
import { leaveAsItIs, scalableService, scaleTo } from './scaling-capacity.ts';
import type { TargetRecord } from './scaling-world.ts';

interface Alarm {
  readonly name: string;
  /** The policy that the alarm has as its action. */
  readonly policyArn: string;
  /** How far the metric is from the alarm's threshold. */
  readonly breach: number;
}

/** An alarm of somebody's goes off: its policy takes the step that the size of the breach asks for. */
export function soundAlarm(world: World, { name, policyArn, breach }: Alarm): void {
  for (const record of world.scaling.targets.values()) {
    const found = [...record.policies.values()].find(({ policy }) => policy.PolicyARN === policyArn)?.policy;
    const configuration = found?.StepScalingPolicyConfiguration;
    if (found === undefined || configuration === undefined) continue;
    const cause = `monitor alarm ${name} in state ALARM triggered policy ${found.PolicyName}`;
    takeStep(world, record, { configuration, breach, cause });
  }
}

function takeStep(
  world: World,
  { target }: TargetRecord,
  { configuration, breach, cause }: { configuration: StepScalingPolicyConfiguration; breach: number; cause: string },
): void {
  const { ResourceId = '', MinCapacity, MaxCapacity, SuspendedState } = target;
  const step = configuration.StepAdjustments?.find((one) => breach >= lowerOf(one) && breach < upperOf(one));
  if (step === undefined) return;
  const now = scalableService(world, ResourceId)?.service.desiredCount ?? 0;
  const wanted = adjusted(now, step.ScalingAdjustment ?? 0, configuration);
  if (wanted > now && SuspendedState?.DynamicScalingOutSuspended === true) return;
  if (wanted < now && SuspendedState?.DynamicScalingInSuspended === true) return;
  if (scaleTo(world, ResourceId, wanted, cause)) return;
  const isUp = wanted > now;
  const reason = isUp ? { Code: 'AlreadyAtMaxCapacity', MaxCapacity } : { Code: 'AlreadyAtMinCapacity', MinCapacity };
  leaveAsItIs(world, ResourceId, cause, reason);
}

/** SDK: `StepScalingPolicyConfiguration.AdjustmentType`, `MinAdjustmentMagnitude`. */
function adjusted(
  now: number,
  by: number,
  { AdjustmentType, MinAdjustmentMagnitude = 0 }: StepScalingPolicyConfiguration,
) {
  if (AdjustmentType === 'ExactCapacity') return by;
  if (AdjustmentType === 'ChangeInCapacity') return now + by;
  const change = Math.max(Math.floor(Math.abs((now * by) / 100)), MinAdjustmentMagnitude, 1);
  return now + Math.sign(by) * change;
}
