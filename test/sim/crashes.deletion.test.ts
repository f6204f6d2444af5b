import { describeCrashes } from './crashes.ts';
import { DELETION } from './scenarios.ts';

await describeCrashes(DELETION);
