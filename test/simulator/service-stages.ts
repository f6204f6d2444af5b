import type {
  Deployment,
  DeploymentConfiguration,
  DeploymentLifecycleHookStage,
  ServiceDeployment,
  ServiceDeploymentLifecycleStage as Stage,
} from '@aws-sdk/client-ecs';
import { completeDeployment, REASONS, rollBack } from './service-deployments.ts';
import { EVENTS, tell, uuid } from './service-events.ts';
import { lower, raise, type Turn } from './service-levels.ts';
import { revisionOf } from './service-revisions.ts';
import { stoppable, tasksOf } from './service-tasks.ts';
import { isHealthy, isWanted } from './task-lifecycle.ts';
import type { ServiceRecord, World } from './world.ts';

const MINUTE_MS = 60_000;

// SDK documentation of ServiceDeployment.lifecycleStage.
const STAGES: readonly Stage[] = [
  'RECONCILE_SERVICE',
  'PRE_SCALE_UP',
  'SCALE_UP',
  'POST_SCALE_UP',
  'TEST_TRAFFIC_SHIFT',
  'POST_TEST_TRAFFIC_SHIFT',
  'PRODUCTION_TRAFFIC_SHIFT',
  'POST_PRODUCTION_TRAFFIC_SHIFT',
  'BAKE_TIME',
  'CLEAN_UP',
];

/** What a stage works on. */
interface Staged {
  primary: Deployment;
  current: ServiceDeployment;
  turn: Turn;
}

/** Whether a deployment goes through stages rather than replacing tasks one by one. */
export function isStaged({ deploymentConfiguration, status }: ServiceDeployment): boolean {
  return status === 'IN_PROGRESS' && (deploymentConfiguration?.strategy ?? 'ROLLING') !== 'ROLLING';
}

/** One turn of a blue/green, linear or canary deployment. The old tasks stay until CLEAN_UP. */
export function stepStages(world: World, record: ServiceRecord, staged: Staged): void {
  const { primary, current, turn } = staged;
  if (current.lifecycleStage === undefined) {
    enter(
      world,
      record,
      staged,
      (current.sourceServiceRevisions ?? []).length > 1 ? 'RECONCILE_SERVICE' : 'PRE_SCALE_UP',
    );
    return;
  }
  if (STAGES.indexOf(current.lifecycleStage) < STAGES.indexOf('SCALE_UP')) return;
  const desired = record.service.desiredCount ?? 0;
  const tasks = tasksOf(world, record);
  const mine = tasks.filter(({ task }) => task.startedBy === primary.id);
  const old = tasks.filter(({ task }) => task.startedBy !== primary.id);
  const owner = primary.id ?? '';
  const spec = revisionOf(record, record.rollouts.get(owner)?.revisionArn);
  if (spec !== undefined) raise(world, record, { owner, spec, count: desired - mine.filter(isWanted).length }, turn);
  if (current.lifecycleStage === 'SCALE_UP' && mine.filter(isHealthy).length >= desired) {
    enter(world, record, staged, 'POST_SCALE_UP');
  }
  if (current.lifecycleStage === 'CLEAN_UP') {
    lower(world, record, { tasks: old, count: stoppable(world, old).length, owner }, turn);
    if (old.length > 0) return;
    completeDeployment(world, record, primary);
    world.later(0, turn.again);
  }
}

/** A person's word on a PAUSE hook: SDK documentation of ContinueServiceDeployment. */
export function resolveHook(
  world: World,
  record: ServiceRecord,
  staged: Staged,
  { hookId, action }: { hookId: string; action: 'CONTINUE' | 'ROLLBACK' },
): void {
  const { current, primary } = staged;
  const hook = current.lifecycleHookDetails?.find((each) => each.hookId === hookId);
  if (hook?.status !== 'AWAITING_ACTION') return;
  hook.status = action === 'CONTINUE' ? 'SUCCEEDED' : 'FAILED';
  if (action === 'CONTINUE') {
    pass(world, record, staged, current.lifecycleStage ?? 'CLEAN_UP');
    return;
  }
  const reason = REASONS.hookFailed(current.lifecycleStage ?? '');
  primary.rolloutState = 'FAILED';
  primary.rolloutStateReason = reason;
  tell(world, record, EVENTS.stageFailed(primary.id ?? '', reason));
  rollBack(world, record, current, reason);
  staged.turn.again();
}

function enter(world: World, record: ServiceRecord, staged: Staged, stage: Stage): void {
  const { current, turn } = staged;
  current.lifecycleStage = stage;
  current.updatedAt = new Date(world.now());
  pause(world, record, staged, stage);
  if (stage === 'PRODUCTION_TRAFFIC_SHIFT') {
    shift(world, record, staged, shiftsOf(current.deploymentConfiguration ?? {}));
    return;
  }
  if (stage === 'SCALE_UP' || stage === 'CLEAN_UP') {
    world.later(0, turn.again);
    return;
  }
  const bakeMs = (current.deploymentConfiguration?.bakeTimeInMinutes ?? 0) * MINUTE_MS;
  world.later(stage === 'BAKE_TIME' ? bakeMs : world.timings.stageMs, () => pass(world, record, staged, stage));
}

/** On to the next stage, unless somebody has to act first or the deployment is no longer in this one. */
function pass(world: World, record: ServiceRecord, staged: Staged, stage: Stage): void {
  const { current } = staged;
  const isWaiting = (current.lifecycleHookDetails ?? []).some(({ status }) => status === 'AWAITING_ACTION');
  if (current.status !== 'IN_PROGRESS' || current.lifecycleStage !== stage || isWaiting) return;
  enter(world, record, staged, STAGES[STAGES.indexOf(stage) + 1] ?? 'CLEAN_UP');
}

/** Moves the production traffic, in as many steps as the strategy says. */
function shift(world: World, record: ServiceRecord, staged: Staged, shifts: readonly Shift[]): void {
  const { current } = staged;
  const [next, ...rest] = shifts;
  if (current.status !== 'IN_PROGRESS') return;
  if (next === undefined) {
    swapTargetGroups(record, current);
    pass(world, record, staged, 'PRODUCTION_TRAFFIC_SHIFT');
    return;
  }
  const target = current.targetServiceRevision;
  if (target !== undefined) target.requestedProductionTrafficWeight = next.percent;
  for (const source of current.sourceServiceRevisions ?? [])
    source.requestedProductionTrafficWeight = 100 - next.percent;
  world.later(rest.length === 0 ? world.timings.stageMs : next.waitMs, () => shift(world, record, staged, rest));
}

interface Shift {
  percent: number;
  waitMs: number;
}

/** SDK documentation of LinearConfiguration and CanaryConfiguration. */
export function shiftsOf(configuration: DeploymentConfiguration): Shift[] {
  if (configuration.strategy === 'CANARY') {
    const { canaryPercent = 5, canaryBakeTimeInMinutes = 10 } = configuration.canaryConfiguration ?? {};
    return [
      { percent: canaryPercent, waitMs: canaryBakeTimeInMinutes * MINUTE_MS },
      { percent: 100, waitMs: 0 },
    ];
  }
  if (configuration.strategy === 'LINEAR') {
    const { stepPercent = 10, stepBakeTimeInMinutes = 6 } = configuration.linearConfiguration ?? {};
    const steps = Math.ceil(100 / stepPercent);
    return Array.from({ length: steps }, (_, at) => ({
      percent: Math.min(100, (at + 1) * stepPercent),
      waitMs: stepBakeTimeInMinutes * MINUTE_MS,
    }));
  }
  return [{ percent: 100, waitMs: 0 }];
}

/** EcsService rule S23: after each such deployment the two target groups have changed places. */
function swapTargetGroups({ service }: ServiceRecord, current: ServiceDeployment): void {
  if ((current.sourceServiceRevisions ?? []).length === 0) return;
  for (const balancer of service.loadBalancers ?? []) {
    const advanced = balancer.advancedConfiguration;
    if (advanced?.alternateTargetGroupArn === undefined) continue;
    const former = balancer.targetGroupArn;
    balancer.targetGroupArn = advanced.alternateTargetGroupArn;
    advanced.alternateTargetGroupArn = former;
  }
}

/** Lambda hooks are taken to succeed at once; a PAUSE hook waits for ContinueServiceDeployment or its timeout. */
function pause(world: World, record: ServiceRecord, staged: Staged, stage: Stage): void {
  const { current } = staged;
  const hooks = (current.deploymentConfiguration?.lifecycleHooks ?? []).filter(({ lifecycleStages }) =>
    (lifecycleStages ?? []).some((each) => stageOf(each) === stage),
  );
  for (const { targetType, hookTargetArn, timeoutConfiguration } of hooks) {
    const hookId = uuid(world);
    const isPause = targetType === 'PAUSE';
    const waitMs = (timeoutConfiguration?.timeoutInMinutes ?? 1440) * MINUTE_MS;
    const action = timeoutConfiguration?.action ?? 'ROLLBACK';
    current.lifecycleHookDetails = [
      ...(current.lifecycleHookDetails ?? []),
      {
        hookId,
        targetType,
        targetArn: hookTargetArn,
        status: isPause ? 'AWAITING_ACTION' : 'SUCCEEDED',
        expiresAt: new Date(world.now() + waitMs),
        timeoutAction: action,
      },
    ];
    if (isPause) world.later(waitMs, () => resolveHook(world, record, staged, { hookId, action }));
  }
}

/** PRE_PRODUCTION_TRAFFIC_SHIFT exists for hooks only; it lies at the end of the stage before the shift. */
function stageOf(hookStage: DeploymentLifecycleHookStage): string {
  return hookStage === 'PRE_PRODUCTION_TRAFFIC_SHIFT' ? 'POST_TEST_TRAFFIC_SHIFT' : hookStage;
}
