import type { DeploymentCircuitBreaker, DeploymentConfiguration } from '@aws-sdk/client-ecs';

interface RollingState {
  desired: number;
  /** Tasks of the new deployment that are wanted. */
  newWanted: number;
  newHealthy: number;
  /** Tasks of older deployments that are wanted. */
  oldWanted: number;
  oldHealthy: number;
  /** False once the new deployment has failed: it launches no more tasks. */
  mayStart: boolean;
}

interface RollingMoves {
  start: number;
  stopOld: number;
  /** Old tasks remain, and the two percentages leave no room to move. */
  boxedIn: boolean;
}

/**
 * How many tasks a rolling update starts and stops now. SDK documentation of DeploymentConfiguration: maximumPercent
 * bounds RUNNING and PENDING tasks, rounded down; minimumHealthyPercent is the floor of healthy ones, rounded up.
 */
export function rollingMoves(state: RollingState, configuration: DeploymentConfiguration): RollingMoves {
  const { desired, newWanted, newHealthy, oldWanted, oldHealthy, mayStart } = state;
  const missing = Math.max(0, desired - newWanted);
  if (oldWanted === 0) return { start: mayStart ? missing : 0, stopOld: 0, boxedIn: false };
  const ceiling = Math.floor((desired * (configuration.maximumPercent ?? 200)) / 100);
  const floor = Math.ceil((desired * (configuration.minimumHealthyPercent ?? 100)) / 100);
  const start = mayStart ? Math.max(0, Math.min(missing, ceiling - newWanted - oldWanted)) : 0;
  // Old tasks that are not healthy carry no load: they go first, whatever the floor is.
  const spare = Math.max(0, newHealthy + oldHealthy - floor) + (oldWanted - oldHealthy);
  const stopOld = mayStart ? Math.min(oldWanted, spare) : 0;
  const boxedIn = mayStart && missing > 0 && start === 0 && stopOld === 0 && newWanted === newHealthy;
  return { start, stopOld, boxedIn };
}

/**
 * After how many failures the circuit breaker acts. Developer guide, "How the Amazon ECS deployment circuit breaker
 * detects failures": half the desired count, rounded up, at least 3 and at most 200; the types beside BOUNDED_PERCENT
 * are in the SDK documentation of ThresholdConfiguration. Without a failure it never acts.
 */
export function breakerThreshold(breaker: DeploymentCircuitBreaker | undefined, desired: number): number {
  const { type = 'BOUNDED_PERCENT', value = 50 } = breaker?.thresholdConfiguration ?? {};
  if (type === 'COUNT') return Math.max(1, value);
  const share = Math.ceil((desired * value) / 100);
  return type === 'UNBOUNDED_PERCENT' ? Math.max(1, share) : Math.min(200, Math.max(3, share));
}

/** The pause after the n-th failure in a row; it doubles from the fourth on. */
export function retryPauseMs(
  failuresInRow: number,
  { retryMs, retryMaxMs }: { retryMs: number; retryMaxMs: number },
): number {
  return Math.min(retryMaxMs, retryMs * 2 ** Math.max(0, Math.min(failuresInRow, 30) - 3));
}
