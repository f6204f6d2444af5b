import { printerColumns } from '../../api/printer-columns.ts';
import { defineKind } from '../../api/schema-definition.ts';
import { ECS_SERVICE_RULES } from './rules/rules.ts';
import { EcsServiceSpec, EcsServiceStatus } from './schema.ts';

export const ecsServiceDefinition = defineKind({
  kind: 'EcsService',
  plural: 'ecsservices',
  singular: 'ecsservice',
  shortNames: ['ecss'],
  description: 'A service in Amazon ECS: tasks of one task definition that are kept running on a cluster.',
  spec: EcsServiceSpec,
  status: EcsServiceStatus,
  rules: ECS_SERVICE_RULES,
  minimal: { taskDefinitionRef: { name: 'web' } },
  scale: {
    specReplicasPath: '.spec.desiredCount',
    statusReplicasPath: '.status.runningCount',
    labelSelectorPath: '.status.selector',
  },
  printerColumns: printerColumns(
    { name: 'Desired', type: 'integer', jsonPath: '.status.desiredCount', description: 'Tasks that are wanted.' },
    { name: 'Running', type: 'integer', jsonPath: '.status.runningCount', description: 'Tasks that run.' },
    { name: 'Rollout', type: 'string', jsonPath: '.status.rolloutState', description: 'How the newest deployment is.' },
    { name: 'Revision', type: 'string', jsonPath: '.status.revision', description: 'The revision that it runs.' },
  ),
});
