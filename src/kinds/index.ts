import type { SchemaDefinition } from '../api/schema-definition.ts';
import { ecsClusterDefinition } from './ecs-cluster/definition.ts';
import { ecsCluster } from './ecs-cluster/kind.ts';
import { ecsServiceDefinition } from './ecs-service/definition.ts';
import { ecsService } from './ecs-service/kind.ts';
import { ecsTaskDefinitionDefinition } from './ecs-task-definition/definition.ts';
import { ecsTaskDefinition } from './ecs-task-definition/kind.ts';

/** Every kind's schema, rules and columns: what the generators read. */
export const DEFINITIONS: readonly SchemaDefinition[] = [
  ecsClusterDefinition,
  ecsTaskDefinitionDefinition,
  ecsServiceDefinition,
];

/** Every kind that the operator runs, in one line each. */
export const KINDS = [ecsCluster, ecsTaskDefinition, ecsService] as const;
