import type {
  CreateTaskSetRequest,
  CreateTaskSetResponse,
  DeleteTaskSetRequest,
  DeleteTaskSetResponse,
  DescribeTaskSetsRequest,
  DescribeTaskSetsResponse,
  TaskSet,
  UpdateServicePrimaryTaskSetRequest,
  UpdateServicePrimaryTaskSetResponse,
  UpdateTaskSetRequest,
  UpdateTaskSetResponse,
} from '@aws-sdk/client-ecs';
import { findCluster, findService } from './addresses.ts';
import { usableDefinition } from './definitions.ts';
import { clusterNotFound, invalidParameter, serviceNotActive, serviceNotFound, taskSetNotFound } from './refusals.ts';
import { checkLaunch, checkNetwork } from './service-checks.ts';
import { wakeService } from './service-rollout.ts';
import { addTaskSet } from './task-set-record.ts';
import { answerOnce } from './tokens.ts';
import type { ServiceRecord, World } from './world.ts';

interface Named {
  cluster?: string | undefined;
  service?: string | undefined;
}

/** Only where the deployment controller is EXTERNAL; those of CODE_DEPLOY are made by CodeDeploy. */
export function createTaskSet(world: World, input: CreateTaskSetRequest): CreateTaskSetResponse {
  const record = activeService(world, input);
  return answerOnce(
    world,
    { action: `CreateTaskSet ${record.service.serviceArn}`, token: input.clientToken, input },
    () => invalidParameter('Creation of task set was not idempotent.'), // wording unknown
    () => begin(world, record, input),
  );
}

function begin(world: World, record: ServiceRecord, input: CreateTaskSetRequest): CreateTaskSetResponse {
  if (record.service.deploymentController?.type !== 'EXTERNAL') {
    throw invalidParameter('Task sets can only be created in services with the EXTERNAL deployment controller.'); // wording unknown
  }
  checkLaunch(input.launchType, input.capacityProviderStrategy);
  const definition = usableDefinition(world, input.taskDefinition ?? '');
  const { launchType, capacityProviderStrategy, networkConfiguration } = input;
  checkNetwork(
    {
      launchType: capacityProviderStrategy ? undefined : (launchType ?? 'EC2'),
      capacityProviderStrategy,
      networkConfiguration,
    },
    definition,
  );
  const taskSet = addTaskSet(world, record, { ...input, definition, status: 'ACTIVE' });
  wakeService(world, record);
  return { taskSet: { ...taskSet, tags: input.tags ?? [] } };
}

export function describeTaskSets(world: World, input: DescribeTaskSetsRequest): DescribeTaskSetsResponse {
  const record = serviceOf(world, input);
  const all = record.service.taskSets ?? [];
  const hasTags = input.include?.includes('TAGS') === true;
  const references = input.taskSets ?? all.map(({ id }) => id ?? '');
  const found = references.map((reference) => ({ reference, taskSet: pick(all, reference) }));
  return {
    taskSets: found.flatMap(({ taskSet }) => {
      if (taskSet === undefined) return [];
      return hasTags ? { ...taskSet, tags: record.rollouts.get(taskSet.id ?? '')?.tags ?? [] } : taskSet;
    }),
    failures: found
      .filter(({ taskSet }) => taskSet === undefined)
      .map(({ reference }) => ({ arn: reference, reason: 'MISSING' })),
  };
}

export function updateTaskSet(world: World, input: UpdateTaskSetRequest): UpdateTaskSetResponse {
  const record = activeService(world, input);
  const taskSet = locate(record, input.taskSet);
  taskSet.scale = { unit: 'PERCENT', value: 0, ...input.scale };
  touch(world, taskSet);
  wakeService(world, record);
  return { taskSet };
}

/** The former primary task set becomes ACTIVE and keeps its scale. */
export function updateServicePrimaryTaskSet(
  world: World,
  input: UpdateServicePrimaryTaskSetRequest,
): UpdateServicePrimaryTaskSetResponse {
  const record = activeService(world, input);
  const chosen = locate(record, input.primaryTaskSet);
  for (const taskSet of record.service.taskSets ?? []) {
    if (taskSet.status === 'PRIMARY') taskSet.status = 'ACTIVE';
  }
  chosen.status = 'PRIMARY';
  touch(world, chosen);
  // SDK documentation of UpdateServicePrimaryTaskSet: shared parameters are taken over by the service.
  Object.assign(record.service, {
    taskDefinition: chosen.taskDefinition,
    loadBalancers: chosen.loadBalancers,
    serviceRegistries: chosen.serviceRegistries,
    networkConfiguration: chosen.networkConfiguration,
  });
  wakeService(world, record);
  return { taskSet: chosen };
}

/** DRAINING while its tasks stop, then gone. */
export function deleteTaskSet(world: World, input: DeleteTaskSetRequest): DeleteTaskSetResponse {
  const record = activeService(world, input);
  const taskSet = locate(record, input.taskSet);
  if (input.force !== true && (taskSet.scale?.value ?? 0) > 0) {
    // SDK documentation of DeleteTaskSet.force; the wording is not known.
    throw invalidParameter('The task set cannot be deleted while it is scaled above 0.');
  }
  taskSet.status = 'DRAINING';
  touch(world, taskSet);
  wakeService(world, record);
  return { taskSet };
}

function touch(world: World, taskSet: TaskSet): void {
  taskSet.updatedAt = new Date(world.now());
}

function locate(record: ServiceRecord, reference: string | undefined): TaskSet {
  const found = pick(record.service.taskSets ?? [], reference ?? '');
  if (found === undefined) throw taskSetNotFound();
  return found;
}

function pick(taskSets: readonly TaskSet[], reference: string): TaskSet | undefined {
  return taskSets.find(
    ({ id, taskSetArn }) => id === reference || taskSetArn === reference || id === `ecs-svc/${reference}`,
  );
}

function activeService(world: World, named: Named): ServiceRecord {
  const record = serviceOf(world, named);
  if (record.service.status !== 'ACTIVE') throw serviceNotActive();
  return record;
}

function serviceOf(world: World, { cluster, service }: Named): ServiceRecord {
  const found = findCluster(world, cluster)?.cluster;
  if (found === undefined || found.status === 'INACTIVE') throw clusterNotFound();
  const record = findService(world, found.clusterArn ?? '', service ?? '');
  if (record === undefined) throw serviceNotFound();
  return record;
}
