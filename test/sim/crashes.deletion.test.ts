import { describeCrashes } from './crashes.ts';
import { DELETION } from './scenarios.ts';

describeCrashes(DELETION);
