import type { Timings } from './world.ts';

const HOUR_MS = 3_600_000;

/**
 * How long things take unless a simulator is told otherwise. The short ones are quicker than AWS, so that a demo is
 * bearable; the long ones are AWS's own and matter for what can still be described.
 */
export const TIMINGS: Timings = {
  taskStartMs: 3_000,
  taskStopMs: 2_000,
  healthCheckMs: 2_000,
  steadyMs: 2_000,
  retryMs: 1_000,
  // Developer guide, "Amazon ECS service throttle logic": the pause grows up to 15 minutes.
  retryMaxMs: 900_000,
  stageMs: 1_000,
  stopRequestMs: 1_000,
  // SDK documentation of ListTasks and DescribeTasks: stopped tasks appear for at least one hour.
  stoppedTaskVisibleMs: HOUR_MS,
  // SDK documentation of DeleteService: INACTIVE services may be cleaned up later; no time is promised.
  inactiveVisibleMs: HOUR_MS,
  // An assumption: no page says for how long a clientToken is replayed.
  tokenMs: 24 * HOUR_MS,
  // SDK: `ConcurrentUpdateException` speaks of a pending update, and nothing says for how long one is.
  scalingChangeMs: 0,
};
