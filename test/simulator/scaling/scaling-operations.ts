import type {
  DescribeScalingActivitiesRequest,
  DescribeScalingActivitiesResponse,
} from '@aws-sdk/client-application-auto-scaling';
import type { Operation, World } from '../world.ts';
import {
  deregisterScalableTarget,
  describeScalableTargets,
  isOfEcs,
  registerScalableTarget,
} from './scalable-targets.ts';
import { scalingPageOf } from './scaling-paging.ts';
import { deleteScalingPolicy, describeScalingPolicies, putScalingPolicy } from './scaling-policies.ts';
import { listScalableTargetTags, tagScalableTarget, untagScalableTarget } from './scaling-tags.ts';
import { deleteScheduledAction, describeScheduledActions, putScheduledAction } from './scheduled-actions.ts';

/** Every action of Application Auto Scaling that is simulated, by its name here. */
export const SCALING_OPERATIONS: Record<string, Operation> = {
  RegisterScalableTarget: registerScalableTarget,
  DeregisterScalableTarget: deregisterScalableTarget,
  DescribeScalableTargets: describeScalableTargets,
  PutScalingPolicy: putScalingPolicy,
  DeleteScalingPolicy: deleteScalingPolicy,
  DescribeScalingPolicies: describeScalingPolicies,
  PutScheduledAction: putScheduledAction,
  DeleteScheduledAction: deleteScheduledAction,
  DescribeScheduledActions: describeScheduledActions,
  DescribeScalingActivities: describeScalingActivities,
  'application-autoscaling:TagResource': tagScalableTarget,
  'application-autoscaling:UntagResource': untagScalableTarget,
  'application-autoscaling:ListTagsForResource': listScalableTargetTags,
};

/** Newest first; those that came to nothing only where they are asked for. */
function describeScalingActivities(
  world: World,
  input: DescribeScalingActivitiesRequest,
): DescribeScalingActivitiesResponse {
  const { ResourceId, IncludeNotScaledActivities = false } = input;
  const told = isOfEcs(input) ? [...world.scaling.activities] : [];
  const all = told
    .filter(([id]) => ResourceId === undefined || ResourceId === id)
    .flatMap(([, activities]) => activities)
    .filter(({ NotScaledReasons }) => IncludeNotScaledActivities || NotScaledReasons === undefined);
  const { items, NextToken } = scalingPageOf(all, ({ ActivityId }) => ActivityId, input, 50);
  return { ScalingActivities: items, NextToken };
}
