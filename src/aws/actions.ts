import { entriesOf } from '../lib/entries.ts';

/** ECS throttles groups of actions, not single ones: a token bucket per group, account and region. */
interface ActionGroup {
  readonly burst: number;
  readonly perSecond: number;
  readonly actions: readonly string[];
}

/**
 * The actions of Application Auto Scaling. AWS documents that they are throttled and states no rates, so these are chosen
 * to be small (user guide, "Quotas for Application Auto Scaling", seen 2026-11). A name that ECS has as well carries its service.
 */
const SCALING_GROUPS = {
  scalingRead: {
    burst: 10,
    perSecond: 5,
    actions: [
      'DescribeScalableTargets',
      'DescribeScalingPolicies',
      'DescribeScheduledActions',
      'DescribeScalingActivities',
      'application-autoscaling:ListTagsForResource',
    ],
  },
  scalingModify: {
    burst: 10,
    perSecond: 5,
    actions: [
      'RegisterScalableTarget',
      'DeregisterScalableTarget',
      'PutScalingPolicy',
      'DeleteScalingPolicy',
      'PutScheduledAction',
      'DeleteScheduledAction',
      'application-autoscaling:TagResource',
      'application-autoscaling:UntagResource',
    ],
  },
} as const satisfies Record<string, ActionGroup>;

/**
 * The actions that the operator calls, in the groups, with the burst and sustained rate, of "Request throttling for the
 * Amazon ECS API" (docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html, seen 2026-11).
 */
export const ACTION_GROUPS = {
  clusterModify: {
    burst: 20,
    perSecond: 1,
    actions: ['CreateCluster', 'DeleteCluster', 'UpdateCluster', 'PutClusterCapacityProviders'],
  },
  clusterRead: { burst: 50, perSecond: 20, actions: ['DescribeClusters'] },
  taskDefinitionModify: {
    burst: 20,
    perSecond: 1,
    actions: ['RegisterTaskDefinition', 'DeregisterTaskDefinition'],
  },
  taskDefinitionRead: { burst: 50, perSecond: 20, actions: ['DescribeTaskDefinition', 'ListTaskDefinitions'] },
  taskDefinitionDelete: { burst: 5, perSecond: 1, actions: ['DeleteTaskDefinitions'] },
  tagModify: { burst: 20, perSecond: 10, actions: ['TagResource', 'UntagResource'] },
  clusterResourceRead: { burst: 100, perSecond: 20, actions: ['DescribeTasks', 'ListTasks'] },
  taskProtection: { burst: 200, perSecond: 80, actions: ['GetTaskProtection'] },
  serviceModify: { burst: 50, perSecond: 5, actions: ['CreateService', 'UpdateService', 'DeleteService'] },
  serviceRead: { burst: 100, perSecond: 20, actions: ['DescribeServices', 'ListServices'] },
  serviceDeploymentRead: {
    burst: 50,
    perSecond: 20,
    actions: ['DescribeServiceDeployments', 'ListServiceDeployments'],
  },
  serviceRevisionRead: { burst: 50, perSecond: 20, actions: ['DescribeServiceRevisions'] },
  ...SCALING_GROUPS,
} as const satisfies Record<string, ActionGroup>;

export type GroupName = keyof typeof ACTION_GROUPS;
export type Action = (typeof ACTION_GROUPS)[GroupName]['actions'][number];

/** Every action, with its group. */
export const GROUP_OF: ReadonlyMap<Action, GroupName> = new Map(
  entriesOf(ACTION_GROUPS).flatMap(([name, { actions }]) =>
    actions.map((action): [Action, GroupName] => [action, name]),
  ),
);

const SCALING_ACTIONS: ReadonlySet<string> = new Set(
  Object.values(SCALING_GROUPS).flatMap(({ actions }): readonly string[] => actions),
);

/** What IAM calls the right to an action: `ecs:CreateService`, `application-autoscaling:TagResource`. */
export function permissionTo(action: string): string {
  const service = SCALING_ACTIONS.has(action) ? 'application-autoscaling' : 'ecs';
  return `${service}:${nameOf(action)}`;
}

/** Reads begin with Describe, List or Get in every AWS API; all else is taken for a write, to be on the safe side. */
export function isRead(action: string): boolean {
  return /^(?:Describe|List|Get)/.test(nameOf(action));
}

function nameOf(action: string): string {
  return action.slice(action.indexOf(':') + 1);
}

/** How roles are assumed. Not paced: a session is asked for once an hour, and by each look at an account. */
export const STS_ACTIONS = ['AssumeRole', 'GetCallerIdentity'] as const;
export type StsAction = (typeof STS_ACTIONS)[number];
