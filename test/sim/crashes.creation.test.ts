import { describeCrashes } from './crashes.ts';
import { CREATION } from './scenarios.ts';

describeCrashes(CREATION);
