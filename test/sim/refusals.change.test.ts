import { describeRefusals } from './refusals.ts';
import { CHANGE } from './scenarios.ts';

describeRefusals(CHANGE);
