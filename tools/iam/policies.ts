import { OWNER_TAG_KEYS } from '../../src/api/ownership.ts';
import { ACTION_GROUPS, type Action, isRead, permissionTo } from '../../src/aws/actions.ts';

/** Words of the policies that whoever installs them replaces. */
export const PLACEHOLDERS = {
  clusterId: { word: 'MY_CLUSTER_ID', meaning: "the operator's `clusterId`" },
  ecsCluster: { word: 'MY_ECS_CLUSTER', meaning: 'the name of the one ECS cluster' },
  roles: { word: 'arn:aws:iam::MY_ACCOUNT_ID:role/MY_ROLES', meaning: 'which roles may be passed, with wildcards' },
  accountRoles: {
    word: 'arn:aws:iam::*:role/MY_ACCOUNT_ROLES',
    meaning: 'the roles that the EcsAccounts name, with wildcards',
  },
} as const;

type Condition = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Condition;
}

export interface Policy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

const CALLED: readonly Action[] = Object.values(ACTION_GROUPS)
  .flatMap((group): readonly Action[] => group.actions)
  .toSorted();
const ACTIONS = CALLED.filter((action) => permissionTo(action).startsWith('ecs:'));
const SCALING = CALLED.filter((action) => !ACTIONS.includes(action));
const READS = ACTIONS.filter(isRead);

/**
 * What IAM can hold an action to, by "Actions, resources, and condition keys for Amazon Elastic Container Service" of the
 * Service Authorization Reference (seen 2026-11). What is in none of these lists can be held to nothing.
 */
const CREATIONS = ['CreateCluster', 'CreateService', 'RegisterTaskDefinition'] as const satisfies readonly Action[];
/** Deregistering takes no resource and no condition key. */
const UNBOUND = ['DeregisterTaskDefinition'] as const satisfies readonly Action[];
/** Reads of what is in a cluster, which take `ecs:cluster`. */
const READS_IN_CLUSTER = READS.filter((action) => /Service|Task(?!Def)/.test(action));

const CLUSTER_ID_TAG = OWNER_TAG_KEYS[0] ?? '';
const REQUESTED = { [`aws:RequestTag/${CLUSTER_ID_TAG}`]: PLACEHOLDERS.clusterId.word };
const OWNED = { [`aws:ResourceTag/${CLUSTER_ID_TAG}`]: PLACEHOLDERS.clusterId.word };
const UNOWNED = { Null: { [`aws:ResourceTag/${CLUSTER_ID_TAG}`]: 'true' } };
const IN_CLUSTER: Condition = {
  ArnLike: { 'ecs:cluster': `arn:aws:ecs:*:*:cluster/${PLACEHOLDERS.ecsCluster.word}` },
};

const CHANGES = ACTIONS.filter((action) => !isRead(action) && ![...CREATIONS, ...UNBOUND].includes(action as never));

function allow(Sid: string, actions: readonly string[], more: Partial<Statement> = {}): Statement {
  return { Sid, Effect: 'Allow', Action: actions.map(permissionTo).toSorted(), Resource: '*', ...more };
}

/**
 * Of Application Auto Scaling IAM knows the service whose resources are scaled, and of its tags those that are put
 * ("Actions, resources, and condition keys for AWS Application Auto Scaling", Service Authorization Reference, seen
 * 2026-11). A scalable target has tags, its policies and scheduled actions have none (user guide, "How Application Auto
 * Scaling works with IAM"), so changes are not held to tags.
 */
const SCALING_TAGS = SCALING.filter((action) => action.endsWith(':TagResource'));
const SCALING_UNTAGS = SCALING.filter((action) => action.endsWith(':UntagResource'));
const LOOK_AT_SCALING = allow('LookAtScaling', SCALING.filter(isRead));
const SCALE = [
  allow(
    'Scale',
    SCALING.filter((action) => !isRead(action) && ![...SCALING_TAGS, ...SCALING_UNTAGS].includes(action)),
    { Condition: { StringEquals: { 'application-autoscaling:service-namespace': 'ecs' } } },
  ),
  allow('TagScaling', SCALING_TAGS, { Condition: { StringEquals: REQUESTED } }),
  allow('UntagScaling', SCALING_UNTAGS),
  {
    Sid: 'LookAtAlarms',
    Effect: 'Allow',
    Action: ['cloudwatch:DescribeAlarms'],
    Resource: '*',
  },
] as const satisfies readonly Statement[];

/** `TargetTracking-service/default/web-app-AlarmHigh-<uuid>` (SDK: the first example of PutScalingPolicyCommand). */
function scalingAlarms(cluster: string): Statement {
  return {
    Sid: 'ScalingAlarms',
    Effect: 'Allow',
    Action: ['cloudwatch:DeleteAlarms', 'cloudwatch:PutMetricAlarm'],
    Resource: `arn:aws:cloudwatch:*:*:alarm:TargetTracking-service/${cluster}/*`,
  };
}

const PASS_ROLES: Statement = {
  Sid: 'PassRoles',
  Effect: 'Allow',
  Action: 'iam:PassRole',
  Resource: PLACEHOLDERS.roles.word,
  Condition: { StringEquals: { 'iam:PassedToService': ['ecs-tasks.amazonaws.com', 'ecs.amazonaws.com'] } },
};

const TAG_AT_CREATION = allow('TagAtCreation', ['TagResource'], {
  Condition: { StringEquals: { 'ecs:CreateAction': CREATIONS, ...REQUESTED } },
});
const DEREGISTER = allow('Deregister', UNBOUND);
const ADOPT = allow('Adopt', ['TagResource'], { Condition: { StringEquals: REQUESTED, ...UNOWNED } });

const ALL_CLUSTERS = [
  allow('Look', READS),
  allow('Create', CREATIONS, { Condition: { StringEquals: REQUESTED } }),
  TAG_AT_CREATION,
  allow('ChangeOwned', CHANGES, { Condition: { StringEquals: OWNED } }),
  ADOPT,
  DEREGISTER,
  PASS_ROLES,
  LOOK_AT_SCALING,
  ...SCALE,
  scalingAlarms('*'),
];

/** ARNs of what there is of one cluster; task definitions belong to no cluster. */
const OF_CLUSTER = ['cluster/', 'service/'].map((kind) => {
  const rest = kind === 'service/' ? '/*' : '';
  return `arn:aws:ecs:*:*:${kind}${PLACEHOLDERS.ecsCluster.word}${rest}`;
});
const OF_CLUSTER_OR_DEFINITION = [...OF_CLUSTER, 'arn:aws:ecs:*:*:task-definition/*'];

const ONE_CLUSTER = [
  allow('LookAtCluster', ['DescribeClusters'], {
    Resource: [...OF_CLUSTER.slice(0, 1), 'arn:aws:ecs:*:*:cluster/default'],
  }),
  allow('LookInCluster', READS_IN_CLUSTER, { Condition: IN_CLUSTER }),
  allow(
    'LookAtDefinitions',
    READS.filter((action) => action !== 'DescribeClusters' && !READS_IN_CLUSTER.includes(action)),
  ),
  allow('Create', CREATIONS, { Resource: OF_CLUSTER_OR_DEFINITION, Condition: { StringEquals: REQUESTED } }),
  { ...TAG_AT_CREATION, Resource: OF_CLUSTER_OR_DEFINITION },
  allow('ChangeOwned', CHANGES, { Resource: OF_CLUSTER_OR_DEFINITION, Condition: { StringEquals: OWNED } }),
  { ...ADOPT, Resource: OF_CLUSTER_OR_DEFINITION },
  DEREGISTER,
  PASS_ROLES,
  LOOK_AT_SCALING,
  ...SCALE,
  scalingAlarms(PLACEHOLDERS.ecsCluster.word),
];

function policy(Statement: readonly Statement[]): Policy {
  return { Version: '2012-10-17', Statement };
}

const ASSUME_ROLES: Statement = {
  Sid: 'AssumeRoles',
  Effect: 'Allow',
  Action: ['sts:AssumeRole', 'sts:TagSession'],
  Resource: PLACEHOLDERS.accountRoles.word,
};

/** Least privilege, for three ways of running the operator, and for one that acts through the roles of accounts. */
export const POLICIES = {
  'all-clusters': policy(ALL_CLUSTERS),
  'one-cluster': policy(ONE_CLUSTER),
  'observe-only': policy([allow('Look', READS), LOOK_AT_SCALING]),
  'assume-roles': policy([ASSUME_ROLES]),
} as const;
export type PolicyName = keyof typeof POLICIES;

/** What each statement is for, and what becomes of the operator without it. */
export const MEANINGS: Readonly<Record<string, string>> = {
  Look: 'Compare objects with ECS. All that `managementPolicy: Observe` needs.',
  LookAtCluster:
    'Read the one cluster, and ask for `default`, which need not be there: its answer tells the operator in which account it is.',
  LookInCluster: 'Read the services, their deployments and tasks, in that cluster only.',
  LookAtDefinitions: 'Read task definitions. They belong to no cluster, and IAM knows no condition for these calls.',
  Create:
    "Create what carries the operator's own cluster id as a tag, which it sends with every creation. In `one-cluster`, only in that cluster.",
  TagAtCreation: 'Put tags in the same call that creates. It allows no tagging of what exists.',
  ChangeOwned: `Change, tag, release and delete only what carries the tag \`${CLUSTER_ID_TAG}\` with the operator's own cluster id. Everything else is out of its reach, whatever an object says.`,
  Adopt:
    'Take over what belongs to nobody (`adoptionPolicy: Adopt`): put the tag where there is none yet. Leave it out where nothing is to be adopted.',
  Deregister:
    'Deregister old revisions of task definitions. IAM offers neither a resource nor a condition for this action; the operator deregisters only revisions that it registered itself.',
  PassRoles:
    'Hand the roles that task definitions and services name (task, execution, infrastructure) to ECS and to nobody else. **This is the way to more rights**: whoever may write objects may run tasks under every role that `Resource` covers, so narrow it to roles made for that, such as a path of their own.',
  AssumeRoles:
    "Act as the roles of the EcsAccounts, each of which is given one of the other policies. `sts:TagSession` is asked for wherever the new session has tags: those of `sessionTags`, and those that EKS Pod Identity puts on the operator's own session, which pass on to every role that is assumed from it. With other credentials and without `sessionTags` it can be left out.",
  LookAtScaling:
    'See what scales a service, and who put it there. IAM knows no resource for these calls. Without it, services that do not state `spec.scaling` are managed all the same: nobody then sees whether somebody else scales them.',
  Scale:
    'Put, change and remove scalable targets, policies and scheduled actions of ECS services (`spec.scaling`), and of nothing else that AWS scales. Leave it and those that follow out where nobody states it.',
  TagScaling: "Say that a scalable target is ours. No tags can be put without the operator's own cluster id.",
  UntagScaling: 'Take these tags off again, where a service is retained or gives scaling up.',
  LookAtAlarms:
    'Application Auto Scaling looks at the alarms of a policy in the name of whoever puts it. Alarms are listed, so this is held to none.',
  ScalingAlarms:
    'The alarms of target-tracking policies of ECS services, in `one-cluster` only of those of that cluster, and no other alarm. Application Auto Scaling makes the alarms of a target-tracking policy in the name of whoever puts the policy (ECS developer guide, "IAM permissions required for Amazon ECS service auto scaling").',
};
