import { printerColumns } from '../../api/printer-columns.ts';
import { defineKind } from '../../api/schema-definition.ts';
import { ECS_TASK_DEFINITION_RULES } from './rules/rules.ts';
import { EcsTaskDefinitionSpec, EcsTaskDefinitionStatus } from './schema.ts';

export const ecsTaskDefinitionDefinition = defineKind({
  kind: 'EcsTaskDefinition',
  plural: 'ecstaskdefinitions',
  singular: 'ecstaskdefinition',
  shortNames: ['ecstd'],
  description: 'A task definition in Amazon ECS: a family, of which each change registers a revision.',
  spec: EcsTaskDefinitionSpec,
  status: EcsTaskDefinitionStatus,
  rules: ECS_TASK_DEFINITION_RULES,
  minimal: { containerDefinitions: [{ name: 'app', image: 'busybox', memory: 128 }] },
  printerColumns: printerColumns(
    { name: 'Revision', type: 'string', jsonPath: '.status.revision', description: 'The revision of this content.' },
    { name: 'CPU', type: 'string', jsonPath: '.spec.cpu', description: 'CPU of the task.' },
    { name: 'Memory', type: 'string', jsonPath: '.spec.memory', description: 'Memory of the task.' },
  ),
});
