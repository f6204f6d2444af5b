import type { Deployment, Service, TaskSet } from '@aws-sdk/client-ecs';
import { ANNOTATIONS, scaleSelector } from '../../api/group.ts';
import { diffTags } from '../../api/ownership.ts';
import type { Managed, Report } from '../../core/managed-kind.ts';
import type { Goal, Observation } from '../../core/plan.ts';
import { narrowApplied } from './applied.ts';
import { type Comparison, compareConfiguration } from './compare.ts';
import { controllerOf, primaryOf } from './found.ts';
import type { DesiredService, EcsServiceTypes, ServiceRemoval, ServiceState } from './model.ts';
import { deployingMemory } from './rollout/deploying.ts';
import { givenUp } from './rollout/failed-deployment.ts';
import { noticesOf } from './rollout/notices.ts';
import { canRestart, deploymentMark, isRestartDue } from './rollout/restart.ts';
import { ownershipNotices } from './scaling/judge.ts';
import { planScaling } from './scaling/plan.ts';
import { scalingNotices, scalingStatus } from './scaling/report.ts';
import type { EcsServiceStatus } from './schema.ts';
import { revisionName } from './task-definition-name.ts';
import { updatingMemory } from './updating.ts';

type EcsService = Managed<EcsServiceTypes>;
type ServiceGoal = Goal<DesiredService, ServiceRemoval>;

/** What ECS says of the service, and what must be remembered of it. */
export function reportService(
  object: EcsService,
  goal: ServiceGoal,
  observed: Observation<ServiceState>,
  now: number,
): Report<EcsServiceStatus> {
  if (!observed.exists) return { status: defined(absent(object, observed.formerly)), notices: [] };
  const { state } = observed;
  return {
    status: defined({
      ...figuresOf(state.service),
      scaling: state.scaling && scalingStatus(state.scaling, object.status.scaling),
      selector: scaleSelector(object.metadata.uid),
      createdAt: state.service.createdAt?.toISOString(),
      restart: restartMemory(object, goal, state.service),
      completedDeploymentId: completedMemory(goal, state, now),
      ...(goal.want === 'present' ? memoriesOf(object, goal.desired, state) : { lastApplied: appliedBefore(object) }),
    }),
    notices: [
      ...noticesOf(object.metadata.uid, state, now),
      ...scalingNotices(object.metadata.uid, state.scaling, now),
      ...(goal.want === 'present' ? ownershipNotices(object.metadata.uid, goal.desired.scaling, state.scaling) : []),
    ],
  };
}

/** The cluster stays known: it may be gone when the object is to be deleted. */
function absent({ metadata, spec, status }: EcsService, formerly: string | undefined): Partial<EcsServiceStatus> {
  return {
    clusterArn: status.clusterArn,
    selector: scaleSelector(metadata.uid),
    creating: status.creating,
    createdAt: formerly ?? status.createdAt,
    // A creation is a deployment, so it answers whatever restart is asked for.
    restart: { value: metadata.annotations[ANNOTATIONS.restartAt] ?? '' },
    lastApplied: appliedBefore({ spec, status }),
  };
}

/** Forgotten as soon as ECS shows another deployment: a way back may end at the one that was finished before. */
function completedMemory(goal: ServiceGoal, state: ServiceState, now: number): string | undefined {
  if (goal.want === 'absent') return undefined;
  const primary = primaryOf(state.service);
  if (primary?.rolloutState !== 'COMPLETED') return undefined;
  if (primary.id === goal.desired.completedDeploymentId) return primary.id;
  if (isRestartDue(goal.desired.restart, state.service)) return undefined;
  return givenUp(goal.desired, state, now) === undefined ? primary.id : undefined;
}

/** What ECS shows, without what is to be remembered. */
export function figuresOf(service: Service): Partial<EcsServiceStatus> {
  const primary = primaryOf(service);
  const taskDefinition = runningDefinition(service);
  return defined({
    arn: service.serviceArn,
    clusterArn: service.clusterArn,
    state: service.status,
    taskDefinition,
    revision: taskDefinition === undefined ? undefined : revisionName(taskDefinition),
    desiredCount: service.desiredCount,
    runningCount: service.runningCount,
    pendingCount: service.pendingCount,
    rolloutState: primary?.rolloutState,
    deployments: [...(service.deployments ?? []), ...(service.taskSets ?? []).map(asDeployment)].map(deploymentOf),
    targetGroups: (service.loadBalancers ?? []).flatMap(({ targetGroupArn }) => targetGroupArn ?? []).toSorted(),
  });
}

function runningDefinition(service: Service): string | undefined {
  const set = service.taskSets?.find(({ status }) => status === 'PRIMARY');
  const isByTaskSet = (controllerOf(service) ?? 'ECS') !== 'ECS';
  return (isByTaskSet ? set?.taskDefinition : primaryOf(service)?.taskDefinition) ?? service.taskDefinition;
}

/** With CODE_DEPLOY and EXTERNAL a task set is what a deployment is otherwise, and ECS shows no other (SDK: `TaskSet`). */
function asDeployment({ computedDesiredCount: desiredCount, ...taskSet }: TaskSet): Deployment {
  return { ...taskSet, desiredCount };
}

type StatusDeployment = NonNullable<EcsServiceStatus['deployments']>[number];

function deploymentOf(deployment: Deployment): StatusDeployment {
  const { id, status, taskDefinition, desiredCount, runningCount, pendingCount, failedTasks } = deployment;
  return defined({
    id,
    status,
    taskDefinition,
    desiredCount,
    runningCount,
    pendingCount,
    failedTasks,
    rolloutState: deployment.rolloutState,
    rolloutStateReason: deployment.rolloutStateReason,
    createdAt: deployment.createdAt?.toISOString(),
    updatedAt: deployment.updatedAt?.toISOString(),
  });
}

/**
 * The value that the annotation had when it was last answered. Without a memory the present one counts as answered: a
 * service that is new, adopted, or whose status was lost is not restarted.
 */
function restartMemory(
  { metadata, status }: EcsService,
  goal: ServiceGoal,
  service: Service,
): EcsServiceStatus['restart'] {
  const value = metadata.annotations[ANNOTATIONS.restartAt] ?? '';
  if (status.restart === undefined || goal.want === 'absent' || goal.desired.restart === undefined) {
    return status.restart === undefined || value === '' ? { value } : status.restart;
  }
  const { restart } = goal.desired;
  // Not answered, so that it goes on being said that nobody will.
  if (!canRestart(service)) return status.restart;
  const isDone = restart.from !== undefined && restart.from !== deploymentMark(service);
  return isDone || !isRestartDue(restart, service) ? { value } : status.restart;
}

/** What is remembered of what ECS was asked for, by what it shows. */
function memoriesOf(
  object: EcsService,
  desired: DesiredService,
  state: ServiceState,
): Pick<EcsServiceStatus, 'deploying' | 'updating' | 'lastApplied'> {
  const { service } = state;
  const comparison = compareConfiguration(desired, state);
  const isOurs = object.spec.managementPolicy !== 'Observe';
  const isNarrow = isOurs && service.status === 'ACTIVE' && isAllApplied(desired, state, comparison);
  return {
    deploying: deployingMemory(desired, comparison, service),
    updating: updatingMemory(desired, comparison),
    lastApplied: isNarrow ? narrowApplied(desired, service) : appliedBefore(object),
  };
}

/** An onlooker has put nothing. */
function appliedBefore({ spec, status }: Pick<EcsService, 'spec' | 'status'>): EcsServiceStatus['lastApplied'] {
  return spec.managementPolicy === 'Observe' ? undefined : status.lastApplied;
}

/** Then the memory is narrowed to what is stated; until then it stays as wide as it was. */
function isAllApplied(desired: DesiredService, state: ServiceState, { because }: Comparison): boolean {
  const tags = diffTags({ tags: desired.tags, putKeys: desired.applied?.tagKeys ?? [] }, state.service.tags);
  const isScaled = planScaling(desired.scaling, state.scaling) === undefined;
  return isScaled && because.length + tags.because.length === 0;
}

/** Without the members that are undefined: status is written as JSON, and compared with what is stored. */
function defined<Value extends object>(value: Value): Value {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every member of these types may be left out
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Value;
}
