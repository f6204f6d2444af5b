import { DELETION } from '../scenarios/deletion.ts';
import { describeMatrix } from './matrix.ts';

describeMatrix(DELETION);
