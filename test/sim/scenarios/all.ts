import type { Scenario } from '../scenario.ts';
import { CHANGE } from './change.ts';
import { CREATION, OWNERSHIP } from './creation.ts';
import { DELETION, ENDING } from './deletion.ts';
import { ROLLOUT } from './rollout.ts';
import { SCALING_SCENARIOS } from './scaling.ts';

/** In the order of the page. */
export const SCENARIOS: readonly Scenario[] = [
  ...CREATION,
  ...OWNERSHIP,
  ...CHANGE,
  ...ROLLOUT,
  ...SCALING_SCENARIOS,
  ...DELETION,
  ...ENDING,
];
