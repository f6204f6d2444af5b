import type { Service } from '@aws-sdk/client-ecs';
import { primaryOf } from './found.ts';
import type { RestartWish } from './model.ts';

/** Stands for "no deployment" where an id is needed. */
const NONE = 'none';

export function deploymentMark(service: Service): string {
  return primaryOf(service)?.id ?? NONE;
}

/** How long a look may be behind a write: so long a restart that was asked for is not asked for again. */
const LAG_MS = 30_000;

/** Asked for, and the deployment that it is to replace is still the newest. */
export function isRestartDue(restart: RestartWish | undefined, service: Service): boolean {
  if (restart === undefined) return false;
  return restart.from === undefined || restart.from === deploymentMark(service);
}

/** Whether ECS may have been asked already, and only not show it yet: asked twice, it would roll twice. */
export function isAskedLately(restart: RestartWish | undefined, now: number): boolean {
  return restart?.at !== undefined && now - restart.at < LAG_MS;
}
