import { describeCrashes } from './crashes.ts';
import { ROLLOUT } from './scenarios.ts';

describeCrashes(ROLLOUT);
