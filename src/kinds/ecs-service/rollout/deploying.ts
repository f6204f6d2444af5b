import type { Service } from '@aws-sdk/client-ecs';
import type { Difference, Plan } from '../../../core/plan.ts';
import { type Comparison, DEPLOYING, memberAt } from '../compare.ts';
import { primaryOf } from '../found.ts';
import type { DesiredService, ServiceStep } from '../model.ts';
import type { EcsServiceStatus } from '../schema.ts';
import { revisionName } from '../task-definition-name.ts';
import { digestOf } from '../updating.ts';
import { wouldDeploy } from './failed-deployment.ts';

type Deploying = NonNullable<EcsServiceStatus['deploying']>;

/** How long a look may be behind a write. */
const LAG_MS = 10_000;
const POLL_MS = 2_000;

/**
 * Waits where ECS was asked for this very deployment and shows what it showed before. A second request changes nothing
 * while the first is rolled out (SDK: `UpdateServiceRequest.forceNewDeployment`); but where that has failed meanwhile and
 * is rolled back (SDK: `DeploymentCircuitBreaker.rollback`), it begins the deployment anew.
 */
export function waitForDeployment(
  desired: DesiredService,
  comparison: Comparison,
  now: number,
): Plan<ServiceStep, EcsServiceStatus> | undefined {
  const { deploying } = desired;
  if (deploying === undefined || !wouldDeploy(comparison)) return undefined;
  if (deploying.digest !== digestOf(desired, rolledOut(comparison))) return undefined;
  // A moment in the future was written by a clock that has been set back since.
  if (Math.abs(now - Date.parse(deploying.at)) >= LAG_MS) return undefined;
  const { taskDefinition } = comparison.wish.configuration;
  const what = taskDefinition === undefined ? 'a deployment' : `to roll out ${revisionName(taskDefinition)}`;
  return {
    verdict: 'wait',
    reason: 'RolloutInProgress',
    message: `ECS was asked ${taskDefinition === undefined ? 'for ' : ''}${what} and does not show it yet`,
    pollAfterMs: POLL_MS,
  };
}

/** Written before AWS is: whoever comes after a crash knows that the request may be on its way. */
export function deployingIntent(desired: DesiredService, comparison: Comparison, now: number): Deploying {
  return { digest: digestOf(desired, rolledOut(comparison)), at: new Date(now).toISOString() };
}

/** Kept until ECS has rolled out what is wished: of two looks the later may show what is older. */
export function deployingMemory(
  { deploying }: DesiredService,
  comparison: Comparison,
  service: Service,
): Deploying | undefined {
  const isDone = primaryOf(service)?.rolloutState === 'COMPLETED' && !wouldDeploy(comparison);
  return isDone ? undefined : deploying;
}

function rolledOut({ because }: Comparison): readonly Difference[] {
  return because.filter(({ path }) => DEPLOYING.has(memberAt(path)));
}
