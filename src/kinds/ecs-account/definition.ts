import { printerColumns } from '../../api/printer-columns.ts';
import { defineClusterKind } from '../../api/schema-definition.ts';
import { ECS_ACCOUNT_RULES } from './rules.ts';
import { EcsAccountSpec, EcsAccountStatus } from './schema.ts';

export const ecsAccountDefinition = defineClusterKind({
  kind: 'EcsAccount',
  plural: 'ecsaccounts',
  singular: 'ecsaccount',
  shortNames: ['ecsa'],
  description: 'An AWS account that namespaces use Amazon ECS of. Cluster-scoped, for administrators.',
  spec: EcsAccountSpec,
  status: EcsAccountStatus,
  rules: ECS_ACCOUNT_RULES,
  minimal: { roleArn: 'arn:aws:iam::123456789012:role/ecs-operator', namespaceSelector: {} },
  printerColumns: printerColumns(
    { name: 'Account', type: 'string', jsonPath: '.status.accountId', description: 'AWS account that the role is in.' },
    { name: 'Used', type: 'integer', jsonPath: '.status.usedBy', description: 'Objects that use the account.' },
  ),
});
