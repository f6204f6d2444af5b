import type {
  Failure,
  GetTaskProtectionRequest,
  GetTaskProtectionResponse,
  ProtectedTask,
  UpdateTaskProtectionRequest,
  UpdateTaskProtectionResponse,
} from '@aws-sdk/client-ecs';
import { invalidParameter } from './refusals.ts';
import { isProtected } from './service-tasks.ts';
import { isWanted } from './task-lifecycle.ts';
import { clusterArnOf, findTask, listenerFor } from './tasks.ts';
import type { TaskRecord, World } from './world.ts';

// SDK documentation of UpdateTaskProtection and GetTaskProtection.
const MAX_UPDATED = 10;
const MAX_READ = 100;
const USUAL_MINUTES = 120;
const MAX_MINUTES = 2_880;

export function updateTaskProtection(world: World, input: UpdateTaskProtectionRequest): UpdateTaskProtectionResponse {
  const minutes = input.expiresInMinutes ?? USUAL_MINUTES;
  if (minutes < 1 || minutes > MAX_MINUTES) {
    throw invalidParameter(`expiresInMinutes must be between 1 and ${MAX_MINUTES}.`); // wording unknown
  }
  return each(world, { ...input, most: MAX_UPDATED }, (record) => {
    const endsAt = world.now() + minutes * 60_000;
    record.protectedUntil = input.protectionEnabled === true ? endsAt : undefined;
    const listen = listenerFor(world, record);
    world.later(input.protectionEnabled === true ? minutes * 60_000 : 0, () => listen(world, record, 'changed'));
  });
}

export function getTaskProtection(world: World, input: GetTaskProtectionRequest): GetTaskProtectionResponse {
  return each(world, { ...input, most: MAX_READ }, () => undefined);
}

function each(
  world: World,
  { cluster, tasks = [], most }: { cluster: string | undefined; tasks?: string[] | undefined; most: number },
  act: (record: TaskRecord) => void,
): { protectedTasks: ProtectedTask[]; failures: Failure[] } {
  if (tasks.length === 0) throw invalidParameter('Tasks cannot be empty.');
  if (tasks.length > most) throw invalidParameter(`Tasks can have at most ${most} items.`); // wording unknown
  const clusterArn = clusterArnOf(world, cluster);
  const protectedTasks: ProtectedTask[] = [];
  const failures: Failure[] = [];
  for (const reference of tasks) {
    const record = findTask(world, clusterArn, reference);
    const reason = reasonAgainst(record);
    if (record === undefined || reason !== undefined) {
      failures.push({ arn: record?.task.taskArn ?? reference, reason });
      continue;
    }
    act(record);
    protectedTasks.push(shown(world, record));
  }
  return { protectedTasks, failures };
}

/** SDK documentation of UpdateTaskProtection: only tasks of a service; reasons by the developer guide. */
function reasonAgainst(record: TaskRecord | undefined): string | undefined {
  if (record === undefined) return 'MISSING';
  if (record.task.group?.startsWith('service:') !== true) return 'TASK_NOT_VALID';
  return isWanted(record) ? undefined : 'TASK_NOT_VALID';
}

function shown(world: World, record: TaskRecord): ProtectedTask {
  const isOn = isProtected(world, record);
  return {
    taskArn: record.task.taskArn,
    protectionEnabled: isOn,
    ...(isOn ? { expirationDate: new Date(record.protectedUntil ?? 0) } : {}),
  };
}
