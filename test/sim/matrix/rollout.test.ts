import { ROLLOUT } from '../scenarios/rollout.ts';
import { describeMatrix } from './matrix.ts';

describeMatrix(ROLLOUT);
