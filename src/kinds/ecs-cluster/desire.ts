import { ownerTags, tagKeysOf } from '../../api/ownership.ts';
import { withDefaultTags } from '../../api/tags.ts';
import type { Claim, Managed, Surroundings } from '../../core/managed-kind.ts';
import { canonicalSpec } from './canonical.ts';
import { statedPaths, withCleared } from './clearing.ts';
import type { Applied, ClusterAddress, ClusterRemoval, DesiredCluster, EcsClusterTypes } from './model.ts';

/** A cluster is found by its name alone, so also on deletion and with everything else lost. */
export function locateCluster(object: Managed<EcsClusterTypes>): ClusterAddress {
  const { clusterName, region, accountRef } = object.spec;
  return { cluster: clusterName ?? object.metadata.name, group: `${accountRef?.name ?? ''}/${region ?? ''}` };
}

export function claimsOfCluster(object: Managed<EcsClusterTypes>): readonly Claim[] {
  const path = object.spec.clusterName === undefined ? 'metadata.name' : 'spec.clusterName';
  return [{ on: 'cluster', path, name: locateCluster(object).cluster }];
}

export function desireCluster(
  object: Managed<EcsClusterTypes>,
  { defaultTags }: Pick<Surroundings, 'defaultTags'>,
): DesiredCluster {
  const stated = canonicalSpec(object.spec);
  const isObserving = object.spec.managementPolicy === 'Observe';
  const tags = withDefaultTags(object.spec.tags, isObserving ? [] : defaultTags);
  // What is only observed was never put, so that nothing of it is to be cleared.
  const applied = isObserving ? undefined : object.status.lastApplied;
  const before: Applied = { fields: applied?.fields ?? [], tagKeys: applied?.tagKeys ?? [] };
  return {
    name: locateCluster(object).cluster,
    wanted: withCleared(stated, before.fields),
    tags: {
      tags: [...tags, ...(isObserving ? [] : ownerTags(object.owner))],
      putKeys: before.tagKeys,
    },
    applied: { now: { fields: statedPaths(stated), tagKeys: tagKeysOf(tags) }, before },
  };
}

export function removeCluster(object: Managed<EcsClusterTypes>): ClusterRemoval {
  const { creating } = object.status;
  return {
    name: locateCluster(object).cluster,
    owner: object.owner,
    isRetained: object.spec.deletionPolicy === 'Retain',
    creatingAt: creating && Date.parse(creating.at),
  };
}
