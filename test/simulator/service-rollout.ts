import type { Deployment } from '@aws-sdk/client-ecs';
import { containerInstanceArns } from './addresses.ts';
import { primaryOf } from './primary-deployment.ts';
import { breakerThreshold, rollingMoves } from './rollout-arithmetic.ts';
import { recount } from './service-counts.ts';
import { beginDeployment, completeDeployment, ongoing, tripBreaker } from './service-deployments.ts';
import { EVENTS, tell, tellOnce } from './service-events.ts';
import { lower, noteFailure, noteSuccess, raise, type Turn } from './service-levels.ts';
import { revisionOf } from './service-revisions.ts';
import { isStaged, stepStages } from './service-stages.ts';
import { stoppable, tasksOf } from './service-tasks.ts';
import { isHealthy, isWanted, stopTask, type TaskListener } from './task-lifecycle.ts';
import { stepTaskSets } from './task-set-record.ts';
import type { RolloutRecord, ServiceRecord, TaskRecord, World } from './world.ts';

/**
 * One turn of the service scheduler: looks at the tasks there are, starts and stops what is due, and settles what has
 * come to its end. It may be called at any time; with nothing due it changes nothing.
 */
function stepService(world: World, record: ServiceRecord): void {
  if (record.service.status === 'ACTIVE') stepActive(world, record);
  if (record.service.status === 'DRAINING') stepDraining(world, record);
  recount(world, record);
}

/** Lets the scheduler have a look soon, after the answer to the call at hand. */
export function wakeService(world: World, record: ServiceRecord): void {
  recount(world, record);
  world.later(0, () => stepService(world, record));
}

/** What the scheduler makes of the moves of a service's tasks. */
export function listenerOf(record: ServiceRecord): TaskListener {
  return (world, task, what) => {
    const owner = task.task.startedBy ?? '';
    if (what === 'running') {
      noteSuccess(record, owner);
      for (const { targetGroupArn } of record.service.loadBalancers ?? []) {
        if (targetGroupArn !== undefined) tell(world, record, EVENTS.registered(1, targetGroupArn));
      }
    }
    if (what === 'failed') noteFailure(world, record, owner, turnOf(world, record));
    if (what === 'unhealthy') {
      tell(world, record, EVENTS.unhealthy(task));
      noteFailure(world, record, owner, turnOf(world, record));
      // Developer guide, "Amazon ECS stopped tasks error messages".
      const cause = { code: 'ServiceSchedulerInitiated', reason: 'Task failed container health checks' } as const;
      stopTask(world, task, cause, listenerOf(record));
    }
    if (what === 'stopped') {
      world.later(world.timings.stoppedTaskVisibleMs, () => record.taskArns.delete(task.task.taskArn ?? ''));
    }
    stepService(world, record);
  };
}

/** How many tasks are wanted now; a DAEMON service has one on each container instance. */
function wantedCount(world: World, { service }: ServiceRecord): number {
  return service.schedulingStrategy === 'DAEMON'
    ? containerInstanceArns(world, service.clusterArn ?? '').length
    : (service.desiredCount ?? 0);
}

export function turnOf(world: World, record: ServiceRecord): Turn {
  return { listen: listenerOf(record), again: () => stepService(world, record) };
}

function stepActive(world: World, record: ServiceRecord): void {
  record.service.desiredCount = wantedCount(world, record);
  if ((record.service.deploymentController?.type ?? 'ECS') === 'ECS') stepRolling(world, record);
  else stepTaskSets(world, record, turnOf(world, record));
}

function stepRolling(world: World, record: ServiceRecord): void {
  const current = ongoing(record);
  if (current !== undefined) beginDeployment(world, current);
  if (isBreakerDue(record)) tripBreaker(world, record, primaryOf(record) ?? {});
  const primary = primaryOf(record);
  const rollout = record.rollouts.get(primary?.id ?? '');
  if (primary === undefined || rollout === undefined) return;
  if (current !== undefined && isStaged(current)) {
    stepStages(world, record, { primary, current, turn: turnOf(world, record) });
    return;
  }
  const tasks = tasksOf(world, record);
  const mine = tasks.filter(({ task }) => task.startedBy === primary.id);
  const old = tasks.filter(({ task }) => task.startedBy !== primary.id);
  move(world, record, { primary, mine, old });
  settle(world, record, { primary, rollout });
}

function move(
  world: World,
  record: ServiceRecord,
  { primary, mine, old }: { primary: Deployment; mine: TaskRecord[]; old: TaskRecord[] },
): void {
  const desired = record.service.desiredCount ?? 0;
  const owner = primary.id ?? '';
  const turn = turnOf(world, record);
  const moves = rollingMoves(
    {
      desired,
      newWanted: mine.filter(isWanted).length,
      newHealthy: mine.filter(isHealthy).length,
      oldWanted: old.filter(isWanted).length,
      oldHealthy: old.filter(isHealthy).length,
      mayStart: primary.rolloutState !== 'FAILED',
    },
    record.service.deploymentConfiguration ?? {},
  );
  if (moves.boxedIn) tellOnce(world, record, EVENTS.boxedIn());
  lower(world, record, { tasks: old, count: moves.stopOld, owner }, turn);
  lower(world, record, { tasks: mine, count: mine.filter(isWanted).length - desired, owner }, turn);
  const spec = revisionOf(record, record.rollouts.get(owner)?.revisionArn);
  if (spec !== undefined) raise(world, record, { owner, spec, count: moves.start }, turn);
}

/** Announces the steady state, and with it the end of a rollout, once it has held for a while. */
function settle(
  world: World,
  record: ServiceRecord,
  { primary, rollout }: { primary: Deployment; rollout: RolloutRecord },
): void {
  if (!isAtGoal(world, record, primary)) {
    rollout.steadyCheck = undefined;
    rollout.steady = false;
    return;
  }
  if (rollout.steady || rollout.steadyCheck !== undefined || primary.rolloutState === 'FAILED') return;
  const check = world.now();
  rollout.steadyCheck = check;
  world.later(world.timings.steadyMs, () => {
    const current = primaryOf(record);
    if (current === undefined || current.id !== primary.id || rollout.steadyCheck !== check || rollout.steady) return;
    if (record.service.status !== 'ACTIVE') return;
    rollout.steady = true;
    if (current.rolloutState === 'IN_PROGRESS') completeDeployment(world, record, current);
    tell(world, record, EVENTS.steady());
    recount(world, record);
  });
}

function isAtGoal(world: World, record: ServiceRecord, primary: Deployment): boolean {
  const desired = record.service.desiredCount ?? 0;
  const tasks = tasksOf(world, record);
  const mine = tasks.filter(({ task }) => task.startedBy === primary.id);
  const healthy = mine.filter(isHealthy).length;
  const early = record.service.deploymentConfiguration?.earlySuccessCriteria;
  const isOldGone = tasks.length === mine.length;
  if (early?.enable === true && primary.rolloutState === 'IN_PROGRESS') {
    // SDK documentation of DeploymentEarlySuccessCriteria: DEFERRED removes the old tasks afterwards.
    const needed = Math.ceil((desired * (early.healthyPercent ?? 100)) / 100);
    return healthy >= needed && (isOldGone || early.sourceServiceRevisionCleanup === 'DEFERRED');
  }
  return healthy === desired && mine.filter(isWanted).length === desired && isOldGone;
}

function isBreakerDue(record: ServiceRecord): boolean {
  const breaker = record.service.deploymentConfiguration?.deploymentCircuitBreaker;
  const primary = primaryOf(record);
  if (breaker?.enable !== true || primary?.rolloutState !== 'IN_PROGRESS') return false;
  const failures = record.rollouts.get(primary.id ?? '')?.breakerFailures ?? 0;
  return failures >= breakerThreshold(breaker, record.service.desiredCount ?? 0);
}

/** DeleteService: the tasks stop, then the service is INACTIVE and lingers. Protected tasks hold it. */
function stepDraining(world: World, record: ServiceRecord): void {
  const { service } = record;
  const tasks = tasksOf(world, record);
  const owner = primaryOf(record)?.id ?? service.taskSets?.[0]?.id ?? '';
  lower(world, record, { tasks, count: stoppable(world, tasks).length, owner }, turnOf(world, record));
  if (tasks.length > 0) return;
  service.status = 'INACTIVE';
  service.deployments = [];
  service.taskSets = [];
  const arn = service.serviceArn ?? '';
  world.later(world.timings.inactiveVisibleMs, () => {
    if (world.services.get(arn) === record) world.services.delete(arn);
  });
}
