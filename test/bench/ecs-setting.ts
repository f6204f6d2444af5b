import type { SimulatorOptions } from '../simulator/simulator.ts';

/** How long the simulated ECS takes for things. Tasks start fast, as it is not ECS that is to be measured. */
const TIMINGS = { taskStartMs: 1_000, taskStopMs: 500, steadyMs: 1_000 };

/** The ECS that all figures are taken against: the documented quotas, in real seconds, and a distance of 20 ms. */
export const ECS_SETTING = {
  throttle: true,
  latencyMs: 20,
  containerInstances: 0,
  timings: TIMINGS,
} as const satisfies Partial<SimulatorOptions>;

/** From the creation of a service until its rollout is complete. */
export const SETTLE_MS = TIMINGS.taskStartMs + TIMINGS.steadyMs;
