import { ownerOf } from '../../../api/ownership.ts';
import type { EcsGateway } from '../../../aws/gateway.ts';
import type { Glance, Managed, Resolved } from '../../../core/managed-kind.ts';
import { isSameOwner } from '../../../core/plan.ts';
import { locateService } from '../locate.ts';
import type { EcsServiceTypes } from '../model.ts';
import { figuresOf } from '../report.ts';

/**
 * A service that is to be adopted shows which revision it runs while its definition is waited for, as that one is to
 * choose this revision among equal ones. Looked for until it is known.
 */
export function glanceAtService(object: Managed<EcsServiceTypes>, refs: Resolved): Glance<EcsServiceTypes> | undefined {
  const { spec, status, owner } = object;
  if (spec.adoptionPolicy !== 'Adopt' || status.taskDefinition !== undefined) return undefined;
  // What a cluster is called is not known before its object is there.
  if (spec.clusterRef !== undefined && refs['spec.clusterRef'] === undefined) return undefined;
  const at = locateService(object, refs);
  return {
    async read(gateway: EcsGateway, signal: AbortSignal) {
      const service = await gateway.describeService(at.cluster, at.service, signal);
      if (service === undefined || service.status === 'INACTIVE') return {};
      const found = ownerOf(service.tags);
      return found === undefined || isSameOwner(found, owner) ? figuresOf(service) : {};
    },
  };
}
