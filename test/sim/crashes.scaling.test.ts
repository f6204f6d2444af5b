import { describeCrashes } from './crashes.ts';
import { SCALING_SCENARIOS } from './scaling-scenarios.ts';

describeCrashes(SCALING_SCENARIOS);
