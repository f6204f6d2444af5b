import { describeRefusals } from './refusals.ts';
import { CREATION } from './scenarios.ts';

describeRefusals(CREATION);
