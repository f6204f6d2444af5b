import type { ScalableTarget, StepScalingPolicyConfiguration } from '@aws-sdk/client-application-auto-scaling';
import type { World } from '../world.ts';
import { lowerOf, upperOf } from './policy-checks.ts';
import { leaveAsItIs, scalableService, scaleTo } from './scaling-capacity.ts';
import type { PolicyRecord } from './scaling-world.ts';

interface Alarm {
  readonly name: string;
  /** The policy that the alarm has as its action. */
  readonly policyArn: string;
  /** How far the metric is from the alarm's threshold. */
  readonly breach: number;
}

// SDK: `StepScalingPolicyConfiguration.Cooldown`.
const COOLDOWN_S = 300;

/** An alarm of somebody's goes off: its policy takes the step that the size of the breach asks for. */
export function soundAlarm(world: World, { name, policyArn, breach }: Alarm): void {
  for (const { target, policies } of world.scaling.targets.values()) {
    const record = [...policies.values()].find(({ policy }) => policy.PolicyARN === policyArn);
    const configuration = record?.policy.StepScalingPolicyConfiguration;
    if (record === undefined || configuration === undefined) continue;
    const cause = `monitor alarm ${name} in state ALARM triggered policy ${record.policy.PolicyName}`;
    takeStep(world, { target, record, configuration }, { breach, cause });
  }
}

interface Stepping {
  readonly target: ScalableTarget;
  readonly record: PolicyRecord;
  readonly configuration: StepScalingPolicyConfiguration;
}

/**
 * User guide, "How step scaling for Application Auto Scaling works", "Cooldown period": until it ends, what the policy has
 * added counts towards the next step up, and none is taken down; up comes at once after down.
 */
function takeStep(world: World, stepping: Stepping, { breach, cause }: { breach: number; cause: string }): void {
  const { target, record, configuration } = stepping;
  const { ResourceId = '', MinCapacity, MaxCapacity, SuspendedState } = target;
  const step = configuration.StepAdjustments?.find((one) => breach >= lowerOf(one) && breach < upperOf(one));
  if (step === undefined) return;
  const now = countOf(world, ResourceId);
  const isCooling = world.now() - (record.stepped?.at ?? Number.NEGATIVE_INFINITY) < cooldownMs(configuration);
  const added = isCooling ? Math.max(0, record.stepped?.by ?? 0) : 0;
  const isUp = adjusted(now, step.ScalingAdjustment ?? 0, configuration) > now;
  if (isUp && SuspendedState?.DynamicScalingOutSuspended === true) return;
  if (!isUp && (isCooling || SuspendedState?.DynamicScalingInSuspended === true)) return;
  const from = isUp ? now - added : now;
  const wanted = adjusted(from, step.ScalingAdjustment ?? 0, configuration);
  if (isUp && wanted <= now) return;
  if (scaleTo(world, ResourceId, wanted, cause)) {
    record.stepped = { at: world.now(), by: countOf(world, ResourceId) - from };
    return;
  }
  const reason = isUp ? { Code: 'AlreadyAtMaxCapacity', MaxCapacity } : { Code: 'AlreadyAtMinCapacity', MinCapacity };
  leaveAsItIs(world, ResourceId, cause, reason);
}

function countOf(world: World, resourceId: string): number {
  return scalableService(world, resourceId)?.service.desiredCount ?? 0;
}

function cooldownMs({ Cooldown = COOLDOWN_S }: StepScalingPolicyConfiguration): number {
  return Cooldown * 1_000;
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
