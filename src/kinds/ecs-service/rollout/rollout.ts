import type { Deployment, Service } from '@aws-sdk/client-ecs';
import type { Plan } from '../../../core/plan.ts';
import { controllerOf, isDaemon, primaryOf } from '../found.ts';
import type { DesiredService, ServiceState, ServiceStep } from '../model.ts';
import { scaledFloor } from '../scaling/judge.ts';
import type { EcsServiceStatus } from '../schema.ts';
import { isRevisionOf, revisionName } from '../task-definition-name.ts';
import { isTrouble } from './event-words.ts';
import { deploymentFailed, givenUp } from './failed-deployment.ts';
import { pollAfterMs } from './rollout-pace.ts';
import { summaryOf } from './stopped-tasks.ts';

type RolloutPlan = Plan<ServiceStep, EcsServiceStatus>;

const STUCK_AFTER_MS = 10 * 60_000;
const TASK_SET_POLL_MS = 15_000;

/** How far ECS is with a service that has nothing left to be corrected. In sync only when it has finished. */
export function judgeRollout(desired: DesiredService, state: ServiceState, now: number): RolloutPlan {
  const { service } = state;
  if ((controllerOf(service) ?? 'ECS') !== 'ECS') return judgeTaskSets(desired, service, now);
  const primary = primaryOf(service);
  if (primary === undefined) {
    return {
      verdict: 'wait',
      reason: 'RolloutInProgress',
      message: 'no deployment yet',
      pollAfterMs: pollAfterMs(undefined, now),
    };
  }
  if (primary.rolloutState === 'FAILED') return deploymentFailed(desired, state);
  if (!isComplete(service, primary)) return judgeProgress(state, primary, now);
  const wayBack = givenUp(desired, state, now);
  if (wayBack !== undefined) return wayBack;
  const running = service.runningCount ?? 0;
  const floor = floorOf(desired, state);
  if (running >= floor) return { verdict: 'in-sync' };
  return {
    verdict: 'wait',
    reason: 'TasksMissing',
    message: `${running} of ${floor} tasks of ${nameOf(primary)} run${told(state)}`,
    pollAfterMs: pollAfterMs(primary.updatedAt, now),
  };
}

/** Whether the rollout is known to fail: worth asking the tasks why. */
export function isFailing({ service }: Pick<ServiceState, 'service'>, now: number): boolean {
  const primary = primaryOf(service);
  if (primary === undefined || isComplete(service, primary)) return false;
  return (primary.failedTasks ?? 0) > 0 || primary.rolloutState === 'FAILED' || isStuck(service, primary, now);
}

/** Where ECS tells no state (services of older kinds), no pending tasks are as good. */
function isComplete(service: Service, primary: Deployment): boolean {
  if ((service.deployments ?? []).length > 1) return false;
  return primary.rolloutState === undefined ? (primary.pendingCount ?? 0) === 0 : primary.rolloutState === 'COMPLETED';
}

/** A count that is stated must run, and the least of a range; of one that belongs to others, something. Surplus is no matter. */
function floorOf({ stated, scaling }: DesiredService, { service, scaling: scaled }: ServiceState): number {
  const some = Math.min(service.desiredCount ?? 0, 1);
  return isDaemon(service) ? some : (scaledFloor(scaling, scaled, service) ?? stated.desiredCount ?? some);
}

function judgeProgress(state: ServiceState, primary: Deployment, now: number): RolloutPlan {
  const { service } = state;
  const failed = primary.failedTasks ?? 0;
  const hasBreaker = service.deploymentConfiguration?.deploymentCircuitBreaker?.enable === true;
  const isHopeless = (failed > 0 && !hasBreaker) || isStuck(service, primary, now);
  const counts = `${primary.runningCount ?? 0} of ${primary.desiredCount ?? 0} tasks of ${nameOf(primary)} run`;
  const failures = failed === 0 ? '' : `, ${failed} failed`;
  return {
    verdict: 'wait',
    reason: isHopeless ? 'DeploymentNotProgressing' : 'RolloutInProgress',
    message: `${counts}${failures}${told(state) || (isHopeless ? complaint(service, primary) : '')}`,
    pollAfterMs: pollAfterMs(primary.createdAt, now),
  };
}

/** Deployments that shift traffic wait on purpose, so only a rolling one can be stuck. */
function isStuck(service: Service, { updatedAt, createdAt }: Deployment, now: number): boolean {
  const since = updatedAt ?? createdAt;
  const isRolling = (service.deploymentConfiguration?.strategy ?? 'ROLLING') === 'ROLLING';
  return isRolling && since !== undefined && now - since.getTime() > STUCK_AFTER_MS;
}

/** CODE_DEPLOY and EXTERNAL: whoever deploys has one primary task set, and ECS says when it is stable. */
function judgeTaskSets({ stated, restart }: DesiredService, service: Service, now: number): RolloutPlan {
  const primary = service.taskSets?.find(({ status }) => status === 'PRIMARY');
  if (primary?.stabilityStatus === 'STEADY_STATE') {
    const runs = revisionName(primary.taskDefinition ?? '');
    const wanted = stated.taskDefinition;
    const isOther = wanted !== undefined && !isRevisionOf(primary.taskDefinition, wanted);
    const facts = [
      ...(isOther ? [`it runs ${runs}, not ${revisionName(wanted)}`] : []),
      ...(restart === undefined ? [] : ['only that can restart it, so restart-at is not followed']),
    ];
    if (facts.length === 0) return { verdict: 'in-sync' };
    return { verdict: 'in-sync', message: `${controllerOf(service)} deploys this service: ${facts.join('; ')}` };
  }
  return {
    verdict: 'wait',
    reason: 'AwaitingTaskSet',
    message:
      primary === undefined
        ? `no primary task set yet: ${controllerOf(service)} makes it`
        : `${primary.runningCount ?? 0} of ${primary.computedDesiredCount ?? 0} tasks of the primary task set run`,
    pollAfterMs: primary === undefined ? TASK_SET_POLL_MS : pollAfterMs(primary.updatedAt, now),
  };
}

function nameOf({ taskDefinition }: Deployment): string {
  return revisionName(taskDefinition ?? '');
}

function told({ stoppedTasks }: ServiceState): string {
  const summary = summaryOf(stoppedTasks);
  return summary === undefined ? '' : `; ${summary}`;
}

/**
 * Where no task failed, ECS's own events say what is in the way: no capacity, or a configuration that leaves no room. Its
 * last words stand, however old: what has moved since would have been told after them.
 */
function complaint({ events = [] }: Service, { createdAt }: Deployment): string {
  const event = events.find(
    (one, index) =>
      isTrouble(one.message) &&
      (index === 0 || createdAt === undefined || one.createdAt === undefined || one.createdAt >= createdAt),
  );
  return event === undefined ? '' : `; ECS says: ${event.message}`;
}
