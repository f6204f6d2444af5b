import type { Service } from '@aws-sdk/client-ecs';
import { isMemoryOf, rememberNamespace } from '../../api/namespace-memory.ts';
import { NAMESPACE } from './canonical/canonical-service-connect.ts';
import { heldFields, statedFields } from './clearing.ts';
import { primaryOf } from './found.ts';
import type { DesiredService } from './model.ts';
import { scalingFields } from './scaling/memory.ts';

interface LastApplied {
  readonly fields: string[];
  readonly tagKeys: string[];
}

/**
 * What must be remembered before a write: the union of what was put and what is about to be. Where Service Connect is
 * about to be written, which ARN the namespace's name had is forgotten, as the write may bring another.
 */
export function wideApplied(
  { stated, statedTagKeys, applied, scaling }: DesiredService,
  differing: ReadonlySet<string>,
): LastApplied {
  const namespace = stated.serviceConnectConfiguration?.namespace;
  const isWritten = namespace !== undefined && differing.has('serviceConnectConfiguration');
  const before = (applied?.fields ?? []).filter((field) => !(isWritten && isMemoryOf(NAMESPACE, namespace, field)));
  return {
    fields: distinct([...before, ...statedFields(stated), ...scalingFields(scaling?.block)]),
    tagKeys: distinct([...(applied?.tagKeys ?? []), ...statedTagKeys]),
  };
}

/** What is left to remember once the result has been observed: what is stated now, and what could not go yet. */
export function narrowApplied(desired: DesiredService, service: Service): LastApplied {
  const { stated, statedTagKeys, scaling } = desired;
  const name = stated.serviceConnectConfiguration?.namespace ?? '';
  const shown = primaryOf(service)?.serviceConnectConfiguration?.namespace ?? '';
  const isByArn = name !== '' && !name.startsWith('arn:') && shown.startsWith('arn:');
  const memory = isByArn ? [rememberNamespace(NAMESPACE, name, shown)] : [];
  const held = heldFields(desired);
  const fields = distinct([...statedFields(stated), ...held, ...memory, ...scalingFields(scaling?.block)]);
  return { fields, tagKeys: distinct(statedTagKeys) };
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].toSorted();
}
