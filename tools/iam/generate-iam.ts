import { stringify } from 'yaml';
import { entriesOf } from '../../src/lib/entries.ts';
import { permissionsPage } from './permissions-page.ts';
import { MEANINGS, PLACEHOLDERS, POLICIES, type Policy, type PolicyName } from './policies.ts';

const FOLDER = 'deploy/iam';

/** The policies as JSON and as CloudFormation, and the page that explains them. */
export function generateIam(): ReadonlyMap<string, string> {
  return new Map([
    ...entriesOf(POLICIES).flatMap(([name, policy]): [string, string][] => [
      [`${FOLDER}/${name}.json`, `${JSON.stringify(policy, undefined, 2)}\n`],
      [`${FOLDER}/cloudformation/${name}.yaml`, cloudFormation(name, policy)],
    ]),
    ['docs/reference/permissions.md', permissionsPage(POLICIES, MEANINGS)],
  ]);
}

interface Parameter {
  readonly name: string;
  readonly word: string;
  readonly description: string;
}

const PARAMETERS: readonly Parameter[] = [
  { name: 'ClusterId', word: PLACEHOLDERS.clusterId.word, description: 'The clusterId of the operator.' },
  { name: 'EcsCluster', word: PLACEHOLDERS.ecsCluster.word, description: 'The name of the one ECS cluster.' },
  { name: 'Roles', word: PLACEHOLDERS.roles.word, description: 'ARN pattern of the roles that may be passed.' },
  {
    name: 'AccountRoles',
    word: PLACEHOLDERS.accountRoles.word,
    description: 'ARN pattern of the roles that the EcsAccounts name.',
  },
];

/** A managed policy; the words to replace are parameters. */
function cloudFormation(name: PolicyName, policy: Policy): string {
  const text = JSON.stringify(policy);
  const parameters = PARAMETERS.filter(({ word }) => text.includes(word));
  const template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `What ecs-operator may do in AWS (${name})`,
    ...(parameters.length > 0 && {
      Parameters: Object.fromEntries(
        parameters.map(({ name: parameter, description }) => [parameter, { Type: 'String', Description: description }]),
      ),
    }),
    Resources: {
      Policy: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: withParameters(policy) } },
    },
    Outputs: { PolicyArn: { Value: { Ref: 'Policy' } } },
  };
  const header = '# Made from tools/iam/policies.ts by `make generate`: change it there.\n';
  return header + stringify(template, { lineWidth: 0, aliasDuplicateObjects: false });
}

function withParameters(value: unknown): unknown {
  if (typeof value === 'string') return withParameter(value);
  if (Array.isArray(value)) return value.map(withParameters);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withParameters(member)]));
}

function withParameter(text: string): unknown {
  const found = PARAMETERS.find(({ word }) => text.includes(word));
  if (found === undefined) return text;
  if (text === found.word) return { Ref: found.name };
  return { 'Fn::Sub': text.replace(found.word, `\${${found.name}}`) };
}
