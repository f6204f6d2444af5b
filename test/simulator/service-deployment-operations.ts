import type {
  ContinueServiceDeploymentRequest,
  ContinueServiceDeploymentResponse,
  DescribeServiceDeploymentsRequest,
  DescribeServiceDeploymentsResponse,
  ListServiceDeploymentsRequest,
  ListServiceDeploymentsResponse,
  ServiceDeployment,
  ServiceDeploymentBrief,
  StopServiceDeploymentRequest,
  StopServiceDeploymentResponse,
} from '@aws-sdk/client-ecs';
import { findCluster, findService, serviceArnAbove } from './addresses.ts';
import { pageOf } from './paging.ts';
import { primaryOf } from './primary-deployment.ts';
import { clusterNotFound, conflict, invalidParameter, serviceDeploymentNotFound, serviceNotFound } from './refusals.ts';
import { finish, isFinal, REASONS, rollBack } from './service-deployments.ts';
import { turnOf, wakeService } from './service-rollout.ts';
import { resolveHook } from './service-stages.ts';
import type { ServiceRecord, World } from './world.ts';

// SDK documentation of ListServiceDeployments and DescribeServiceDeployments.
const LIST = { usual: 20, most: 100 };
const MAX_DESCRIBED = 20;

/** Newest first. */
export function listServiceDeployments(
  world: World,
  input: ListServiceDeploymentsRequest,
): ListServiceDeploymentsResponse {
  const cluster = findCluster(world, input.cluster);
  if (cluster === undefined || cluster.cluster.status === 'INACTIVE') throw clusterNotFound();
  const record = findService(world, cluster.cluster.clusterArn ?? '', input.service ?? '');
  if (record === undefined) throw serviceNotFound();
  const { before, after } = input.createdAt ?? {};
  const wanted = record.deployments.filter(({ status, createdAt }) => {
    if (input.status !== undefined && input.status.length > 0 && !input.status.includes(status ?? 'PENDING'))
      return false;
    const at = createdAt?.getTime() ?? 0;
    return (before === undefined || at < before.getTime()) && (after === undefined || at > after.getTime());
  });
  const byArn = new Map(wanted.toReversed().map((each) => [each.serviceDeploymentArn ?? '', each]));
  const { items, nextToken } = pageOf([...byArn.keys()], input, LIST);
  return { serviceDeployments: items.map((arn) => briefOf(byArn.get(arn) ?? {})), nextToken };
}

export function describeServiceDeployments(
  world: World,
  input: DescribeServiceDeploymentsRequest,
): DescribeServiceDeploymentsResponse {
  const arns = input.serviceDeploymentArns ?? [];
  if (arns.length === 0) throw invalidParameter('serviceDeploymentArns cannot be empty.'); // wording unknown
  if (arns.length > MAX_DESCRIBED) {
    throw invalidParameter(`serviceDeploymentArns can have at most ${MAX_DESCRIBED} items.`); // wording unknown
  }
  const found = arns.map((arn) => ({ arn, deployment: locate(world, arn)?.deployment }));
  return {
    serviceDeployments: found.flatMap(({ deployment }) => deployment ?? []),
    failures: found.filter(({ deployment }) => deployment === undefined).map(({ arn }) => ({ arn, reason: 'MISSING' })),
  };
}

/** Developer guide, "Stopping Amazon ECS service deployments": what each state becomes. ABORT is modelled, not documented. */
export function stopServiceDeployment(
  world: World,
  input: StopServiceDeploymentRequest,
): StopServiceDeploymentResponse {
  const located = locate(world, input.serviceDeploymentArn ?? '');
  if (located === undefined) throw serviceDeploymentNotFound();
  const { record, deployment } = located;
  if (isFinal(deployment)) {
    throw conflict(`The service deployment is in the state ${deployment.status} and cannot be stopped.`); // wording unknown
  }
  if (deployment.status === 'PENDING' || deployment.status === 'IN_PROGRESS') {
    const isAbort = input.stopType === 'ABORT';
    deployment.status = isAbort ? 'STOP_REQUESTED' : 'ROLLBACK_REQUESTED';
    deployment.updatedAt = new Date(world.now());
    world.later(world.timings.stopRequestMs, () => {
      if (isAbort) abort(world, record, deployment);
      else if (deployment.status === 'ROLLBACK_REQUESTED') revert(world, record, deployment);
    });
  }
  return { serviceDeploymentArn: deployment.serviceDeploymentArn };
}

/** SDK documentation of ContinueServiceDeployment: CONTINUE unless told otherwise. */
export function continueServiceDeployment(
  world: World,
  input: ContinueServiceDeploymentRequest,
): ContinueServiceDeploymentResponse {
  const located = locate(world, input.serviceDeploymentArn ?? '');
  if (located === undefined) throw serviceDeploymentNotFound();
  const { record, deployment } = located;
  const primary = primaryOf(record);
  const hook = deployment.lifecycleHookDetails?.find(({ hookId }) => hookId === input.hookId);
  if (primary === undefined || hook?.status !== 'AWAITING_ACTION') {
    throw invalidParameter('The lifecycle hook is not waiting for an action.'); // wording unknown
  }
  const staged = { primary, current: deployment, turn: turnOf(world, record) };
  resolveHook(world, record, staged, { hookId: input.hookId ?? '', action: input.action ?? 'CONTINUE' });
  return { serviceDeploymentArn: deployment.serviceDeploymentArn };
}

function revert(world: World, record: ServiceRecord, deployment: ServiceDeployment): void {
  markFailed(record, deployment);
  rollBack(world, record, deployment, REASONS.stopRequested);
  wakeService(world, record);
}

function abort(world: World, record: ServiceRecord, deployment: ServiceDeployment): void {
  if (isFinal(deployment)) return;
  markFailed(record, deployment);
  finish(world, deployment, 'STOPPED', REASONS.aborted);
  wakeService(world, record);
}

/** Only the deployment that was asked for: a newer one may have superseded it since. */
function markFailed(record: ServiceRecord, { serviceDeploymentArn }: ServiceDeployment): void {
  const primary = primaryOf(record);
  const isOwn = record.rollouts.get(primary?.id ?? '')?.serviceDeploymentArn === serviceDeploymentArn;
  if (primary === undefined || !isOwn || primary.rolloutState !== 'IN_PROGRESS') return;
  primary.rolloutState = 'FAILED';
  primary.rolloutStateReason = `ECS deployment ${primary.id} stopped.`; // wording unknown
}

function locate(world: World, arn: string): { record: ServiceRecord; deployment: ServiceDeployment } | undefined {
  const record = world.services.get(serviceArnAbove(arn));
  const deployment = record?.deployments.find(({ serviceDeploymentArn }) => serviceDeploymentArn === arn);
  return record === undefined || deployment === undefined ? undefined : { record, deployment };
}

function briefOf(deployment: ServiceDeployment): ServiceDeploymentBrief {
  const { serviceDeploymentArn, serviceArn, clusterArn, startedAt, createdAt, finishedAt, status, statusReason } =
    deployment;
  return {
    serviceDeploymentArn,
    serviceArn,
    clusterArn,
    startedAt,
    createdAt,
    finishedAt,
    targetServiceRevisionArn: deployment.targetServiceRevision?.arn,
    status,
    statusReason,
  };
}
