import type { Service, ServiceDeployment, ServiceRevision } from '@aws-sdk/client-ecs';
import { ownerOf } from '../../api/ownership.ts';
import type { EcsGateway } from '../../aws/gateway.ts';
import type { Goal, Observation } from '../../core/plan.ts';
import { BoundedMap } from '../../lib/bounded-map.ts';
import { wishOf } from './clearing.ts';
import { compareConfiguration } from './compare.ts';
import { controllerOf, primaryOf } from './found.ts';
import type {
  DesiredService,
  NewestDeployment,
  ServiceAddress,
  ServiceRemoval,
  ServiceState,
  StoppedTask,
} from './model.ts';
import { isLingering } from './plan-deletion.ts';
import { wouldDeploy } from './rollout/failed-deployment.ts';
import { isRestartDue } from './rollout/restart.ts';
import { isFailing } from './rollout/rollout.ts';
import { type FailingRollout, failuresOf } from './rollout/stopped-tasks.ts';
import { createObserveScaling, observeRemoval } from './scaling/observe.ts';

/** Rollouts whose stopped tasks are remembered. Losing one costs two calls. */
const MAX_REMEMBERED = 1_000;

/** How long lists may be behind: no stopped task before that does not mean that there is none. */
const LAG_MS = 60_000;

type Observe = (
  at: ServiceAddress,
  goal: Goal<DesiredService, ServiceRemoval>,
  gateway: EcsGateway,
  signal: AbortSignal,
) => Promise<Observation<ServiceState>>;

/**
 * The reads of one service: one DescribeServices where all is well. The rest only where it says more: the revision for
 * what nothing else shows, the newest service deployment before a deployment would be started or after one failed, and
 * the stopped tasks once while a rollout fails and once when it has failed.
 */
export function createObserveService(): Observe {
  const remembered = new BoundedMap<string, readonly StoppedTask[]>(MAX_REMEMBERED);
  const observeScaling = createObserveScaling();

  async function observe(...[at, goal, gateway, signal]: Parameters<Observe>): ReturnType<Observe> {
    const service = await gateway.describeService(at.cluster, at.service, signal);
    if (service === undefined || service.status === 'INACTIVE') {
      return goal.want === 'absent' ? observeRemains(service, goal.removal, gateway, signal) : gone(service);
    }
    const owner = ownerOf(service.tags);
    const plain = { ...NOTHING_READ, service };
    if (goal.want === 'absent') {
      const isHeld = !goal.removal.isRetained && isLingering(service, goal.removal.now);
      const protectedTasks = isHeld ? await gateway.listProtectedTasks(at.cluster, at.service, signal) : [];
      const scaling = await observeRemoval(goal.removal.scaling, gateway, signal);
      return { exists: true, owner, state: { ...plain, protectedTasks, scaling } };
    }
    if (service.status !== 'ACTIVE') return { exists: true, owner, state: plain };
    const { scaling: wish } = goal.desired;
    const scaling = wish && (await observeScaling(wish, service, gateway, signal));
    const revision = needsRevision(goal.desired) ? await readRevision(service, gateway, signal) : undefined;
    const curiosity = curiosityOf(goal.desired, { ...plain, revision, scaling });
    const newest = curiosity === undefined ? undefined : await readNewest(at, curiosity, gateway, signal);
    const stoppedTasks = await readStoppedTasks({ at, service, newest, now: goal.desired.now }, gateway, signal);
    return { exists: true, owner, state: { ...plain, revision, newest, stoppedTasks, scaling } };
  }

  async function readStoppedTasks(
    of: { at: ServiceAddress; service: Service; newest: NewestDeployment | undefined; now: number },
    gateway: EcsGateway,
    signal: AbortSignal,
  ): Promise<readonly StoppedTask[]> {
    const rollout = failingRollout(of);
    if (rollout === undefined) return [];
    const known = remembered.get(rollout.id);
    if (known !== undefined) return known;
    const tasks = failuresOf(await gateway.listStoppedTasks(of.at.cluster, of.at.service, signal), rollout);
    if (tasks.length > 0 || rollout.isLongOver) remembered.set(rollout.id, tasks);
    return tasks;
  }

  return observe;
}

const NOTHING_READ = {
  revision: undefined,
  newest: undefined,
  stoppedTasks: [],
  protectedTasks: [],
  scaling: undefined,
} as const;

/** S33: absent, but for the trace that tells the next creation from the last. */
function gone(service: Service | undefined): Observation<ServiceState> {
  const createdAt = service?.createdAt;
  return createdAt === undefined ? { exists: false } : { exists: false, formerly: createdAt.toISOString() };
}

/** A scalable target outlives its service: while ours is there, not all of the object is gone. */
async function observeRemains(
  service: Service | undefined,
  removal: ServiceRemoval,
  gateway: EcsGateway,
  signal: AbortSignal,
): Promise<Observation<ServiceState>> {
  const scaling = await observeRemoval(removal.scaling, gateway, signal);
  if (scaling?.ownership !== 'ours') return gone(service);
  const state = { ...NOTHING_READ, service: { ...service, status: 'INACTIVE' }, scaling };
  return { exists: true, owner: removal.scaling.owner, state };
}

/** S28: these two are shown on revisions only. */
function needsRevision(desired: DesiredService): boolean {
  const { gatewayConnectors, monitoring } = wishOf(desired).configuration;
  return gatewayConnectors !== undefined || monitoring !== undefined;
}

/** The revision of the PRIMARY deployment: of the current ones the newest that runs the same task definition. */
async function readRevision(
  service: Service,
  gateway: EcsGateway,
  signal: AbortSignal,
): Promise<ServiceRevision | undefined> {
  const arns = (service.currentServiceRevisions ?? []).flatMap(({ arn }) => arn ?? []);
  const revisions = await Promise.all(arns.map((arn) => gateway.describeServiceRevision(arn, signal)));
  const known = revisions
    .filter((revision) => revision !== undefined)
    .toSorted((a, b) => (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0));
  const { taskDefinition } = primaryOf(service) ?? {};
  return known.find((revision) => revision.taskDefinition === taskDefinition) ?? known[0];
}

/** What is to be known of the newest service deployment: whether it has failed, or also whither it leads. */
type Curiosity = 'failure' | 'target';

function curiosityOf(desired: DesiredService, state: ServiceState): Curiosity | undefined {
  if (primaryOf(state.service)?.rolloutState === 'FAILED') return 'target';
  if (isRestartDue(desired.restart, state.service)) return undefined;
  if (wouldDeploy(compareConfiguration(desired, state))) return 'target';
  return hasJustEnded(desired, state.service) ? 'failure' : undefined;
}

/** A rollout that ended may have been a way back, which only its history tells. Asked once: the answer is remembered. */
function hasJustEnded({ completedDeploymentId }: DesiredService, service: Service): boolean {
  const primary = primaryOf(service);
  const isOfEcs = (controllerOf(service) ?? 'ECS') === 'ECS';
  return isOfEcs && primary?.rolloutState === 'COMPLETED' && primary.id !== completedDeploymentId;
}

/** One read where only a failure matters and there is none. */
async function readNewest(
  at: ServiceAddress,
  curiosity: Curiosity,
  gateway: EcsGateway,
  signal: AbortSignal,
): Promise<NewestDeployment | undefined> {
  const [brief] = await gateway.listServiceDeployments(at.cluster, at.service, signal);
  const { serviceDeploymentArn, targetServiceRevisionArn, status } = brief ?? {};
  if (serviceDeploymentArn === undefined || (curiosity === 'failure' && status === 'SUCCESSFUL')) return undefined;
  const [deployment, target] = await Promise.all([
    gateway.describeServiceDeployment(serviceDeploymentArn, signal),
    targetServiceRevisionArn && gateway.describeServiceRevision(targetServiceRevisionArn, signal),
  ]);
  return deployment && { deployment, target: target || undefined };
}

interface RememberedRollout extends FailingRollout {
  readonly id: string;
  /** Whatever its tasks had to say can be seen by now. */
  readonly isLongOver: boolean;
}

/** The rollout whose tasks are worth asking, if one fails or has failed. */
function failingRollout({
  service,
  newest,
  now,
}: {
  service: Service;
  newest: NewestDeployment | undefined;
  now: number;
}): RememberedRollout | undefined {
  if (newest !== undefined && hasFailed(newest.deployment)) {
    const { serviceDeploymentArn, status, createdAt, finishedAt } = newest.deployment;
    return {
      id: `${serviceDeploymentArn} ${status}`,
      taskDefinition: newest.target?.taskDefinition,
      since: createdAt,
      isLongOver: finishedAt !== undefined && now - finishedAt.getTime() > LAG_MS,
    };
  }
  const primary = primaryOf(service);
  if (primary === undefined || !isFailing({ service }, now)) return undefined;
  const { id, taskDefinition, createdAt } = primary;
  return { id: `${id}`, taskDefinition, since: createdAt, isLongOver: false };
}

function hasFailed({ status }: ServiceDeployment): boolean {
  return status === 'STOPPED' || status?.startsWith('ROLLBACK') === true;
}
