import type {
  DeleteTaskDefinitionsRequest,
  DeleteTaskDefinitionsResponse,
  DeregisterTaskDefinitionRequest,
  DescribeTaskDefinitionRequest,
  DescribeTaskDefinitionResponse,
  Failure,
  RegisterTaskDefinitionRequest,
  RegisterTaskDefinitionResponse,
  TaskDefinition,
} from '@aws-sdk/client-ecs';
import { findTaskDefinition } from './addresses.ts';
import { taskDefinitionArn } from './arn.ts';
import { clientException, invalidParameter } from './refusals.ts';
import { requiredAttributes } from './required-attributes.ts';
import { checkDefinition } from './task-definition-checks.ts';
import { compatibilitiesOf } from './task-definition-compatibility.ts';
import { filledDefinition } from './task-definition-defaults.ts';
import { listTaskDefinitionFamilies, listTaskDefinitions } from './task-definition-lists.ts';
import type { Operation, TaskDefinitionRecord, World } from './world.ts';

// SDK documentation of DeleteTaskDefinitions.
const MAX_DELETED = 10;
/** How often a deleted revision is looked at for whether something still needs it; AWS states no time. */
const DELETING_MS = 60_000;

export const TASK_DEFINITION_OPERATIONS: Record<string, Operation> = {
  RegisterTaskDefinition: registerTaskDefinition,
  DescribeTaskDefinition: describeTaskDefinition,
  ListTaskDefinitions: listTaskDefinitions,
  ListTaskDefinitionFamilies: listTaskDefinitionFamilies,
  DeregisterTaskDefinition: deregisterTaskDefinition,
  DeleteTaskDefinitions: deleteTaskDefinitions,
};

/** Each registration is a revision, equal content or not; a number is never used twice. */
function registerTaskDefinition(world: World, input: RegisterTaskDefinitionRequest): RegisterTaskDefinitionResponse {
  const { tags = [], ...stated } = input;
  checkDefinition(stated);
  const filled = filledDefinition(world, stated);
  const compatibilities = compatibilitiesOf(filled);
  const family = stated.family ?? '';
  const revision = (world.familyRevisions.get(family) ?? 0) + 1;
  world.familyRevisions.set(family, revision);
  const definition: TaskDefinition = {
    ...filled,
    taskDefinitionArn: taskDefinitionArn(world, family, revision),
    family,
    revision,
    status: 'ACTIVE',
    requiresAttributes: requiredAttributes(filled),
    compatibilities,
    registeredAt: new Date(world.now()),
    registeredBy: `arn:aws:iam::${world.accountId}:root`,
  };
  world.taskDefinitions.set(definition.taskDefinitionArn ?? '', { definition, tags });
  return { taskDefinition: definition, tags };
}

/** By family the newest ACTIVE revision; by revision also one that is INACTIVE or being deleted. */
function describeTaskDefinition(world: World, input: DescribeTaskDefinitionRequest): DescribeTaskDefinitionResponse {
  const found = findTaskDefinition(world, input.taskDefinition ?? '');
  // The message is AWS's.
  if (found === undefined) throw clientException('Unable to describe task definition.');
  const hasTags = input.include?.includes('TAGS') === true;
  return { taskDefinition: found.definition, tags: hasTags ? found.tags : [] };
}

/** A second time changes nothing. A family alone names no revision (SDK documentation of DeregisterTaskDefinition). */
function deregisterTaskDefinition(
  world: World,
  input: DeregisterTaskDefinitionRequest,
): { taskDefinition: TaskDefinition } {
  const reference = input.taskDefinition ?? '';
  if (!/:\d+$/.test(reference)) throw clientException('Revision is missing.');
  const found = findTaskDefinition(world, reference);
  // Both messages are those that moto took from AWS.
  if (found === undefined) throw clientException('The specified task definition does not exist.');
  const { definition } = found;
  if (definition.status === 'ACTIVE') {
    definition.status = 'INACTIVE';
    definition.deregisteredAt = new Date(world.now());
  }
  return { taskDefinition: definition };
}

/** Only revisions that were deregistered; the others are told in `failures`. */
function deleteTaskDefinitions(world: World, input: DeleteTaskDefinitionsRequest): DeleteTaskDefinitionsResponse {
  const references = input.taskDefinitions ?? [];
  if (references.length === 0) throw invalidParameter('Task definitions cannot be empty.'); // wording unknown
  if (references.length > MAX_DELETED) {
    throw invalidParameter(`Task definitions can have at most ${MAX_DELETED} items.`); // wording unknown
  }
  const taskDefinitions: TaskDefinition[] = [];
  const failures: Failure[] = [];
  for (const reference of references) {
    const found = /:\d+$/.test(reference) ? findTaskDefinition(world, reference) : undefined;
    const reason = refusalOf(found);
    if (found === undefined || reason !== undefined) {
      failures.push({ arn: found?.definition.taskDefinitionArn ?? reference, reason });
      continue;
    }
    if (found.definition.status === 'INACTIVE') beginDeletion(world, found);
    taskDefinitions.push(found.definition);
  }
  return { taskDefinitions, failures };
}

/** Both messages are those that moto took from AWS. */
function refusalOf(found: TaskDefinitionRecord | undefined): string | undefined {
  if (found === undefined) {
    return 'The specified task definition identifier is invalid. Specify a valid name or ARN and try again.';
  }
  if (found.definition.status !== 'ACTIVE') return undefined;
  return 'The specified task definition is still in ACTIVE status. Please deregister the target and try again.';
}

/** SDK documentation of DeleteTaskDefinitions: it goes once no task, deployment or task set needs it any more. */
function beginDeletion(world: World, { definition }: TaskDefinitionRecord): void {
  definition.status = 'DELETE_IN_PROGRESS';
  definition.deleteRequestedAt = new Date(world.now());
  const arn = definition.taskDefinitionArn ?? '';
  const look = () => {
    if (isNeeded(world, arn)) world.later(DELETING_MS, look);
    else world.taskDefinitions.delete(arn);
  };
  world.later(DELETING_MS, look);
}

function isNeeded(world: World, arn: string): boolean {
  const isRun = [...world.tasks.values()].some(
    ({ task }) => task.taskDefinitionArn === arn && task.lastStatus !== 'STOPPED',
  );
  return (
    isRun ||
    [...world.services.values()].some(
      ({ service }) =>
        service.status !== 'INACTIVE' &&
        [service, ...(service.deployments ?? []), ...(service.taskSets ?? [])].some(
          ({ taskDefinition }) => taskDefinition === arn,
        ),
    )
  );
}
