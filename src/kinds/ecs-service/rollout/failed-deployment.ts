import type { Difference, Plan } from '../../../core/plan.ts';
import { type Comparison, DEPLOYING, isTarget, memberAt } from '../compare.ts';
import { configurationOfRevision, primaryOf } from '../found.ts';
import type { DesiredService, NewestDeployment, ServiceState, ServiceStep } from '../model.ts';
import type { EcsServiceStatus } from '../schema.ts';
import { isRevision, revisionName } from '../task-definition-name.ts';
import { pollAfterMs } from './rollout-pace.ts';
import { summaryOf } from './stopped-tasks.ts';

const UNFAMILIAR_POLL_MS = 15_000;

type Held = Plan<ServiceStep, EcsServiceStatus>;

/**
 * Why a deployment to the wish must not be started now. ECS remembers: where the newest service deployment was to what
 * is wished, one that failed, was rolled back or stopped is not tried again, and one on its way is not begun twice (a
 * look can be older than our write). Undefined where nothing stands against it.
 */
export function heldBack(
  desired: DesiredService,
  state: ServiceState,
  comparison: Comparison,
  now: number,
): Held | undefined {
  const { newest } = state;
  if (newest === undefined || !wouldDeploy(comparison) || !isToTheWish(desired, state)) return undefined;
  const name = targetNameOf(newest);
  const { status, createdAt } = newest.deployment;
  if (status === 'SUCCESSFUL') return unfamiliarRollout(comparison, state, name);
  if (status !== 'PENDING' && status !== 'IN_PROGRESS') return givenUp(desired, state, now);
  return {
    verdict: 'wait',
    reason: 'RolloutInProgress',
    message: `ECS has begun to roll out ${name}`,
    pollAfterMs: pollAfterMs(createdAt, now),
  };
}

const GIVEN_UP: ReadonlySet<string> = new Set(['ROLLBACK_SUCCESSFUL', 'ROLLBACK_FAILED', 'STOPPED']);
const ON_THE_WAY_BACK: ReadonlySet<string> = new Set(['ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS', 'STOP_REQUESTED']);

/**
 * Whether ECS has given the deployment to the wish up, or is about to. Where the way back led to the same revision (a
 * restart, or a family by its bare name), nothing else differs, and only this says that the wish has failed.
 */
export function givenUp(desired: DesiredService, state: ServiceState, now: number): Held | undefined {
  const { newest } = state;
  if (newest === undefined || !isToTheWish(desired, state)) return undefined;
  const { status = '', createdAt } = newest.deployment;
  if (GIVEN_UP.has(status)) return deploymentFailed(desired, state);
  // A status that ECS adds one day stands against nothing.
  if (!ON_THE_WAY_BACK.has(status)) return undefined;
  return {
    verdict: 'wait',
    reason: 'RollingBack',
    message: `ECS is rolling ${targetNameOf(newest)} back: ${whyOf(state)}`,
    pollAfterMs: pollAfterMs(createdAt, now),
  };
}

function isToTheWish(desired: DesiredService, state: ServiceState): boolean {
  const target = state.newest?.target;
  return target !== undefined && isTarget(desired, state, configurationOfRevision(target));
}

function targetNameOf({ target }: NewestDeployment): string {
  return revisionName(target?.taskDefinition ?? '');
}

/** Members that can be changed without a deployment, so that a successful one says nothing of them. */
const APART: ReadonlySet<string> = new Set(['deploymentController', 'capacityProviderStrategy']);

/** A spelling that is not known here, where the newest deployment has rolled out all that differs. */
function unfamiliarRollout(
  { because, members }: Comparison,
  { service }: ServiceState,
  name: string,
): Held | undefined {
  // S13: the deployment names the version that LATEST stood for, and so does not say that it is pinned.
  const isUnpinned = service.platformVersion === 'LATEST';
  const isApart = (member: string): boolean => APART.has(member) || (isUnpinned && member === 'platformVersion');
  const deploying = [...members].filter((member) => DEPLOYING.has(member) && !isApart(member));
  if (deploying.length === 0) return undefined;
  const differences = because.filter(({ path }) => deploying.includes(memberAt(path)));
  return unfamiliarAnswer(`ECS has rolled out ${name} as wished`, differences);
}

/**
 * ECS has done what is wished and shows something else: an answer that is behind, or a spelling that is not known here.
 * Writing again would roll the service, or be repeated at every look, for ever.
 */
export function unfamiliarAnswer(fact: string, differences: readonly Difference[]): Held {
  const paths = differences.map(({ path }) => path).join(', ');
  return {
    verdict: 'wait',
    reason: 'UnfamiliarAnswer',
    message: `${fact}, and shows something else at ${paths}; if nobody else changes it and that lasts, please report it`,
    pollAfterMs: UNFAMILIAR_POLL_MS,
  };
}

/** Whether an UpdateService would start a deployment: by what differs, or as a bare family is looked up again. */
export function wouldDeploy({ members, wish }: Comparison): boolean {
  const { taskDefinition } = wish.configuration;
  const isFamily = taskDefinition !== undefined && !isRevision(taskDefinition);
  return [...members].some((member) => DEPLOYING.has(member)) || (isFamily && members.size > 0);
}

/** The deployment to the wish has failed; only another wish, or a restart that is asked for, begins another. */
export function deploymentFailed(desired: DesiredService, state: ServiceState): Held {
  const primary = primaryOf(state.service);
  const live = revisionName(primary?.taskDefinition ?? state.service.taskDefinition ?? '');
  const wanted = revisionName(state.newest?.target?.taskDefinition ?? primary?.taskDefinition ?? '');
  const words = {
    ROLLBACK_SUCCESSFUL: `ECS rolled ${wanted} back${live === wanted ? '' : ` to ${live}`}`,
    ROLLBACK_FAILED: `The deployment of ${wanted} failed, and ECS could not roll it back`,
    STOPPED: `ECS stopped the deployment of ${wanted}`,
  };
  const status = state.newest?.deployment.status;
  const fact = status !== undefined && status in words ? words[asKnown(status)] : `The deployment of ${wanted} failed`;
  return {
    verdict: 'refuse',
    reason: 'DeploymentFailed',
    message: `${fact}: ${whyOf(state)}. ${nextStep(desired, state, wanted)}`,
  };
}

function asKnown(status: string): 'ROLLBACK_SUCCESSFUL' | 'ROLLBACK_FAILED' | 'STOPPED' {
  if (status === 'ROLLBACK_SUCCESSFUL' || status === 'ROLLBACK_FAILED') return status;
  return 'STOPPED';
}

/** ECS's words and the tasks'. */
function whyOf({ newest, service, stoppedTasks }: ServiceState): string {
  const primary = primaryOf(service);
  const said =
    newest?.deployment.statusReason ?? newest?.deployment.rollback?.reason ?? primary?.rolloutStateReason ?? undefined;
  const parts = [said?.replace(/\.$/, ''), summaryOf(stoppedTasks)].filter((part) => part !== undefined && part !== '');
  return parts.length === 0 ? 'ECS gave no reason' : parts.join('; ');
}

function nextStep({ remedy }: DesiredService, { stoppedTasks }: ServiceState, wanted: string): string {
  const isImage = stoppedTasks.some(({ reason }) => /CannotPullContainer|image/i.test(reason));
  const fix = isImage ? `Fix the image in ${remedy}` : `Fix ${remedy}`;
  return `${fix}, or annotate ecs-operator.dev/restart-at to try ${wanted} again.`;
}
