import { describeRefusals } from './refusals.ts';
import { ROLLOUT } from './scenarios.ts';

await describeRefusals(ROLLOUT);
