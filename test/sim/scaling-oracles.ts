import { ownerOf } from '../../src/api/ownership.ts';
import type { TargetRecord } from '../simulator/scaling/scaling-world.ts';
import type { World } from '../simulator/world.ts';
import { CLUSTER_ID } from '../support/operator-stage.ts';

/** What Application Auto Scaling has at the end of a story, without ids and times. */
export function scalingOf({ scaling }: World) {
  return [...scaling.targets].toSorted(byKey).map(([id, { target, tags, policies, actions }]) => ({
    id,
    range: `${target.MinCapacity}–${target.MaxCapacity}`,
    suspended: target.SuspendedState,
    tags: Object.entries(tags).toSorted(byKey),
    policies: [...policies].toSorted(byKey).map(([name, { policy }]) => ({
      name,
      type: policy.PolicyType,
      tracking: policy.TargetTrackingScalingPolicyConfiguration,
      step: policy.StepScalingPolicyConfiguration,
    })),
    actions: [...actions].toSorted(byKey).map(([name, { Schedule, ScalableTargetAction }]) => ({
      name,
      Schedule,
      ScalableTargetAction,
    })),
  }));
}

/** What of it is ours: targets by their tags, what hangs on them by its name. */
export function ownedScalingIn({ scaling }: World): readonly string[] {
  return [...scaling.targets].flatMap(([id, record]) => [
    ...(isOurs(record) ? [`scalable target ${id}`] : []),
    ...[...record.policies.keys(), ...record.actions.keys()].filter((name) => name.startsWith('ecs-operator.')),
  ]);
}

function isOurs({ tags }: TargetRecord): boolean {
  return ownerOf(Object.entries(tags).map(([key, value]) => ({ key, value })))?.clusterId === CLUSTER_ID;
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
