import type { Deployment, Service, ServiceRevisionSummary } from '@aws-sdk/client-ecs';
import { primaryOf } from './primary-deployment.ts';
import { breakerThreshold } from './rollout-arithmetic.ts';
import { isFinal } from './service-deployments.ts';
import { tasksOf } from './service-tasks.ts';
import { isWanted } from './task-lifecycle.ts';
import type { ServiceRecord, TaskRecord, World } from './world.ts';

interface Counts {
  running: number;
  pending: number;
}

/** Brings every count that a service, its deployments and its revisions show in line with its tasks. */
export function recount(world: World, record: ServiceRecord): void {
  const { service } = record;
  const byOwner = Map.groupBy(tasksOf(world, record), ({ task }) => task.startedBy ?? '');
  const total = countOf([...byOwner.values()].flat());
  service.runningCount = total.running;
  service.pendingCount = total.pending;
  dropDrained(record, byOwner);
  for (const deployment of service.deployments ?? []) {
    recountDeployment(world, service, deployment, byOwner.get(deployment.id ?? '') ?? []);
  }
  for (const taskSet of service.taskSets ?? []) {
    const counts = countOf(byOwner.get(taskSet.id ?? '') ?? []);
    taskSet.runningCount = counts.running;
    taskSet.pendingCount = counts.pending;
  }
  recountRevisions(record, byOwner);
  recountBreaker(record);
}

function countOf(tasks: readonly TaskRecord[]): Counts {
  return {
    running: tasks.filter(({ task }) => task.lastStatus === 'RUNNING').length,
    pending: tasks.filter((task) => isWanted(task) && task.task.lastStatus !== 'RUNNING').length,
  };
}

/** An older deployment is shown until its last task is gone. */
function dropDrained(record: ServiceRecord, byOwner: Map<string, TaskRecord[]>): void {
  const { service } = record;
  service.deployments = (service.deployments ?? []).filter(
    ({ id, status }) => status === 'PRIMARY' || (byOwner.get(id ?? '')?.length ?? 0) > 0,
  );
  const known = new Set([...service.deployments, ...(service.taskSets ?? [])].map(({ id }) => id ?? ''));
  for (const id of record.rollouts.keys()) if (!known.has(id)) record.rollouts.delete(id);
}

function recountDeployment(world: World, service: Service, deployment: Deployment, tasks: TaskRecord[]): void {
  const { running, pending } = countOf(tasks);
  const desired = deployment.status === 'PRIMARY' ? service.desiredCount : tasks.filter(isWanted).length;
  const before = `${deployment.runningCount} ${deployment.pendingCount} ${deployment.desiredCount}`;
  Object.assign(deployment, { runningCount: running, pendingCount: pending, desiredCount: desired });
  if (before !== `${running} ${pending} ${desired}`) deployment.updatedAt = new Date(world.now());
}

function recountRevisions(record: ServiceRecord, byOwner: Map<string, TaskRecord[]>): void {
  const { service } = record;
  const summaries = new Map<string, ServiceRevisionSummary>();
  for (const { id, desiredCount, runningCount, pendingCount } of service.deployments ?? []) {
    const arn = record.rollouts.get(id ?? '')?.revisionArn;
    if (arn === undefined) continue;
    const known = summaries.get(arn);
    summaries.set(arn, {
      arn,
      requestedTaskCount: (known?.requestedTaskCount ?? 0) + (desiredCount ?? 0),
      runningTaskCount: (known?.runningTaskCount ?? 0) + (runningCount ?? 0),
      pendingTaskCount: (known?.pendingTaskCount ?? 0) + (pendingCount ?? 0),
    });
  }
  if (byOwner.size > 0 || service.status === 'ACTIVE') {
    service.currentServiceRevisions = [...summaries.values()];
  }
  for (const deployment of record.deployments) {
    if (isFinal(deployment)) continue;
    const refreshed = (summary: ServiceRevisionSummary) => ({
      ...summary,
      ...(summaries.get(summary.arn ?? '') ?? { requestedTaskCount: 0, runningTaskCount: 0, pendingTaskCount: 0 }),
    });
    deployment.targetServiceRevision = refreshed(deployment.targetServiceRevision ?? {});
    deployment.sourceServiceRevisions = (deployment.sourceServiceRevisions ?? []).map(refreshed);
  }
}

/** SDK documentation of ServiceDeploymentCircuitBreaker. */
function recountBreaker(record: ServiceRecord): void {
  const breaker = record.service.deploymentConfiguration?.deploymentCircuitBreaker;
  const rollout = record.rollouts.get(primaryOf(record)?.id ?? '');
  for (const deployment of record.deployments) {
    if (isFinal(deployment) || deployment.serviceDeploymentArn !== rollout?.serviceDeploymentArn) continue;
    if (deployment.deploymentCircuitBreaker?.status === 'TRIGGERED') continue;
    deployment.deploymentCircuitBreaker = {
      status: breaker?.enable === true ? 'MONITORING' : 'DISABLED',
      failureCount: rollout?.breakerFailures ?? 0,
      threshold: breakerThreshold(breaker, record.service.desiredCount ?? 0),
    };
  }
}
