import { ownerOf } from '../../../api/ownership.ts';
import type { EcsGateway } from '../../../aws/gateway.ts';
import { isSameOwner, type Owner } from '../../../core/plan.ts';
import { BoundedMap } from '../../../lib/bounded-map.ts';
import type { ScalingState, ScalingWish } from './model.ts';

/** Targets of others that are remembered. Losing one costs a call. */
const MAX_REMEMBERED = 20_000;
/** For so long a target of others is taken to be theirs: nothing is written that depends on it. */
const REMEMBERED_FOR_MS = 60 * 60_000;

/** Whose a target is, as its tags say. */
type Claim = Pick<ScalingState, 'ownership' | 'owner'>;

interface ClaimReads {
  read(arn: string, wish: ScalingWish, gateway: EcsGateway, signal: AbortSignal): Promise<Claim>;
}

/**
 * Reads whose a target is: always where the spec has a block, as a write or an adoption may follow. Where it has none, that
 * a target is not ours is remembered, as it is only told.
 */
export function createClaimReads(): ClaimReads {
  const foreign = new BoundedMap<string, Claim & { readonly until: number }>(MAX_REMEMBERED);
  return {
    async read(arn, { owner, block, now }, gateway, signal) {
      const key = `${arn} ${owner.clusterId} ${owner.namespace} ${owner.name}`;
      const known = foreign.get(key);
      if (block === undefined && known !== undefined && now < known.until) return known;
      const claim = await readClaim(arn, owner, gateway, signal);
      if (block === undefined && claim.ownership !== 'ours')
        foreign.set(key, { ...claim, until: now + REMEMBERED_FOR_MS });
      else foreign.delete(key);
      return claim;
    },
  };
}

export async function readClaim(arn: string, self: Owner, gateway: EcsGateway, signal: AbortSignal): Promise<Claim> {
  const tags = await gateway.listScalableTargetTags(arn, signal);
  const owner = ownerOf(Object.entries(tags ?? {}).map(([key, value]) => ({ key, value })));
  if (owner === undefined) return { ownership: 'nobody', owner };
  return { ownership: isSameOwner(owner, self) ? 'ours' : 'others', owner };
}
