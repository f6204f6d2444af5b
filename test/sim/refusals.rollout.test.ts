import { describeRefusals } from './refusals.ts';
import { ROLLOUT } from './scenarios.ts';

describeRefusals(ROLLOUT);
