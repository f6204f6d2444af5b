import { ACTION_GROUPS, isRead, permissionTo } from '../src/aws/actions.ts';
import { madeFrom } from './made-from.ts';

const PAGE = 'docs/reference/permissions.md';

/** The page of AWS rights, from the table of actions that the gateway paces its calls by. */
export function generatePermissions(): ReadonlyMap<string, string> {
  const actions = Object.values(ACTION_GROUPS).flatMap((group): readonly string[] => group.actions);
  const reads = actions.filter(isRead);
  const writes = actions.filter((action) => !isRead(action));
  const page = `${madeFrom('src/aws/actions.ts')}
# AWS permissions

The operator calls these actions of ECS and of Application Auto Scaling and no others, with the credentials that the AWS SDK's chain finds.

\`\`\`json
${JSON.stringify(policyOf(reads, writes), undefined, 2)}
\`\`\`

| statement | what for |
| --- | --- |
| \`Look\` | compare objects with ECS; all that \`managementPolicy: Observe\` needs |
| \`Change\` | create, change, tag and delete; \`TagResource\` also lets resources be made with tags, which say whose they are |
| \`PassRoles\` | hand the roles that task definitions and services name (task, execution, infrastructure) on to ECS; narrow \`Resource\` to those |

Where services have \`spec.scaling\`, AWS asks for three rights more, as Application Auto Scaling makes alarms in the name of who puts a policy: \`cloudwatch:DescribeAlarms\`, \`cloudwatch:PutMetricAlarm\`, \`cloudwatch:DeleteAlarms\` (ECS developer guide, "IAM permissions required for Amazon ECS service auto scaling").
Where the account has never scaled a service, the first scalable target makes its service-linked role, which takes \`iam:CreateServiceLinkedRole\` for \`ecs.application-autoscaling.amazonaws.com\` once.
Without the rights to \`application-autoscaling\`, services that do not state \`spec.scaling\` are managed all the same: nobody then sees whether somebody else scales them.

Where the account has never used ECS, the first cluster or service makes ECS's service-linked role.
That takes \`iam:CreateServiceLinkedRole\` for \`ecs.amazonaws.com\` once, by anybody.

Narrow \`Change\` to resources with the tag \`ecs-operator.dev/cluster-id\` only after adoption is done: what is adopted has no such tag yet.
`;
  return new Map([[PAGE, page]]);
}

function policyOf(reads: readonly string[], writes: readonly string[]): object {
  return {
    Version: '2012-10-17',
    Statement: [
      { Sid: 'Look', Effect: 'Allow', Action: reads.map(permissionTo).toSorted(), Resource: '*' },
      { Sid: 'Change', Effect: 'Allow', Action: writes.map(permissionTo).toSorted(), Resource: '*' },
      {
        Sid: 'PassRoles',
        Effect: 'Allow',
        Action: 'iam:PassRole',
        Resource: '*',
        Condition: { StringEquals: { 'iam:PassedToService': ['ecs-tasks.amazonaws.com', 'ecs.amazonaws.com'] } },
      },
    ],
  };
}
