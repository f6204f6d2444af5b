import { SCALING_SCENARIOS } from '../scenarios/scaling.ts';
import { describeMatrix } from './matrix.ts';

describeMatrix(SCALING_SCENARIOS);
