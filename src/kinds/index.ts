import type { SchemaDefinition } from '../api/schema-definition.ts';
import { ecsAccountDefinition } from './ecs-account/definition.ts';
import { ecsAccount } from './ecs-account/kind.ts';
import { ecsClusterDefinition } from './ecs-cluster/definition.ts';
import { ecsCluster } from './ecs-cluster/kind.ts';
import { ecsServiceDefinition } from './ecs-service/definition.ts';
import { createEcsService } from './ecs-service/kind.ts';
import { ecsTaskDefinitionDefinition } from './ecs-task-definition/definition.ts';
import { ecsTaskDefinition } from './ecs-task-definition/kind.ts';

/** The schema, rules and columns of every kind that stands for something in ECS. All live in namespaces. */
export const DEFINITIONS: readonly SchemaDefinition[] = [
  ecsClusterDefinition,
  ecsTaskDefinitionDefinition,
  ecsServiceDefinition,
];

/** Those of every kind: what the generators read. */
export const ALL_DEFINITIONS: readonly SchemaDefinition[] = [...DEFINITIONS, ecsAccountDefinition];

/** Every kind that stands for something in ECS, in one line each, with whatever memory it has still empty. */
export function createKinds() {
  return [ecsCluster, ecsTaskDefinition, createEcsService()] as const;
}

/** For those who only read what the kinds say of themselves. */
export const KINDS = [...createKinds(), ecsAccount] as const;
