import type { Case } from './ecs-case.ts';
import { CLUSTER_CASES } from './ecs-cluster-cases.ts';
import { SCALING_CASES } from './ecs-scaling-cases.ts';
import { SERVICE_CASES } from './ecs-service-cases.ts';
import { TASK_DEFINITION_CASES } from './ecs-task-definition-cases.ts';

/** The facts about ECS, and about what scales its services, that the operator leans on. */
export const CASES: readonly Case[] = [...CLUSTER_CASES, ...TASK_DEFINITION_CASES, ...SERVICE_CASES, ...SCALING_CASES];
