import { describeRefusals } from './refusals.ts';
import { CREATION } from './scenarios.ts';

await describeRefusals(CREATION);
