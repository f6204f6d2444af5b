import type { Plan } from '../../../core/plan.ts';
import { stableHash } from '../../../lib/stable-json.ts';
import { type Comparison, compareConfiguration, DEPLOYING, memberAt } from '../compare.ts';
import { primaryOf } from '../found.ts';
import type { DesiredService, ServiceState, ServiceStep } from '../model.ts';
import type { EcsServiceStatus } from '../schema.ts';
import { revisionName } from '../task-definition-name.ts';
import { wouldDeploy } from './failed-deployment.ts';

type Deploying = NonNullable<EcsServiceStatus['deploying']>;

/** How long a look may be behind a write. */
const LAG_MS = 10_000;
const POLL_MS = 2_000;

const DIGEST_LENGTH = 16;

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
  if (deploying.digest !== digestOf(desired, comparison)) return undefined;
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
  return { digest: digestOf(desired, comparison), at: new Date(now).toISOString() };
}

/** Kept until ECS has rolled out what is wished: of two looks the later may show what is older. */
export function deployingMemory(desired: DesiredService, state: ServiceState): Deploying | undefined {
  if (desired.deploying === undefined) return undefined;
  const isDone =
    primaryOf(state.service)?.rolloutState === 'COMPLETED' && !wouldDeploy(compareConfiguration(desired, state));
  return isDone ? undefined : desired.deploying;
}

/** What differs and what ECS shows in its place; the generation stands for what is hidden. */
function digestOf({ generation }: DesiredService, { because }: Comparison): string {
  const differences = because.filter(({ path }) => DEPLOYING.has(memberAt(path)));
  return stableHash([generation, differences], DIGEST_LENGTH);
}
