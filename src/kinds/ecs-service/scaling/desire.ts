import { ANNOTATIONS } from '../../../api/group.ts';
import type { Managed } from '../../../core/managed-kind.ts';
import type { EcsServiceTypes, ServiceAddress } from '../model.ts';
import type { ScalingRemoval, ScalingWish } from './model.ts';
import { resourceIdOf } from './names.ts';
import { hasUnended } from './news.ts';

type EcsService = Managed<EcsServiceTypes>;

/** What is wished of scaling; undefined for daemons, which have no count. */
export function scalingWish(
  { metadata, spec, status, owner }: EcsService,
  at: ServiceAddress,
  now: number,
): ScalingWish | undefined {
  if (spec.schedulingStrategy === 'DAEMON') return undefined;
  const { scaling: known } = status;
  const { reconcileAt, fluxRequestedAt } = ANNOTATIONS;
  return {
    resourceId: resourceIdOf(at),
    owner,
    block: spec.scaling,
    mayAdopt: spec.adoptionPolicy === 'Adopt',
    isObserving: spec.managementPolicy === 'Observe',
    knownArn: known?.ownedElsewhere === true ? undefined : known?.scalableTargetArn,
    remembered: (status.lastApplied?.fields ?? []).filter((field) => field.startsWith('scaling.')),
    lastCount: status.desiredCount,
    hasUnended: known !== undefined && hasUnended(known),
    asked: [metadata.generation, metadata.annotations[reconcileAt], metadata.annotations[fluxRequestedAt]].join(' '),
    now,
  };
}

export function scalingRemoval({ spec, status, owner }: EcsService, at: ServiceAddress): ScalingRemoval {
  const isKnown =
    spec.scaling !== undefined || (status.scaling !== undefined && status.scaling.ownedElsewhere !== true);
  return { resourceId: resourceIdOf(at), owner, isKnown };
}
