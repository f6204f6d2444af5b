import type { KindTypes, Managed } from '../../core/managed-kind.ts';
import { describeOwner, isSameOwner, type Observation, type Owner } from '../../core/plan.ts';

export type Ownership =
  /** Absent or ours, or nobody's and to be adopted. */
  { readonly is: 'ours' } | { readonly is: 'others'; readonly message: string };

/**
 * Whether what was found may be touched: the one place that says so. Ownership goes by name, so an object restored from
 * a backup finds its resource again.
 */
export function ownershipOf<T extends KindTypes>(
  { owner, spec }: Pick<Managed<T>, 'owner' | 'spec'>,
  observed: Observation<T['state']>,
  releaseCommand: () => string,
): Ownership {
  if (!observed.exists) return { is: 'ours' };
  if (observed.owner === undefined) {
    if (spec.adoptionPolicy === 'Adopt') return { is: 'ours' };
    const message =
      'a resource of this name exists and belongs to nobody; set spec.adoptionPolicy: Adopt to take it over, or choose another name';
    return { is: 'others', message };
  }
  if (isSameOwner(observed.owner, owner)) return { is: 'ours' };
  const message = `the resource belongs to ${describeOwner(observed.owner)}; choose another name, or let that owner release it: ${releaseCommand()}`;
  return { is: 'others', message };
}

/** On deletion nothing is adopted any more. */
export function isOwnedBy<T extends KindTypes>(owner: Owner, observed: Observation<T['state']>): boolean {
  return observed.exists && observed.owner !== undefined && isSameOwner(observed.owner, owner);
}
