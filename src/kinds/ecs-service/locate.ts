import type { Managed, Referent, Resolved } from '../../core/managed-kind.ts';
import type { EcsServiceTypes, ServiceAddress } from './model.ts';

/** ECS's name for the cluster of a call that names none (SDK: CreateServiceRequest.cluster). */
const DEFAULT_CLUSTER = 'default';

/**
 * Where the service is: where our own status saw it, as the cluster's object may by now be another one, going, not ready
 * or gone. A service that was never seen is where the reference says, at last by name. A cluster that is no more has no
 * service, which is for `observe` to find.
 */
export function locateService(object: Managed<EcsServiceTypes>, refs: Resolved): ServiceAddress {
  const { metadata, spec } = object;
  const cluster = clusterOf(object, refs['spec.clusterRef']);
  const group = `${spec.accountRef?.name ?? ''}/${spec.region ?? ''}/${cluster}`;
  return { cluster, service: spec.serviceName ?? metadata.name, group };
}

/** The cluster that the reference has become, if it is known. */
export function clusterArnOf(referent: Referent | undefined): string | undefined {
  const arn = referent?.status['arn'];
  return typeof arn === 'string' ? arn : undefined;
}

function clusterOf({ spec, status }: Managed<EcsServiceTypes>, referent: Referent | undefined): string {
  if (spec.clusterRef === undefined) return spec.cluster ?? DEFAULT_CLUSTER;
  if (status.clusterArn !== undefined) return status.clusterArn;
  const arn = clusterArnOf(referent);
  if (arn !== undefined) return arn;
  const name = referent?.spec['clusterName'];
  return typeof name === 'string' ? name : spec.clusterRef.name;
}
