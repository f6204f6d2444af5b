import type { Cluster } from '@aws-sdk/client-ecs';
import { isSameNamespace } from '../../api/namespace-memory.ts';
import { diffTags, type TagChange } from '../../api/ownership.ts';
import { diff } from '../../core/diff.ts';
import type { Difference } from '../../core/plan.ts';
import { type CanonicalCluster, canonicalCluster } from './canonical.ts';
import { type DesiredCluster, NAMESPACE } from './model.ts';

export interface ClusterDifference {
  readonly because: readonly Difference[];
  /** Top-level members that differ, tags apart. */
  readonly names: readonly string[];
  readonly tags: TagChange;
  readonly found: CanonicalCluster;
}

/** Where the stated part of the wish differs from the cluster. Nothing in a cluster is secret: values are shown. */
export function diffCluster(desired: DesiredCluster, cluster: Cluster): ClusterDifference {
  const found = canonicalCluster(cluster);
  const own = diff(withKnownNamespace(desired, found), found, { mode: 'stated' });
  const tags = diffTags(desired.tags, cluster.tags);
  return {
    because: [...own, ...tags.because],
    names: [...new Set(own.map(({ path }) => path.split('.')[0] ?? ''))],
    tags,
    found,
  };
}

/** Rule C5: a namespace that is wished by name is shown by ARN. Where they mean the same, the wish takes the ARN. */
function withKnownNamespace({ wanted, applied }: DesiredCluster, found: CanonicalCluster): CanonicalCluster {
  const name = wanted.serviceConnectDefaults?.namespace;
  const shown = found.serviceConnectDefaults?.namespace ?? '';
  const isKnown =
    name !== undefined && isSameNamespace(NAMESPACE, { wanted: name, found: shown }, applied.before.fields);
  return isKnown ? { ...wanted, serviceConnectDefaults: { namespace: shown } } : wanted;
}
