import type { TargetTrackingScalingPolicyConfiguration } from '@aws-sdk/client-application-auto-scaling';
import type { World } from '../world.ts';
import { leaveAsItIs, scalableService, scaleTo } from './scaling-capacity.ts';
import type { PolicyRecord, TargetRecord } from './scaling-world.ts';

const MINUTE_MS = 60_000;
// As the alarms of live policies are: 3 minutes above the target, or 15 minutes below nine tenths of it.
const MINUTES_ABOVE = 3;
const MINUTES_BELOW = 15;
const WELL_BELOW = 0.9;
// User guide, "Define cooldown periods": the default of ECS services.
const COOLDOWN_S = 300;

/**
 * Puts a load on a service: in units of the metric of one task, so that a load of 360 on four tasks is a metric of 90.
 * Policies that track a target look at it each minute from then on, until `removeLoad`.
 */
export function putLoad(world: World, resourceId: string, load: (now: number) => number): void {
  const isNew = !world.loads.has(resourceId);
  world.loads.set(resourceId, load);
  if (isNew) world.later(MINUTE_MS, () => lookEachMinute(world, resourceId));
}

export function removeLoad(world: World, resourceId: string): void {
  world.loads.delete(resourceId);
}

function lookEachMinute(world: World, resourceId: string): void {
  const load = world.loads.get(resourceId);
  if (load === undefined) return;
  const record = world.scaling.targets.get(resourceId);
  const running = scalableService(world, resourceId)?.service.runningCount ?? 0;
  if (record !== undefined) track(world, record, load(world.now()) / Math.max(1, running));
  world.later(MINUTE_MS, () => lookEachMinute(world, resourceId));
}

interface Wish {
  readonly name: string;
  readonly alarm: string;
  readonly count: number;
  readonly cooldownMs: number;
}

/** SDK: PutScalingPolicyCommand: of several policies the largest count wins, and all must agree to go down. */
function track(world: World, record: TargetRecord, metric: number): void {
  const tracking = [...record.policies.values()].filter(
    ({ policy }) => policy.TargetTrackingScalingPolicyConfiguration !== undefined,
  );
  for (const each of tracking) count(each, metric);
  const id = record.target.ResourceId ?? '';
  const now = scalableService(world, id)?.service.desiredCount ?? 0;
  const up = largest(
    tracking.filter(({ above }) => above >= MINUTES_ABOVE).map((each) => wishOf(each, 'out', metric, now)),
  );
  if (up !== undefined) {
    scaleOut(world, record, up);
    return;
  }
  const willing = tracking.filter(({ policy }) => configurationOf(policy).DisableScaleIn !== true);
  const down = largest(willing.map((each) => wishOf(each, 'in', metric, now)));
  if (down !== undefined && willing.every(({ below }) => below >= MINUTES_BELOW)) scaleIn(world, record, down);
}

function count(record: PolicyRecord, metric: number): void {
  const { TargetValue = 0 } = configurationOf(record.policy);
  record.above = metric > TargetValue ? record.above + 1 : 0;
  record.below = metric < TargetValue * WELL_BELOW ? record.below + 1 : 0;
}

/** In proportion to how far the metric is from its target (user guide, "Target tracking scaling policies"). */
function wishOf({ policy }: PolicyRecord, way: 'out' | 'in', metric: number, now: number): Wish {
  const { TargetValue = 0, ScaleOutCooldown, ScaleInCooldown } = configurationOf(policy);
  const seconds = (way === 'out' ? ScaleOutCooldown : ScaleInCooldown) ?? COOLDOWN_S;
  return {
    name: policy.PolicyName ?? '',
    alarm: policy.Alarms?.[way === 'out' ? 0 : 1]?.AlarmName ?? '',
    count: Math.ceil((Math.max(1, now) * metric) / TargetValue),
    cooldownMs: seconds * 1_000,
  };
}

function largest(wishes: readonly Wish[]): Wish | undefined {
  return wishes.toSorted((a, b) => b.count - a.count)[0];
}

function scaleOut(world: World, record: TargetRecord, wish: Wish): void {
  if (record.target.SuspendedState?.DynamicScalingOutSuspended === true) return;
  if (world.now() - record.raisedAt < wish.cooldownMs) return;
  const { ResourceId = '', MaxCapacity = 0 } = record.target;
  if (scaleTo(world, ResourceId, wish.count, causeOf(wish))) record.raisedAt = world.now();
  else leaveAsItIs(world, ResourceId, causeOf(wish), { Code: 'AlreadyAtMaxCapacity', MaxCapacity });
}

function scaleIn(world: World, record: TargetRecord, wish: Wish): void {
  if (record.target.SuspendedState?.DynamicScalingInSuspended === true) return;
  if (world.now() - Math.max(record.loweredAt, record.raisedAt) < wish.cooldownMs) return;
  const { ResourceId = '', MinCapacity = 0 } = record.target;
  if (scaleTo(world, ResourceId, wish.count, causeOf(wish))) record.loweredAt = world.now();
  else leaveAsItIs(world, ResourceId, causeOf(wish), { Code: 'AlreadyAtMinCapacity', MinCapacity });
}

/** User guide, "Scaling activities for Application Auto Scaling". */
function causeOf({ name, alarm }: Wish): string {
  return `monitor alarm ${alarm} in state ALARM triggered policy ${name}`;
}

function configurationOf(policy: PolicyRecord['policy']): Partial<TargetTrackingScalingPolicyConfiguration> {
  return policy.TargetTrackingScalingPolicyConfiguration ?? {};
}
