import type { CreateTaskSetRequest, TaskDefinition, TaskSet } from '@aws-sdk/client-ecs';
import { arnBelow } from './addresses.ts';
import { freshRollout } from './primary-deployment.ts';
import { filledNetwork, filledRegistries, filledStrategy, platformFamilyOf, usesFargate } from './service-defaults.ts';
import { EVENTS, tell } from './service-events.ts';
import { lower, raise, type Turn } from './service-levels.ts';
import { decimals, resolvedPlatform } from './service-revisions.ts';
import { tasksOf } from './service-tasks.ts';
import { isHealthy, isWanted } from './task-lifecycle.ts';
import type { ServiceRecord, World } from './world.ts';

type Wish = Partial<CreateTaskSetRequest> & {
  definition: TaskDefinition;
  status: 'PRIMARY' | 'ACTIVE';
  startedBy?: string;
};

/** A task set as ECS answers it (SDK: `TaskSet`, `Scale`: full scale by default, LATEST told as the version it stands for). */
export function addTaskSet(world: World, record: ServiceRecord, wish: Wish): TaskSet {
  const { service } = record;
  const id = `ecs-svc/${decimals(world, 19)}`;
  const now = new Date(world.now());
  const strategy = filledStrategy(wish.capacityProviderStrategy ?? []);
  const capacity =
    strategy.length > 0 ? { capacityProviderStrategy: strategy } : { launchType: wish.launchType ?? ('EC2' as const) };
  const platform = usesFargate(capacity)
    ? { platformVersion: wish.platformVersion ?? 'LATEST', platformFamily: platformFamilyOf(wish.definition) }
    : {};
  const taskSet: TaskSet = structuredClone({
    id,
    taskSetArn: arnBelow(service.serviceArn ?? '', 'task-set', id),
    serviceArn: service.serviceArn,
    clusterArn: service.clusterArn,
    startedBy: wish.startedBy,
    externalId: wish.externalId,
    status: wish.status,
    taskDefinition: wish.definition.taskDefinitionArn,
    computedDesiredCount: 0,
    pendingCount: 0,
    runningCount: 0,
    createdAt: now,
    updatedAt: now,
    ...capacity,
    ...platform,
    ...(platform.platformVersion === undefined ? {} : { platformVersion: resolvedPlatform(platform) }),
    networkConfiguration: filledNetwork(wish.networkConfiguration),
    loadBalancers: wish.loadBalancers ?? [],
    serviceRegistries: filledRegistries(wish.serviceRegistries ?? []),
    scale: { unit: 'PERCENT' as const, value: 100, ...wish.scale },
    stabilityStatus: 'STABILIZING' as const,
    stabilityStatusAt: now,
  });
  service.taskSets = [taskSet, ...(service.taskSets ?? [])];
  record.rollouts.set(id, { ...freshRollout('', undefined), tags: structuredClone(wish.tags ?? []) });
  return taskSet;
}

/** One turn for the task sets of a service: each at its share of the desired count, rounded up. */
export function stepTaskSets(world: World, record: ServiceRecord, turn: Turn): void {
  const { service } = record;
  for (const taskSet of service.taskSets ?? []) stepTaskSet(world, record, taskSet, turn);
  service.taskSets = (service.taskSets ?? []).filter(
    ({ id, status }) => status !== 'DRAINING' || tasksOf(world, record, id).length > 0,
  );
}

function stepTaskSet(world: World, record: ServiceRecord, taskSet: TaskSet, turn: Turn): void {
  const owner = taskSet.id ?? '';
  const share = taskSet.status === 'DRAINING' ? 0 : (taskSet.scale?.value ?? 0);
  const wanted = Math.ceil(((record.service.desiredCount ?? 0) * share) / 100);
  taskSet.computedDesiredCount = wanted;
  const mine = tasksOf(world, record, owner);
  const count = mine.filter(isWanted).length;
  lower(world, record, { tasks: mine, count: count - wanted, owner }, turn);
  raise(world, record, { owner, spec: taskSet, count: wanted - count }, turn);
  settle(world, record, { taskSet, isThere: mine.length === wanted && mine.filter(isHealthy).length === wanted });
}

function settle(
  world: World,
  record: ServiceRecord,
  { taskSet, isThere }: { taskSet: TaskSet; isThere: boolean },
): void {
  const rollout = record.rollouts.get(taskSet.id ?? '');
  if (rollout === undefined) return;
  if (!isThere) {
    rollout.steadyCheck = undefined;
    if (taskSet.stabilityStatus !== 'STABILIZING') setStability(world, taskSet, 'STABILIZING');
    return;
  }
  if (taskSet.stabilityStatus === 'STEADY_STATE' || rollout.steadyCheck !== undefined) return;
  const check = world.now();
  rollout.steadyCheck = check;
  world.later(world.timings.steadyMs, () => {
    if (rollout.steadyCheck !== check || taskSet.stabilityStatus === 'STEADY_STATE') return;
    setStability(world, taskSet, 'STEADY_STATE');
    tell(world, record, EVENTS.steady());
  });
}

function setStability(world: World, taskSet: TaskSet, status: 'STABILIZING' | 'STEADY_STATE'): void {
  taskSet.stabilityStatus = status;
  taskSet.stabilityStatusAt = new Date(world.now());
}
