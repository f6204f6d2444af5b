import { describeRefusals } from './refusals.ts';
import { DELETION } from './scenarios.ts';

describeRefusals(DELETION);
