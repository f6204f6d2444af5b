import { containerInstanceArns } from './addresses.ts';
import { retryPauseMs } from './rollout-arithmetic.ts';
import { EVENTS, tell, tellOnce } from './service-events.ts';
import { type LaunchSpec, lacksCapacity, launchTasks, launchTypeOf, stoppable } from './service-tasks.ts';
import { stopTask, type TaskListener } from './task-lifecycle.ts';
import type { ServiceRecord, TaskRecord, World } from './world.ts';

// The developer guide speaks of "repeatedly"; the third failure in a row is where the pauses begin to grow here.
const IMPAIRED_AFTER = 3;

/** What a turn of the scheduler hands down: who listens to tasks, and how to ask for another turn. */
export interface Turn {
  listen: TaskListener;
  again: () => void;
}

/** Starts tasks for a deployment or task set, unless it has to wait after a failure or finds no capacity. */
export function raise(
  world: World,
  record: ServiceRecord,
  { owner, spec, count }: { owner: string; spec: LaunchSpec; count: number },
  turn: Turn,
): void {
  const rollout = record.rollouts.get(owner);
  if (count <= 0 || rollout === undefined || rollout.notBefore > world.now()) return;
  if (lacksCapacity(world, record.service.clusterArn ?? '', spec)) {
    const isFargate = launchTypeOf(world, spec, spec.capacityProviderStrategy?.[0]?.capacityProvider) === 'FARGATE';
    tellOnce(world, record, isFargate ? EVENTS.noCapacity() : EVENTS.noInstance(noInstanceReason(world, record)));
    noteFailure(world, record, owner, turn);
    return;
  }
  const started = launchTasks(world, record, { owner, spec, count }, turn.listen);
  if (started.length > 0) tell(world, record, EVENTS.started(started));
}

/** Stops up to `count` of these tasks; protected ones stay. */
export function lower(
  world: World,
  record: ServiceRecord,
  { tasks, count, owner }: { tasks: readonly TaskRecord[]; count: number; owner: string },
  turn: Turn,
): void {
  const chosen = stoppable(world, tasks).slice(0, Math.max(0, count));
  if (chosen.length === 0) return;
  // Developer guide, "Amazon ECS stopped tasks error messages".
  const reason = `Scaling activity initiated by (deployment ${owner})`;
  for (const task of chosen) stopTask(world, task, { code: 'ServiceSchedulerInitiated', reason }, turn.listen);
  tellDraining(world, record, chosen.filter(({ task }) => task.startedAt !== undefined).length);
  tell(world, record, EVENTS.stopped(chosen));
}

function tellDraining(world: World, record: ServiceRecord, count: number): void {
  if (count === 0) return;
  for (const { targetGroupArn } of record.service.loadBalancers ?? []) {
    if (targetGroupArn === undefined) continue;
    tell(world, record, EVENTS.draining(count));
    tell(world, record, EVENTS.deregistered(count, targetGroupArn));
  }
}

/** Counts a failure and spaces the next attempt. */
export function noteFailure(world: World, record: ServiceRecord, owner: string, turn: Turn): void {
  const rollout = record.rollouts.get(owner);
  if (rollout === undefined) return;
  rollout.breakerFailures += 1;
  rollout.failuresInRow += 1;
  const deployment = record.service.deployments?.find(({ id }) => id === owner);
  // SDK documentation of Deployment.failedTasks: evaluated until the deployment has succeeded.
  if (deployment?.rolloutState === 'IN_PROGRESS') deployment.failedTasks = (deployment.failedTasks ?? 0) + 1;
  if (rollout.failuresInRow === IMPAIRED_AFTER) tell(world, record, EVENTS.impaired());
  const pauseMs = retryPauseMs(rollout.failuresInRow, world.timings);
  rollout.notBefore = world.now() + pauseMs;
  world.later(pauseMs, turn.again);
}

/** A task became healthy: the count of failures begins anew. */
export function noteSuccess(record: ServiceRecord, owner: string): void {
  const rollout = record.rollouts.get(owner);
  if (rollout === undefined) return;
  const breaker = record.service.deploymentConfiguration?.deploymentCircuitBreaker;
  // SDK documentation of DeploymentCircuitBreaker.resetOnHealthyTask: the default is true.
  if (breaker?.resetOnHealthyTask !== false) rollout.breakerFailures = 0;
  rollout.failuresInRow = 0;
  rollout.notBefore = 0;
  const deployment = record.service.deployments?.find(({ id }) => id === owner);
  // SDK documentation of Deployment.failedTasks: reset by the first task that runs.
  if (deployment !== undefined) deployment.failedTasks = 0;
}

function noInstanceReason(world: World, { service }: ServiceRecord): string {
  return containerInstanceArns(world, service.clusterArn ?? '').length === 0
    ? 'No Container Instances were found in your cluster.'
    : 'The closest matching container-instance has insufficient memory available.';
}
