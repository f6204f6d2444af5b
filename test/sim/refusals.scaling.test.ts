import { describeRefusals } from './refusals.ts';
import { SCALING_SCENARIOS } from './scaling-scenarios.ts';

describeRefusals(SCALING_SCENARIOS);
