import type { SchemaDefinition } from '../api/schema-definition.ts';
import { ecsClusterDefinition } from './ecs-cluster/definition.ts';
import { ecsCluster } from './ecs-cluster/kind.ts';
import { ecsServiceDefinition } from './ecs-service/definition.ts';
import { createEcsService } from './ecs-service/kind.ts';
import { ecsTaskDefinitionDefinition } from './ecs-task-definition/definition.ts';
import { ecsTaskDefinition } from './ecs-task-definition/kind.ts';

/** Every kind's schema, rules and columns: what the generators read. */
export const DEFINITIONS: readonly SchemaDefinition[] = [
  ecsClusterDefinition,
  ecsTaskDefinitionDefinition,
  ecsServiceDefinition,
];

/** Every kind that an operator runs, in one line each, with whatever memory it has still empty. */
export function createKinds() {
  return [ecsCluster, ecsTaskDefinition, createEcsService()] as const;
}

/** For those who only read what the kinds say of themselves. */
export const KINDS = createKinds();
