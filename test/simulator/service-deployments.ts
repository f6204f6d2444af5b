import type { Deployment, ServiceDeployment, ServiceDeploymentStatus, ServiceRevision } from '@aws-sdk/client-ecs';
import { arnBelow } from './addresses.ts';
import { addPrimary, makePrimary, primaryOf } from './primary-deployment.ts';
import { EVENTS, tell } from './service-events.ts';
import { addRevision, type RevisionOnly, resolvedPlatform, revisionOf } from './service-revisions.ts';
import type { ServiceRecord, World } from './world.ts';

// SDK enum ServiceDeploymentStatus: those that nothing follows.
const FINAL: readonly ServiceDeploymentStatus[] = ['SUCCESSFUL', 'STOPPED', 'ROLLBACK_SUCCESSFUL', 'ROLLBACK_FAILED'];

/** ECS's words; those marked * are not documented and stand in for whatever it says. */
export const REASONS = {
  breaker: 'Service deployment rolled back because the circuit breaker threshold was exceeded.',
  noCandidate: 'No rollback candidate was found to run the rollback.',
  breakerStop: 'Service deployment stopped because the circuit breaker threshold was exceeded.', // *
  superseded: 'A newer service deployment was started.', // *
  stopRequested: 'Service deployment rolled back because of a request to stop it.', // *
  aborted: 'Service deployment stopped by request.', // *
  hookFailed: (stage: string) => `Service deployment rolled back because ${stage} lifecycle hook(s) failed.`,
} as const;

export function isFinal({ status }: ServiceDeployment): boolean {
  return status !== undefined && FINAL.includes(status);
}

/** The service deployment that the PRIMARY deployment works for, while it goes on. */
export function ongoing(record: ServiceRecord): ServiceDeployment | undefined {
  return record.deployments.findLast((deployment) => !isFinal(deployment));
}

/**
 * Starts rolling out what the service is now. A rollout that still goes on is superseded: its deployment becomes
 * ACTIVE and is drained like any older one.
 */
export function startDeployment(world: World, record: ServiceRecord, own: RevisionOnly): void {
  supersede(world, record);
  const sources = [...new Set([...record.rollouts.values()].map(({ revisionArn }) => revisionArn))];
  const revision = addRevision(world, record, own);
  const now = new Date(world.now());
  const serviceDeployment: ServiceDeployment = {
    serviceDeploymentArn: arnBelow(record.service.serviceArn ?? '', 'service-deployment', world.hex(21)),
    serviceArn: record.service.serviceArn,
    clusterArn: record.service.clusterArn,
    createdAt: now,
    updatedAt: now,
    status: 'PENDING',
    sourceServiceRevisions: sources.map((arn) => ({
      arn,
      requestedTaskCount: 0,
      runningTaskCount: 0,
      pendingTaskCount: 0,
    })),
    targetServiceRevision: { arn: revision.serviceRevisionArn },
    deploymentConfiguration: structuredClone(record.service.deploymentConfiguration),
  };
  record.deployments.push(serviceDeployment);
  record.service.currentServiceDeployment = serviceDeployment.serviceDeploymentArn;
  addPrimary(world, record, revision, serviceDeployment.serviceDeploymentArn);
}

export function beginDeployment(world: World, deployment: ServiceDeployment): void {
  if (deployment.status !== 'PENDING') return;
  const now = new Date(world.now());
  Object.assign(deployment, { status: 'IN_PROGRESS', startedAt: now, updatedAt: now });
}

/** The rollout reached its steady state. */
export function completeDeployment(world: World, record: ServiceRecord, primary: Deployment): void {
  primary.rolloutState = 'COMPLETED';
  primary.rolloutStateReason = `ECS deployment ${primary.id} completed.`;
  primary.updatedAt = new Date(world.now());
  const current = ongoing(record);
  if (current !== undefined) {
    finish(world, current, current.rollback === undefined ? 'SUCCESSFUL' : 'ROLLBACK_SUCCESSFUL');
  }
  tell(world, record, EVENTS.completed(primary.id ?? ''));
}

/** The circuit breaker acts: SDK documentation of DeploymentCircuitBreaker and of ServiceDeployment.stoppedAt. */
export function tripBreaker(world: World, record: ServiceRecord, primary: Deployment): void {
  primary.rolloutState = 'FAILED';
  primary.rolloutStateReason = 'ECS deployment circuit breaker: tasks failed to start.';
  tell(world, record, EVENTS.failed(primary.id ?? ''));
  const current = ongoing(record);
  if (current === undefined) return;
  const failureCount = record.rollouts.get(primary.id ?? '')?.breakerFailures;
  current.deploymentCircuitBreaker = { ...current.deploymentCircuitBreaker, status: 'TRIGGERED', failureCount };
  if (current.rollback !== undefined) {
    finish(world, current, 'ROLLBACK_FAILED', REASONS.breaker);
  } else if (record.service.deploymentConfiguration?.deploymentCircuitBreaker?.rollback === true) {
    rollBack(world, record, current, REASONS.breaker);
  } else {
    finish(world, current, 'STOPPED', REASONS.breakerStop);
  }
}

/** Returns to the revision of the last deployment that completed; the failed one becomes ACTIVE and is drained. */
export function rollBack(world: World, record: ServiceRecord, current: ServiceDeployment, reason: string): void {
  const goal = lastCompleted(record);
  if (goal === undefined) {
    finish(world, current, 'ROLLBACK_FAILED', REASONS.noCandidate);
    return;
  }
  const now = new Date(world.now());
  Object.assign(current, {
    status: 'ROLLBACK_IN_PROGRESS',
    statusReason: reason,
    updatedAt: now,
    rollback: { reason, startedAt: now, serviceRevisionArn: goal.serviceRevisionArn },
  });
  restore(record, goal);
  const id = makePrimary(world, record, goal, current.serviceDeploymentArn);
  const primary = primaryOf(record);
  if (primary !== undefined) {
    primary.rolloutStateReason = `ECS deployment circuit breaker: rolling back to deploymentId ${id}.`;
  }
  tell(world, record, EVENTS.rollingBack(id));
}

/** The revision of the newest deployment that ended well, by itself or by a roll-back. */
function lastCompleted(record: ServiceRecord): ServiceRevision | undefined {
  const good = record.deployments.findLast(({ status }) => status === 'SUCCESSFUL' || status === 'ROLLBACK_SUCCESSFUL');
  return revisionOf(record, good?.rollback?.serviceRevisionArn ?? good?.targetServiceRevision?.arn);
}

export function finish(
  world: World,
  deployment: ServiceDeployment,
  status: ServiceDeploymentStatus,
  reason?: string,
): void {
  const now = new Date(world.now());
  Object.assign(deployment, { status, finishedAt: now, updatedAt: now });
  if (reason !== undefined) deployment.statusReason = reason;
  if (status === 'STOPPED') deployment.stoppedAt = now;
  const breaker = deployment.deploymentCircuitBreaker;
  if (breaker?.status === 'MONITORING') breaker.status = 'MONITORING_COMPLETE';
}

/** SDK enum ServiceDeploymentStatus: STOP_REQUESTED comes before STOPPED. */
function supersede(world: World, record: ServiceRecord): void {
  const current = ongoing(record);
  if (current === undefined) return;
  Object.assign(current, {
    status: 'STOP_REQUESTED',
    statusReason: REASONS.superseded,
    updatedAt: new Date(world.now()),
  });
  world.later(world.timings.stopRequestMs, () => {
    if (!isFinal(current)) finish(world, current, 'STOPPED', REASONS.superseded);
  });
}

function restore({ service }: ServiceRecord, goal: ServiceRevision): void {
  const { taskDefinition, loadBalancers, serviceRegistries, networkConfiguration } = structuredClone(goal);
  Object.assign(service, { taskDefinition, loadBalancers, serviceRegistries, networkConfiguration });
  service.launchType = goal.launchType;
  service.capacityProviderStrategy = structuredClone(goal.capacityProviderStrategy);
  service.platformFamily = goal.platformFamily;
  const isLatest = goal.platformVersion === resolvedPlatform({ ...service, platformVersion: 'LATEST' });
  service.platformVersion = isLatest ? 'LATEST' : goal.platformVersion;
}
