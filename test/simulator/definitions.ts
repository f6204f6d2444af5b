import type { TaskDefinition } from '@aws-sdk/client-ecs';
import { findTaskDefinition } from './addresses.ts';
import { clientException } from './refusals.ts';
import type { World } from './world.ts';

/** The definition that a service is to run; it must be ACTIVE. Both messages are AWS's. */
export function usableDefinition(world: World, reference: string): TaskDefinition {
  const found = findTaskDefinition(world, reference)?.definition;
  if (found === undefined || found.status === 'DELETE_IN_PROGRESS') throw clientException('TaskDefinition not found.');
  if (found.status !== 'ACTIVE') throw clientException('TaskDefinition is inactive');
  return found;
}
