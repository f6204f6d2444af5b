import { describeCrashes } from './crashes.ts';
import { CHANGE } from './scenarios.ts';

describeCrashes(CHANGE);
