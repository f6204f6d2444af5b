import type { SchemaDefinition } from '../api/schema-definition.ts';
import { ecsClusterDefinition } from './ecs-cluster/definition.ts';

/** Every kind's schema, rules and columns: what the generators read. */
export const DEFINITIONS: readonly SchemaDefinition[] = [ecsClusterDefinition];
