import type { Managed, Referent, Resolved } from '../../core/managed-kind.ts';
import type { EcsServiceTypes, ServiceAddress } from './model.ts';

/** ECS's name for the cluster of a call that names none (SDK: CreateServiceRequest.cluster). */
const DEFAULT_CLUSTER = 'default';

/**
 * Where the service is. On deletion the cluster's object may be going, not ready or gone: what it or our own status
 * knows is taken, at last the name. A cluster that is no more has no service, which is for `observe` to find.
 */
export function locate(object: Managed<EcsServiceTypes>, refs: Resolved): ServiceAddress {
  const { metadata, spec } = object;
  const cluster = clusterOf(object, refs['spec.clusterRef']);
  const group = `${spec.accountRef?.name ?? ''}/${spec.region ?? ''}/${cluster}`;
  return { cluster, service: spec.serviceName ?? metadata.name, group };
}

function clusterOf({ spec, status }: Managed<EcsServiceTypes>, referent: Referent | undefined): string {
  if (spec.clusterRef === undefined) return spec.cluster ?? DEFAULT_CLUSTER;
  const arn = referent?.status['arn'];
  if (typeof arn === 'string') return arn;
  const name = referent?.spec['clusterName'];
  return status.clusterArn ?? (typeof name === 'string' ? name : spec.clusterRef.name);
}
