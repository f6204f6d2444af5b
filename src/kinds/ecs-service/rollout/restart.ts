import type { Service } from '@aws-sdk/client-ecs';
import { controllerOf, primaryOf } from '../found.ts';
import type { RestartWish } from '../model.ts';

/** Stands for "no deployment" where an id is needed. */
const NONE = 'none';

export function deploymentMark(service: Service): string {
  return primaryOf(service)?.id ?? NONE;
}

/** How long a look may be behind a write: so long a restart that was asked for is not asked for again. */
const LAG_MS = 30_000;

/** Only ECS's own deployments can be forced: UpdateService refuses it with CODE_DEPLOY and EXTERNAL (SDK: forceNewDeployment). */
export function canRestart(service: Service): boolean {
  return (controllerOf(service) ?? 'ECS') === 'ECS';
}

/** Asked for and possible, and the deployment that it is to replace is still the newest. */
export function isRestartDue(restart: RestartWish | undefined, service: Service): boolean {
  if (restart === undefined || !canRestart(service)) return false;
  return restart.from === undefined || restart.from === deploymentMark(service);
}

/** Whether ECS may have been asked already, and only not show it yet: asked twice, it would roll twice. */
export function isAskedLately(restart: RestartWish | undefined, now: number): boolean {
  return restart?.at !== undefined && now - restart.at < LAG_MS;
}
