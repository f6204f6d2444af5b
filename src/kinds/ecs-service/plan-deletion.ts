import { releaseSteps } from '../../api/ownership.ts';
import type { Observation, Plan } from '../../core/plan.ts';
import { controllerOf, isDaemon } from './found.ts';
import type { ServiceRemoval, ServiceState, ServiceStep } from './model.ts';
import { pollAfterMs } from './rollout/rollout-pace.ts';
import { deregistration, releaseOf } from './scaling/plan.ts';
import type { EcsServiceStatus } from './schema.ts';

type DeletionPlan = Plan<ServiceStep, EcsServiceStatus>;

const SLOW_POLL_MS = 15_000;
/** The time that ECS gives a container to stop, unless its definition says otherwise. */
const USUAL_STOP_MS = 30_000;
/** So long a service that was asked for may stay unseen. */
const CREATION_LAG_MS = 60_000;
const CREATION_POLL_MS = 2_000;
const MOST_NAMES = 5;
const SCALED_BY_OTHERS = '; its scalable target belongs to somebody else, who may raise the count again';

/** Scaled down, drained, deleted; or let go with its tasks untouched. */
export function planAbsence(removal: ServiceRemoval, observed: Observation<ServiceState>, now: number): DeletionPlan {
  if (!observed.exists) return waitForCreation(removal, now) ?? { verdict: 'in-sync' };
  const { service } = observed.state;
  if (removal.isRetained) return planRelease(observed.state);
  // First, so that nobody raises the count of a service that is going, and no crash leaves a target behind.
  if (observed.state.scaling?.ownership === 'ours') {
    return { verdict: 'change', ...deregistration(removal.scaling.resourceId) };
  }
  if (service.status === 'DRAINING') return waitForTasks(observed.state, now);
  const address = { cluster: removal.at.cluster, service: removal.at.service };
  if (removal.isForced) {
    return change('status', { call: 'DeleteService', input: { ...address, force: true } }, service.status);
  }
  if (!isDaemon(service) && (service.desiredCount ?? 0) > 0) {
    return change(
      'desiredCount',
      { call: 'UpdateService', input: { ...address, desiredCount: 0 } },
      service.desiredCount,
    );
  }
  if (!isDaemon(service) && (service.runningCount ?? 0) + (service.pendingCount ?? 0) > 0) {
    return waitForTasks(observed.state, now);
  }
  if ((service.taskSets ?? []).length === 0) {
    return change('status', { call: 'DeleteService', input: address }, service.status);
  }
  if (controllerOf(service) === 'EXTERNAL') return waitForTaskSets(observed.state);
  // CodeDeploy's own task set never goes by itself, and nothing runs in it any more.
  return change('status', { call: 'DeleteService', input: { ...address, force: true } }, service.status);
}

/** Answers can be behind: what was asked for a moment ago may be there, and would be left behind with nobody to delete it. */
function waitForCreation({ creatingAt, at }: ServiceRemoval, now: number): DeletionPlan | undefined {
  const age = creatingAt === undefined ? undefined : now - creatingAt;
  if (creatingAt === undefined || age === undefined || age < 0 || age >= CREATION_LAG_MS) return undefined;
  return {
    verdict: 'wait',
    reason: 'Creating',
    message: `service ${at.service} was asked for at ${new Date(creatingAt).toISOString()} and does not show yet; it is deleted once it does`,
    pollAfterMs: Math.min(CREATION_POLL_MS, CREATION_LAG_MS - age),
  };
}

function planRelease({ service, scaling }: ServiceState): DeletionPlan {
  const isScaled = scaling?.ownership === 'ours';
  const [first, ...rest] = [
    ...(isScaled ? [releaseOf(scaling)] : []),
    ...releaseSteps(service.serviceArn ?? '', service.tags),
  ];
  if (first === undefined) return { verdict: 'in-sync', message: `service ${service.serviceName} is left as it is` };
  const because = [
    ...(isScaled ? [{ path: 'scaling', wanted: undefined, found: scaling.target.ResourceId }] : []),
    ...rest
      .concat(first)
      .flatMap(({ input }) =>
        'tagKeys' in input
          ? (input.tagKeys ?? []).map((key) => ({ path: `tags[${key}]`, wanted: undefined, found: key }))
          : [],
      ),
  ];
  return { verdict: 'change', because, steps: [first, ...rest] };
}

function change(path: string, step: ServiceStep, found: unknown): DeletionPlan {
  const wanted = step.call === 'UpdateService' ? 0 : 'INACTIVE';
  return { verdict: 'change', because: [{ path, wanted, found }], steps: [step] };
}

function waitForTasks({ service, protectedTasks, scaling }: ServiceState, now: number): DeletionPlan {
  const running = service.runningCount ?? 0;
  const pending = service.pendingCount ?? 0;
  const hint = service.status === 'DRAINING' ? '' : '; set spec.forceDelete to wait for none';
  return {
    verdict: 'wait',
    reason: 'Draining',
    message: `service ${service.serviceName}: ${running} running and ${pending} pending tasks are left${heldBy(protectedTasks)}${scaling === undefined ? '' : SCALED_BY_OTHERS}${hint}`,
    pollAfterMs: pollAfterMs(lastMove(service), now),
  };
}

function heldBy(tasks: ServiceState['protectedTasks']): string {
  if (tasks.length === 0) return '';
  const named = tasks.slice(0, MOST_NAMES).map(({ taskArn, expirationDate }) => {
    const until = expirationDate === undefined ? '' : ` until ${expirationDate.toISOString()}`;
    return `${taskArn?.split('/').at(-1)}${until}`;
  });
  const rest = tasks.length > MOST_NAMES ? ` and ${tasks.length - MOST_NAMES} more` : '';
  return `; protected from scale-in are ${named.join(', ')}${rest}`;
}

/** Whether its tasks take longer to stop than tasks usually do: worth asking what holds them. */
export function isLingering(service: ServiceState['service'], now: number): boolean {
  const isGoing = service.status === 'DRAINING' || (service.desiredCount ?? 0) === 0;
  const since = lastMove(service)?.getTime() ?? now;
  return isGoing && (service.runningCount ?? 0) > 0 && now - since > USUAL_STOP_MS;
}

/** Since when its tasks are going: the newest change of a deployment, which ECS stamps. */
function lastMove({ deployments = [], createdAt }: ServiceState['service']): Date | undefined {
  return deployments.map(({ updatedAt }) => updatedAt).find((at) => at !== undefined) ?? createdAt;
}

function waitForTaskSets({ service }: ServiceState): DeletionPlan {
  const names = (service.taskSets ?? []).map(({ id, externalId }) => externalId ?? id).join(', ');
  return {
    verdict: 'wait',
    reason: 'TaskSetsRemain',
    message: `service ${service.serviceName} still has the task sets ${names}: delete them, or set spec.forceDelete`,
    pollAfterMs: SLOW_POLL_MS,
  };
}
