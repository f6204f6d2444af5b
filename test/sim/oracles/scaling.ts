import type { Tag } from '@aws-sdk/client-ecs';
import type { World } from '../../simulator/world.ts';

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

/** What may be ours of it, with the tags that say whose: what hangs on a target is ours by its name. */
export function claimsOfScaling({
  scaling,
}: World): readonly { readonly what: string; readonly tags: readonly Tag[] }[] {
  return [...scaling.targets].flatMap(([id, { tags: stored, policies, actions }]) => {
    const tags = Object.entries(stored).map(([key, value]) => ({ key, value }));
    const ours = [...policies.keys(), ...actions.keys()].filter((name) => name.startsWith('ecs-operator.'));
    return [`scalable target ${id}`, ...ours].map((what) => ({ what, tags }));
  });
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
