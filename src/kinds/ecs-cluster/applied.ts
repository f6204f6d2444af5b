import { isMemoryOf, rememberNamespace } from '../../api/namespace-memory.ts';
import type { CanonicalCluster } from './canonical.ts';
import { type DesiredCluster, NAMESPACE } from './model.ts';

interface LastApplied {
  readonly fields: string[];
  readonly tagKeys: string[];
}

/**
 * What must be remembered before a write: the union of what was stated and what is. Where the namespace is about to be
 * written, which ARN its name had is forgotten, as the write may bring another.
 */
export function wideApplied({ wanted, applied }: DesiredCluster, differing: readonly string[]): LastApplied {
  const namespace = wanted.serviceConnectDefaults?.namespace;
  const isWritten = namespace !== undefined && differing.includes('serviceConnectDefaults');
  const before = applied.before.fields.filter((field) => !(isWritten && isMemoryOf(NAMESPACE, namespace, field)));
  return {
    fields: distinct([...before, ...applied.now.fields]),
    tagKeys: distinct([...applied.before.tagKeys, ...applied.now.tagKeys]),
  };
}

/** What is left to remember once the result has been observed: what is stated now. */
export function narrowApplied({ wanted, applied }: DesiredCluster, found: CanonicalCluster): LastApplied {
  const name = wanted.serviceConnectDefaults?.namespace ?? '';
  const shown = found.serviceConnectDefaults?.namespace ?? '';
  const memory = name !== '' && name !== shown ? [rememberNamespace(NAMESPACE, name, shown)] : [];
  return { fields: distinct([...applied.now.fields, ...memory]), tagKeys: distinct(applied.now.tagKeys) };
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].toSorted();
}
