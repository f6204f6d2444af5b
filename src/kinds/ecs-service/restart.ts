import type { Service } from '@aws-sdk/client-ecs';
import { primaryOf } from './found.ts';
import type { RestartWish } from './model.ts';

/** Stands for "no deployment" where an id is needed. */
const NONE = 'none';

export function deploymentMark(service: Service): string {
  return primaryOf(service)?.id ?? NONE;
}

/** Asked for, and the deployment that it is to replace is still the newest. */
export function isRestartDue(restart: RestartWish | undefined, service: Service): boolean {
  if (restart === undefined) return false;
  return restart.from === undefined || restart.from === deploymentMark(service);
}
