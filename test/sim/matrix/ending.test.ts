import { ENDING } from '../scenarios/deletion.ts';
import { describeMatrix } from './matrix.ts';

describeMatrix(ENDING);
