import type { Managed, Referent, Surroundings } from '../../core/managed-kind.ts';
import type { AccountRemoval, AccountWish, Candidate, EcsAccountTypes } from './model.ts';

export function desireAccount(
  { spec, owner }: Managed<EcsAccountTypes>,
  { heeded }: Pick<Surroundings, 'heeded'>,
): AccountWish {
  return { spec, owner, candidates: heeded.map(candidateOf) };
}

export function removeAccount(
  { owner }: Managed<EcsAccountTypes>,
  { heeded }: Pick<Surroundings, 'heeded'>,
): AccountRemoval {
  return { owner, candidates: heeded.map(candidateOf) };
}

function candidateOf({ kind, metadata, spec }: Referent): Candidate {
  return { kind, namespace: metadata.namespace, name: metadata.name, accountRef: accountRefOf(spec) };
}

/** The name of the account that a stored spec asks for, whatever else is in it. */
export function accountRefOf(spec: unknown): string | undefined {
  if (typeof spec !== 'object' || spec === null || !('accountRef' in spec)) return undefined;
  const { accountRef } = spec;
  if (typeof accountRef !== 'object' || accountRef === null || !('name' in accountRef)) return undefined;
  return typeof accountRef.name === 'string' ? accountRef.name : undefined;
}
