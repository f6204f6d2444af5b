import { describeCrashes } from './crashes.ts';
import { CREATION } from './scenarios.ts';

await describeCrashes(CREATION);
