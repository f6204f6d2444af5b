import { describeCrashes } from './crashes.ts';
import { ROLLOUT } from './scenarios.ts';

await describeCrashes(ROLLOUT);
