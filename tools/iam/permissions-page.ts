import { entriesOf } from '../../src/lib/entries.ts';
import { madeFrom } from '../made-from.ts';
import { PLACEHOLDERS, type Policy } from './policies.ts';

/** The page of AWS rights: the policies to take, and what each of their statements is for. */
export function permissionsPage(
  policies: Readonly<Record<string, Policy>>,
  meanings: Readonly<Record<string, string>>,
): string {
  const words = Object.values(PLACEHOLDERS).map(({ word, meaning }) => `| \`${word}\` | ${meaning} |`);
  const rows = entriesOf(meanings).map(([sid, meaning]) => {
    const names = entriesOf(policies).filter(([, policy]) => policy.Statement.some(({ Sid }) => Sid === sid));
    return `| \`${sid}\` | ${names.map(([name]) => `\`${name}\``).join(', ')} | ${meaning} |`;
  });
  const statements = entriesOf(policies).map(
    ([name, policy]) => `## ${name}\n\n\`\`\`json\n${JSON.stringify(policy, undefined, 2)}\n\`\`\``,
  );
  return `${madeFrom('tools/iam/policies.ts', 'src/aws/actions.ts')}
# AWS permissions

The operator calls the actions of ECS, of Application Auto Scaling and of STS that are named here and no others, with the credentials that the AWS SDK's chain finds, or with those of the roles that EcsAccounts name.
\`sts:GetCallerIdentity\`, by which it looks whether such a role works, needs no right.
Which calls of ECS those are comes from the table by which it paces them; that the policies allow what it does is tested in all its scenarios.

| policy | for |
| --- | --- |
| \`all-clusters\` | an operator that manages every cluster its objects name |
| \`one-cluster\` | an operator that manages one ECS cluster, and task definitions |
| \`observe-only\` | an operator whose objects all say \`managementPolicy: Observe\` |
| \`assume-roles\` | an operator that acts through [EcsAccounts](../guides/accounts.md); one of the others goes to the role of each account |

Each is there as JSON and as CloudFormation in [\`deploy/iam\`](../../deploy/iam/README.md), which also holds a Terraform module.

| word to replace | with |
| --- | --- |
${words.join('\n')}

In other partitions of AWS, such as China's, write that partition for \`aws\` in the ARNs.

## What each statement is for

| statement | in | what for |
| --- | --- | --- |
${rows.join('\n')}

Where the account has never scaled a service, the first scalable target makes its service-linked role, which takes \`iam:CreateServiceLinkedRole\` for \`ecs.application-autoscaling.amazonaws.com\` once.

Where the account has never used ECS, the first cluster or service makes ECS's service-linked role.
That takes \`iam:CreateServiceLinkedRole\` for \`ecs.amazonaws.com\` once, by anybody.

${statements.join('\n\n')}
`;
}
