import { describeRefusals } from './refusals.ts';
import { CHANGE } from './scenarios.ts';

await describeRefusals(CHANGE);
