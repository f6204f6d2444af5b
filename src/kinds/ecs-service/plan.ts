import { ANNOTATIONS } from '../../api/group.ts';
import { diffTags, tagSteps } from '../../api/ownership.ts';
import type { Difference, Goal, Observation, Plan } from '../../core/plan.ts';
import { isEqual, stableJson } from '../../lib/stable-json.ts';
import { wideApplied } from './applied.ts';
import { compareConfiguration, compareFixed, DEPLOYING, memberAt } from './compare.ts';
import { creation } from './create.ts';
import { isTaggable } from './found.ts';
import type { DesiredService, ServiceRemoval, ServiceState, ServiceStep } from './model.ts';
import { planAbsence } from './plan-deletion.ts';
import { deployingIntent, waitForDeployment } from './rollout/deploying.ts';
import { heldBack, unfamiliarAnswer, wouldDeploy } from './rollout/failed-deployment.ts';
import { deploymentMark, isAskedLately, isRestartDue } from './rollout/restart.ts';
import { judgeRollout } from './rollout/rollout.ts';
import { pollAfterMs } from './rollout/rollout-pace.ts';
import { judgeScaling } from './scaling/judge.ts';
import { withoutFormerRange } from './scaling/memory.ts';
import { planScaling } from './scaling/plan.ts';
import type { EcsServiceStatus } from './schema.ts';
import { type UpdateOrder, update } from './update.ts';
import { updatedInVain, updatedOnceMore } from './updating.ts';

const RESTART_POLL_MS = 2_000;

export type ServicePlan = Plan<ServiceStep, EcsServiceStatus>;

export function planService(
  goal: Goal<DesiredService, ServiceRemoval>,
  observed: Observation<ServiceState>,
  now: number,
): ServicePlan {
  if (goal.want === 'absent') return planAbsence(goal.removal, observed, now);
  const moved = refusalOfMove(goal.desired);
  if (moved !== undefined) return moved;
  return observed.exists
    ? planPresence(goal.desired, observed.state, now)
    : planCreation(goal.desired, observed.formerly, now);
}

function refusalOfMove({ at, name, otherCluster }: DesiredService): ServicePlan | undefined {
  if (otherCluster === undefined) return undefined;
  const message = `service ${name} is on ${at.cluster}, and spec.clusterRef now means ${otherCluster}; let it mean the former again, or make a new object`;
  return { verdict: 'refuse', reason: 'LocationChanged', message };
}

function planCreation(desired: DesiredService, formerly: string | undefined, now: number): ServicePlan {
  return {
    verdict: 'change',
    because: [{ path: 'serviceName', wanted: desired.name, found: undefined }],
    steps: [creation(desired, formerly)],
    // A deletion that follows must know that there may be a service, though ECS does not show it yet.
    intents: { ...widened(desired, new Set()), creating: { at: new Date(now).toISOString() } },
    stamp: { intent: 'creating', call: 'CreateService' },
  };
}

function planPresence(desired: DesiredService, state: ServiceState, now: number): ServicePlan {
  return (
    refusalOf(state) ??
    waitForDraining(desired, state, now) ??
    refusalOfChange(desired, state) ??
    withScaling(planUpdate(desired, state, now), desired, state) ??
    judgeScaling(judge(desired, state, now), desired.scaling, state.scaling)
  );
}

/** Scaling waits for no rollout, and comes after the service, so that a policy that AWS refuses holds up nothing else. */
function withScaling(
  other: ServicePlan | undefined,
  desired: DesiredService,
  state: ServiceState,
): ServicePlan | undefined {
  const scaling = planScaling(desired.scaling, state.scaling);
  if (scaling === undefined) return other;
  if (other?.verdict !== 'change') {
    const intents = widened(desired, new Set());
    return { verdict: 'change', ...scaling, intents, done: rangeWritten(desired, intents) };
  }
  const because = [...other.because, ...scaling.because];
  const done = { ...other.done, ...rangeWritten(desired, other.intents) };
  return { ...other, because, steps: [...other.steps, ...scaling.steps], done };
}

/** Forgets the range that was stated before, which an object that is never in sync would set again and again. */
function rangeWritten(desired: DesiredService, intents: Partial<EcsServiceStatus> = {}): Partial<EcsServiceStatus> {
  const { fields = [], tagKeys = [] } = intents.lastApplied ?? desired.applied ?? {};
  const block = desired.scaling?.block;
  const kept = block === undefined ? fields : withoutFormerRange(fields, block);
  return kept.length === fields.length ? {} : { lastApplied: { fields: [...kept], tagKeys: [...tagKeys] } };
}

function refusalOf({ service }: ServiceState): ServicePlan | undefined {
  if (service.resourceManagementType === 'ECS') {
    const message = `service ${service.serviceName} belongs to ECS Express Mode, which changes it by itself: set spec.serviceName to another name`;
    return { verdict: 'refuse', reason: 'ManagedByExpress', message };
  }
  if (!isTaggable(service)) {
    const message = `${service.serviceArn} has the old format, which cannot be tagged: delete and make the service again, or set spec.serviceName to another name`;
    return { verdict: 'refuse', reason: 'UntaggableArn', message };
  }
  return undefined;
}

function waitForDraining({ name }: DesiredService, { service }: ServiceState, now: number): ServicePlan | undefined {
  if (service.status !== 'DRAINING') return undefined;
  return {
    verdict: 'wait',
    reason: 'Draining',
    message: `a service ${name} is going away (running tasks: ${service.runningCount ?? 0}); it is made again after`,
    pollAfterMs: pollAfterMs(service.createdAt, now),
  };
}

function refusalOfChange(desired: DesiredService, state: ServiceState): ServicePlan | undefined {
  const [difference] = compareFixed(desired, state);
  if (difference === undefined) return undefined;
  const { path, wanted, found } = difference;
  const detour =
    path === 'launchType' ? 'or set spec.capacityProviderStrategy, which can be changed' : 'or make a new object';
  return {
    verdict: 'refuse',
    reason: 'ImmutableField',
    message: `spec.${path} is ${stableJson(wanted)}, but the service has ${stableJson(found ?? null)}, which ECS cannot change: put it back, ${detour}`,
  };
}

/** What is to be corrected now; undefined where nothing is. */
function planUpdate(desired: DesiredService, state: ServiceState, now: number): ServicePlan | undefined {
  const { service } = state;
  const comparison = compareConfiguration(desired, state);
  const tagChange = diffTags({ tags: desired.tags, putKeys: desired.applied?.tagKeys ?? [] }, service.tags);
  const isRestart = isRestartDue(desired.restart, service);
  if (isRestart && isAskedLately(desired.restart, now)) return waitForRestart;
  const held = isRestart ? undefined : withheld(desired, state, comparison, now);
  const inVain = updatedInVain(desired, comparison, now);
  const askable = inVain.length === 0 ? [...comparison.members] : [];
  const members = new Set(askable.filter((member) => held === undefined || !DEPLOYING.has(member)));
  const mayDeploy = held === undefined;
  const write = update({ desired, state, comparison, members, mayDeploy, isRestart });
  const isDeploying = write !== undefined && mayDeploy && (isRestart || wouldDeploy(comparison));
  const [first, ...rest] = [...tagSteps(service.serviceArn ?? '', tagChange), ...(write === undefined ? [] : [write])];
  if (first === undefined) return held;
  const sent = comparison.because.filter(({ path }) => members.has(memberAt(path)));
  const updating = write === undefined || inVain.length > 0 ? undefined : updatedOnceMore(desired, comparison, now);
  return {
    verdict: 'change',
    because: [...tagChange.because, ...sent, ...(isRestart ? [restartDifference(desired)] : [])],
    steps: [first, ...rest],
    ...announcement({ desired, state, comparison, members, isRestart, isDeploying }, now),
    ...(updating === undefined ? {} : { done: { updating } }),
  };
}

interface Announced extends Omit<UpdateOrder, 'mayDeploy'> {
  readonly isDeploying: boolean;
}

/** What a crash must not lose; of a deployment also when ECS was asked for it, as that is not asked for twice. */
function announcement(
  { desired, state, comparison, members, isRestart, isDeploying }: Announced,
  now: number,
): Pick<Extract<ServicePlan, { verdict: 'change' }>, 'intents' | 'stamp'> {
  const wide = widened(desired, members);
  if (!isDeploying) return { intents: wide };
  const call = 'UpdateService';
  return isRestart
    ? { intents: { ...wide, ...restartIntent(desired, state, now) }, stamp: { intent: 'restart', call } }
    : {
        intents: { ...wide, deploying: deployingIntent(desired, comparison, now) },
        stamp: { intent: 'deploying', call },
      };
}

/** Why no deployment may be started now; undefined where one may. */
function withheld(...[desired, state, comparison, now]: Parameters<typeof heldBack>): ReturnType<typeof heldBack> {
  return heldBack(desired, state, comparison, now) ?? waitForDeployment(desired, comparison, now);
}

/** How far ECS is, once it was told all. */
function judge(desired: DesiredService, state: ServiceState, now: number): ServicePlan {
  const judged = judgeRollout(desired, state, now);
  if (judged.verdict !== 'in-sync') return judged;
  const inVain = updatedInVain(desired, compareConfiguration(desired, state), now);
  if (inVain.length === 0) return judged;
  return unfamiliarAnswer('ECS has taken what is wished, again and again', inVain);
}

const waitForRestart: ServicePlan = {
  verdict: 'wait',
  reason: 'RolloutInProgress',
  message: 'ECS was asked for the restart and does not show it yet',
  pollAfterMs: RESTART_POLL_MS,
};

function restartDifference({ restart }: DesiredService): Difference {
  return { path: `metadata.annotations[${ANNOTATIONS.restartAt}]`, wanted: restart?.value, found: undefined };
}

/** Written before AWS is: a crash after the write finds that the deployment it was to replace is replaced. */
function restartIntent({ restart }: DesiredService, { service }: ServiceState, now: number): Partial<EcsServiceStatus> {
  const deploymentId = restart?.from ?? deploymentMark(service);
  return { restart: { value: restart?.value ?? '', deploymentId, at: new Date(now).toISOString() } };
}

/** Left out where status says it already. */
function widened(desired: DesiredService, differing: ReadonlySet<string>): Partial<EcsServiceStatus> {
  const lastApplied = wideApplied(desired, differing);
  return isEqual(lastApplied, desired.applied) ? {} : { lastApplied };
}
