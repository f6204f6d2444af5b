import type {
  DescribeTasksRequest,
  DescribeTasksResponse,
  ListTasksRequest,
  ListTasksResponse,
  StopTaskRequest,
  StopTaskResponse,
  Task,
} from '@aws-sdk/client-ecs';
import { findCluster, serviceArnOf } from './addresses.ts';
import { pageOf } from './paging.ts';
import { clusterNotFound, invalidParameter, serviceNotFound } from './refusals.ts';
import { listenerOf } from './service-rollout.ts';
import { stopTask, type TaskListener } from './task-lifecycle.ts';
import type { TaskRecord, World } from './world.ts';

// SDK documentation of ListTasks and DescribeTasks.
const LIST = { usual: 100, most: 100 };
const MAX_DESCRIBED = 100;

/** Without a filter on it, tasks that are to be RUNNING (SDK documentation of ListTasks.desiredStatus). */
export function listTasks(world: World, input: ListTasksRequest): ListTasksResponse {
  const clusterArn = clusterArnOf(world, input.cluster);
  const desired = input.desiredStatus ?? 'RUNNING';
  const serviceArn = input.serviceName === undefined ? undefined : serviceArnOf(clusterArn, input.serviceName);
  if (serviceArn !== undefined && !world.services.has(serviceArn)) throw serviceNotFound();
  const group = serviceArn === undefined ? undefined : `service:${serviceArn.split('/').at(-1)}`;
  const arns: string[] = [];
  for (const [arn, { task }] of world.tasks) {
    if (task.clusterArn !== clusterArn || task.desiredStatus !== desired) continue;
    if (group !== undefined && task.group !== group) continue;
    if (input.startedBy !== undefined && task.startedBy !== input.startedBy) continue;
    if (input.family !== undefined && familyOf(task) !== input.family) continue;
    if (input.launchType !== undefined && task.launchType !== input.launchType) continue;
    if (
      input.containerInstance !== undefined &&
      task.containerInstanceArn?.endsWith(input.containerInstance) !== true
    ) {
      continue;
    }
    arns.push(arn);
  }
  const { items, nextToken } = pageOf(arns, input, LIST);
  return { taskArns: items, nextToken };
}

export function describeTasks(world: World, input: DescribeTasksRequest): DescribeTasksResponse {
  const references = input.tasks ?? [];
  if (references.length === 0) throw invalidParameter('Tasks cannot be empty.');
  if (references.length > MAX_DESCRIBED) {
    throw invalidParameter(`Tasks can have at most ${MAX_DESCRIBED} items.`); // wording unknown
  }
  const clusterArn = clusterArnOf(world, input.cluster);
  const hasTags = input.include?.includes('TAGS') === true;
  const found = references.map((reference) => ({ reference, record: findTask(world, clusterArn, reference) }));
  return {
    tasks: found.flatMap(({ record }) =>
      record === undefined ? [] : [hasTags ? { ...record.task, tags: record.tags } : record.task],
    ),
    failures: found
      .filter(({ record }) => record === undefined)
      .map(({ reference }) => ({ arn: taskArnOf(clusterArn, reference), reason: 'MISSING' })),
  };
}

/** A second call on a task that is on its way out answers it as it is. */
export function stopTaskByUser(world: World, input: StopTaskRequest): StopTaskResponse {
  const record = findTask(world, clusterArnOf(world, input.cluster), input.task ?? '');
  if (record === undefined) throw invalidParameter('The referenced task was not found.');
  // Developer guide, "Amazon ECS stopped tasks error messages".
  const cause = { code: 'UserInitiated', reason: input.reason ?? 'Task stopped by user' } as const;
  stopTask(world, record, cause, listenerFor(world, record));
  const service = serviceOf(world, record);
  if (service !== undefined) world.later(0, () => listenerOf(service)(world, record, 'changed'));
  return { task: record.task };
}

/** The service that a task belongs to listens to it; one of RunTask has nobody. */
export function listenerFor(world: World, record: TaskRecord): TaskListener {
  const service = serviceOf(world, record);
  return service === undefined ? () => undefined : listenerOf(service);
}

export function findTask(world: World, clusterArn: string, reference: string): TaskRecord | undefined {
  const record = world.tasks.get(taskArnOf(clusterArn, reference));
  return record?.task.clusterArn === clusterArn ? record : undefined;
}

export function clusterArnOf(world: World, reference: string | undefined): string {
  const cluster = findCluster(world, reference)?.cluster;
  if (cluster === undefined || cluster.status === 'INACTIVE') throw clusterNotFound();
  return cluster.clusterArn ?? '';
}

function serviceOf(world: World, { task }: TaskRecord) {
  if (task.group?.startsWith('service:') !== true) return undefined;
  const record = world.services.get(serviceArnOf(task.clusterArn ?? '', task.group.slice('service:'.length)));
  return record?.taskArns.has(task.taskArn ?? '') === true ? record : undefined;
}

function taskArnOf(clusterArn: string, reference: string): string {
  if (reference.startsWith('arn:')) return reference;
  return `${clusterArn.replace(':cluster/', ':task/')}/${reference}`;
}

function familyOf(task: Task): string | undefined {
  return task.taskDefinitionArn?.split('/').at(-1)?.split(':')[0];
}
