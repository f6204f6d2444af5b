import type {
  Attachment,
  Container,
  LaunchType,
  NetworkConfiguration,
  Tag,
  Task,
  TaskDefinition,
  TaskOverride,
  TaskStopCode,
} from '@aws-sdk/client-ecs';
import type { TaskBehaviour, TaskRecord, World } from './world.ts';

/** All that a task is made of. */
export interface TaskWish {
  clusterArn: string;
  definition: TaskDefinition;
  group: string;
  startedBy: string | undefined;
  launchType: LaunchType | undefined;
  capacityProviderName: string | undefined;
  platformVersion: string | undefined;
  platformFamily: string | undefined;
  containerInstanceArn: string | undefined;
  networkConfiguration: NetworkConfiguration | undefined;
  enableExecuteCommand: boolean;
  overrides: TaskOverride;
  tags: Tag[];
}

/** `failed` and `unhealthy` are told at the moment of failure; `changed` is any other move that changes a count. */
type TaskMove = 'running' | 'failed' | 'unhealthy' | 'changed' | 'stopped';

/** Told after each move of a task; the scheduler of its service listens. */
export type TaskListener = (world: World, record: TaskRecord, move: TaskMove) => void;

interface StopCause {
  code: TaskStopCode;
  reason: string;
}

export function imagesOf(definition: TaskDefinition): string[] {
  return (definition.containerDefinitions ?? []).flatMap(({ image }) => (image === undefined ? [] : [image]));
}

/** Puts a task in PROVISIONING; what its images do decides the rest of its life. */
export function startTask(world: World, wish: TaskWish, listen: TaskListener): TaskRecord {
  const record: TaskRecord = { task: newTask(world, wish), tags: wish.tags };
  world.tasks.set(record.task.taskArn ?? '', record);
  const behaviour = world.behaviours.of(imagesOf(wish.definition));
  // The states a task passes before RUNNING: developer guide, "Amazon ECS task lifecycle".
  world.later(behaviour.afterMs / 3, () => {
    if (isWanted(record)) enter(record, 'PENDING');
  });
  if (behaviour.becomes !== 'stuck-pending') {
    world.later(behaviour.afterMs, () => {
      if (isWanted(record)) reach(world, record, { wish, behaviour }, listen);
    });
  }
  return record;
}

/** Asks a task to stop. A task that is already on its way out stays on it. */
export function stopTask(world: World, record: TaskRecord, cause: StopCause, listen: TaskListener): void {
  const { task } = record;
  if (!isWanted(record)) return;
  task.desiredStatus = 'STOPPED';
  task.stopCode = cause.code;
  task.stoppedReason = cause.reason;
  task.stoppingAt = new Date(world.now());
  enter(record, task.lastStatus === 'RUNNING' ? 'STOPPING' : 'DEPROVISIONING');
  world.later(world.timings.taskStopMs / 2, () => enter(record, 'DEPROVISIONING'));
  world.later(world.timings.taskStopMs, () => {
    enter(record, 'STOPPED');
    task.executionStoppedAt = task.stoppingAt;
    task.stoppedAt = new Date(world.now());
    for (const attachment of task.attachments ?? []) attachment.status = 'DELETED';
    listen(world, record, 'stopped');
    world.later(world.timings.stoppedTaskVisibleMs, () => world.tasks.delete(task.taskArn ?? ''));
  });
}

/** Whether nobody and nothing has asked this task to stop. */
export function isWanted({ task }: TaskRecord): boolean {
  return task.desiredStatus === 'RUNNING';
}

export function isHealthy(record: TaskRecord): boolean {
  const { lastStatus, healthStatus } = record.task;
  return isWanted(record) && lastStatus === 'RUNNING' && healthStatus !== 'UNHEALTHY';
}

function reach(
  world: World,
  record: TaskRecord,
  { wish, behaviour }: { wish: TaskWish; behaviour: TaskBehaviour },
  listen: TaskListener,
): void {
  switch (behaviour.becomes) {
    case 'running':
    case 'unhealthy':
      run(world, record, { wish, behaviour }, listen);
      return;
    case 'cannot-pull':
    case 'no-capacity':
    case 'stuck-pending':
      fail(world, record, { code: 'TaskFailedToStart', reason: cannotPull(wish, behaviour) }, listen);
      for (const container of record.task.containers ?? []) container.reason = cannotPull(wish, behaviour);
      return;
    case 'exits':
      for (const container of record.task.containers ?? []) {
        container.exitCode = behaviour.exitCode ?? 1;
        if (behaviour.reason !== undefined) container.reason = behaviour.reason;
      }
      // Developer guide, "Amazon ECS stopped tasks error messages".
      fail(world, record, { code: 'EssentialContainerExited', reason: 'Essential container in task exited' }, listen);
  }
}

function run(
  world: World,
  record: TaskRecord,
  { wish, behaviour }: { wish: TaskWish; behaviour: TaskBehaviour },
  listen: TaskListener,
): void {
  const { task } = record;
  const at = new Date(world.now());
  enter(record, 'RUNNING');
  Object.assign(task, {
    pullStartedAt: at,
    pullStoppedAt: at,
    startedAt: at,
    connectivity: 'CONNECTED',
    connectivityAt: at,
  });
  for (const attachment of task.attachments ?? []) attachment.status = 'ATTACHED';
  const isChecked = (wish.definition.containerDefinitions ?? []).some(({ healthCheck }) => healthCheck !== undefined);
  if (behaviour.becomes === 'running') {
    task.healthStatus = isChecked ? 'HEALTHY' : 'UNKNOWN';
    listen(world, record, 'running');
    return;
  }
  // Not yet healthy for the scheduler either: it must not drain the old tasks for the sake of this one.
  task.healthStatus = 'UNHEALTHY';
  listen(world, record, 'changed');
  world.later(world.timings.healthCheckMs, () => {
    if (!isWanted(record)) return;
    for (const container of task.containers ?? []) container.healthStatus = 'UNHEALTHY';
    listen(world, record, 'unhealthy');
  });
}

function fail(world: World, record: TaskRecord, cause: StopCause, listen: TaskListener): void {
  stopTask(world, record, cause, listen);
  listen(world, record, 'failed');
}

// The wording of a pull that finds nothing: developer guide, "CannotPullContainer task errors".
function cannotPull({ definition }: TaskWish, { reason, image }: TaskBehaviour): string {
  const bad = imagesOf(definition).find((text) => image.test(text)) ?? imagesOf(definition)[0] ?? '';
  return (
    reason ??
    `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${bad}: ${bad}: not found`
  );
}

const CONTAINER_STATUS: Record<string, string> = { RUNNING: 'RUNNING', DEPROVISIONING: 'STOPPED', STOPPED: 'STOPPED' };

function enter({ task }: TaskRecord, status: string): void {
  if (task.lastStatus === status) return;
  task.lastStatus = status;
  task.version = (task.version ?? 0) + 1;
  for (const container of task.containers ?? []) {
    container.lastStatus = CONTAINER_STATUS[status] ?? container.lastStatus;
  }
}

function newTask(world: World, wish: TaskWish): Task {
  const id = world.hex(32);
  const taskArn = `${wish.clusterArn.replace(':cluster/', ':task/')}/${id}`;
  return {
    taskArn,
    clusterArn: wish.clusterArn,
    taskDefinitionArn: wish.definition.taskDefinitionArn,
    group: wish.group,
    startedBy: wish.startedBy,
    launchType: wish.launchType,
    capacityProviderName: wish.capacityProviderName,
    platformVersion: wish.platformVersion,
    platformFamily: wish.platformFamily,
    containerInstanceArn: wish.containerInstanceArn,
    availabilityZone: `${world.region}a`,
    createdAt: new Date(world.now()),
    desiredStatus: 'RUNNING',
    lastStatus: 'PROVISIONING',
    healthStatus: 'UNKNOWN',
    enableExecuteCommand: wish.enableExecuteCommand,
    overrides: { containerOverrides: [], inferenceAcceleratorOverrides: [], ...wish.overrides },
    cpu: wish.definition.cpu,
    memory: wish.definition.memory,
    ephemeralStorage: wish.definition.ephemeralStorage,
    version: 1,
    attributes: [],
    attachments: attachmentsOf(world, wish),
    containers: (wish.definition.containerDefinitions ?? []).map(
      (container): Container => ({
        containerArn: `${wish.clusterArn.replace(':cluster/', ':container/')}/${id}/${world.hex(32)}`,
        taskArn,
        name: container.name,
        image: container.image,
        lastStatus: 'PENDING',
        networkInterfaces: [],
        healthStatus: 'UNKNOWN',
        cpu: String(container.cpu ?? 0),
        ...(container.memory === undefined ? {} : { memory: String(container.memory) }),
      }),
    ),
  };
}

function attachmentsOf(world: World, { definition, networkConfiguration }: TaskWish): Attachment[] {
  if (definition.networkMode !== 'awsvpc') return [];
  const subnet = networkConfiguration?.awsvpcConfiguration?.subnets?.[0];
  return [
    {
      id: world.hex(32),
      type: 'ElasticNetworkInterface',
      status: 'PRECREATED',
      details: [
        ...(subnet === undefined ? [] : [{ name: 'subnetId', value: subnet }]),
        { name: 'networkInterfaceId', value: `eni-${world.hex(17)}` },
      ],
    },
  ];
}
