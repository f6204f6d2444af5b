import { CHANGE } from '../scenarios/change.ts';
import { describeMatrix } from './matrix.ts';

describeMatrix(CHANGE);
