import type { ServiceAddress } from '../model.ts';

/** What our policies and actions begin with in AWS: they carry no tags, so their name says whose they are. */
const PREFIX = 'ecs-operator.';

export function nameInAws(name: string): string {
  return `${PREFIX}${name}`;
}

export function isOurName(name: string | undefined): boolean {
  return name?.startsWith(PREFIX) === true;
}

/** `service/<cluster>/<service>` (SDK: RegisterScalableTargetRequest.ResourceId). */
export function resourceIdOf({ cluster, service }: Pick<ServiceAddress, 'cluster' | 'service'>): string {
  return `service/${cluster.split('/').at(-1)}/${service.split('/').at(-1)}`;
}

/** What every call names beside the resource. */
export function addressOf(resourceId: string) {
  return { ServiceNamespace: 'ecs', ResourceId: resourceId, ScalableDimension: 'ecs:service:DesiredCount' } as const;
}
