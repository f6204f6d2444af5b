import { printerColumns } from '../../api/printer-columns.ts';
import { defineKind } from '../../api/schema-definition.ts';
import { ECS_CLUSTER_RULES } from './rules.ts';
import { EcsClusterSpec, EcsClusterStatus } from './schema.ts';

export const ecsClusterDefinition = defineKind({
  kind: 'EcsCluster',
  plural: 'ecsclusters',
  singular: 'ecscluster',
  shortNames: ['ecsc'],
  description: 'A cluster in Amazon ECS.',
  spec: EcsClusterSpec,
  status: EcsClusterStatus,
  rules: ECS_CLUSTER_RULES,
  minimal: {},
  printerColumns: printerColumns(
    { name: 'State', type: 'string', jsonPath: '.status.state', description: "ECS's status of the cluster." },
    { name: 'Services', type: 'integer', jsonPath: '.status.activeServicesCount', description: 'Active services.' },
    { name: 'Running', type: 'integer', jsonPath: '.status.runningTasksCount', description: 'Running tasks.' },
    { name: 'Pending', type: 'integer', jsonPath: '.status.pendingTasksCount', description: 'Pending tasks.' },
  ),
});
