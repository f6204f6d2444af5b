import type { Referent } from '../../core/managed-kind.ts';
import { isPlainObject } from '../../lib/stable-json.ts';

/** What services have to do with the revisions of a family. */
export interface Use {
  /** Revisions that a service runs, may roll back to or names: by ARN, or as `family:revision` where no more is said. */
  readonly inUse: readonly string[];
  /**
   * A service has not told yet what it runs, or is on its way to another revision: then what it may roll back to need
   * not show anywhere, as its last task may have stopped before its alarms were heard.
   */
  readonly isUnsettled: boolean;
}

/** Of all services that are known; those that refer to the object count whatever they show. */
export function useOfFamily(family: string, services: readonly Referent[], referrers: readonly Referent[]): Use {
  const concerned = services.flatMap((service) => {
    const names = namesOf(service).filter((name) => isOfFamily(revisionName(name), family));
    const refers = referrers.some(({ metadata }) => metadata.uid === service.metadata.uid);
    return names.length > 0 || refers ? [{ service, names }] : [];
  });
  return {
    inUse: [...new Set(concerned.flatMap(({ names }) => names))],
    isUnsettled: concerned.some(({ service }) => isUnsettled(service)),
  };
}

/** What a service's status says that it runs: each deployment may be rolled back to. */
export function revisionsRun({ status }: Referent): string[] {
  const told = [status['taskDefinition'], ...deploymentsOf(status).map((one) => one['taskDefinition'])];
  return told.filter((arn) => typeof arn === 'string');
}

function namesOf(service: Referent): string[] {
  const { taskDefinition } = service.spec;
  return [...revisionsRun(service), ...(typeof taskDefinition === 'string' ? [taskDefinition] : [])];
}

function isUnsettled(service: Referent): boolean {
  const { rolloutState } = service.status;
  const isRolling = typeof rolloutState === 'string' && rolloutState !== 'COMPLETED';
  return isRolling || revisionsRun(service).length === 0;
}

function deploymentsOf(status: Referent['status']): Record<string, unknown>[] {
  const deployments: unknown[] = Array.isArray(status['deployments']) ? status['deployments'] : [];
  return deployments.filter(isPlainObject);
}

function isOfFamily(name: string, family: string): boolean {
  return name === family || name.startsWith(`${family}:`);
}

/** `web:4` of its ARN; what is no ARN as it stands. */
export function revisionName(name: string): string {
  return name.startsWith('arn:') ? name.slice(name.indexOf('/') + 1) : name;
}
