import { rulesOf } from '../../../api/rule.ts';
import type { EcsServiceSpec } from '../schema.ts';

export const rule = rulesOf<EcsServiceSpec>();

export type Spec = EcsServiceSpec;
