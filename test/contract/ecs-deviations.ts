import type { BackingName } from './ecs-backings.ts';

/**
 * What a backing gets wrong, by the id of the case. Such a case is run all the same and must fail: once it passes, the
 * row is stale and the suite says so.
 */
export const DEVIATIONS: Readonly<Partial<Record<BackingName, Readonly<Record<string, string>>>>> = {
  moto: {},
};
