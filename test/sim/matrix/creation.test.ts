import { CREATION } from '../scenarios/creation.ts';
import { describeMatrix } from './matrix.ts';

describeMatrix(CREATION);
