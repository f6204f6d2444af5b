import type {
  ContainerInstance,
  DeregisterContainerInstanceRequest,
  DeregisterContainerInstanceResponse,
  DescribeContainerInstancesRequest,
  DescribeContainerInstancesResponse,
  ListContainerInstancesRequest,
  ListContainerInstancesResponse,
} from '@aws-sdk/client-ecs';
import { findCluster } from './addresses.ts';
import { pageOf } from './paging.ts';
import { clusterNotFound, invalidParameter } from './refusals.ts';
import { stopTask } from './task-lifecycle.ts';
import { listenerFor } from './tasks.ts';
import type { ClusterRecord, Operation, TaskRecord, World } from './world.ts';

// SDK documentation of ListContainerInstances and DescribeContainerInstances.
const LIST = { usual: 100, most: 100 };
const MAX_DESCRIBED = 100;

/** Registration is left out: agents do that, not users. Instances come with their cluster, or a test adds their ARNs. */
export const CONTAINER_INSTANCE_OPERATIONS: Record<string, Operation> = {
  ListContainerInstances: listContainerInstances,
  DescribeContainerInstances: describeContainerInstances,
  DeregisterContainerInstance: deregisterContainerInstance,
};

function listContainerInstances(world: World, input: ListContainerInstancesRequest): ListContainerInstancesResponse {
  const { containerInstances } = livingCluster(world, input.cluster);
  const { items, nextToken } = pageOf([...containerInstances], input, LIST);
  return { containerInstanceArns: items, nextToken };
}

function describeContainerInstances(
  world: World,
  input: DescribeContainerInstancesRequest,
): DescribeContainerInstancesResponse {
  const references = input.containerInstances ?? [];
  if (references.length === 0) throw invalidParameter('Container instances cannot be empty.'); // wording unknown
  if (references.length > MAX_DESCRIBED) {
    throw invalidParameter(`Container instances can have at most ${MAX_DESCRIBED} items.`); // wording unknown
  }
  const record = livingCluster(world, input.cluster);
  const found = references.map((reference) => ({ reference, arn: pick(record, reference) }));
  return {
    containerInstances: found.flatMap(({ arn }) => (arn === undefined ? [] : [shown(world, arn)])),
    failures: found
      .filter(({ arn }) => arn === undefined)
      .map(({ reference }) => ({ arn: reference, reason: 'MISSING' })),
  };
}

/** SDK documentation of DeregisterContainerInstance.force: needed while tasks run on it; services place them anew. */
function deregisterContainerInstance(
  world: World,
  input: DeregisterContainerInstanceRequest,
): DeregisterContainerInstanceResponse {
  const record = livingCluster(world, input.cluster);
  const arn = pick(record, input.containerInstance ?? '');
  if (arn === undefined) throw invalidParameter('Referenced container instance was not found.'); // wording unknown
  const tasks = tasksOn(world, arn);
  if (tasks.length > 0 && input.force !== true) {
    throw invalidParameter('Found running tasks on the instance.'); // wording unknown
  }
  const last = shown(world, arn);
  record.containerInstances.delete(arn);
  for (const task of tasks) {
    const cause = { code: 'TerminationNotice', reason: 'Host EC2 instance deregistered' } as const; // wording unknown
    stopTask(world, task, cause, listenerFor(world, task));
  }
  return { containerInstance: { ...last, status: 'INACTIVE' } };
}

function tasksOn(world: World, arn: string): TaskRecord[] {
  return [...world.tasks.values()].filter(
    ({ task }) => task.containerInstanceArn === arn && task.lastStatus !== 'STOPPED',
  );
}

function shown(world: World, arn: string): ContainerInstance {
  const tasks = tasksOn(world, arn);
  const runningTasksCount = tasks.filter(({ task }) => task.lastStatus === 'RUNNING').length;
  return {
    containerInstanceArn: arn,
    status: 'ACTIVE',
    agentConnected: true,
    runningTasksCount,
    pendingTasksCount: tasks.length - runningTasksCount,
    attributes: [],
    attachments: [],
    tags: [],
  };
}

function pick({ containerInstances }: ClusterRecord, reference: string): string | undefined {
  return [...containerInstances].find((arn) => arn === reference || arn.endsWith(`/${reference}`));
}

function livingCluster(world: World, reference: string | undefined): ClusterRecord {
  const record = findCluster(world, reference);
  if (record === undefined || record.cluster.status === 'INACTIVE') throw clusterNotFound();
  return record;
}
