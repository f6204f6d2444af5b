import { OWNERSHIP } from '../scenarios/creation.ts';
import { describeMatrix } from './matrix.ts';

describeMatrix(OWNERSHIP);
