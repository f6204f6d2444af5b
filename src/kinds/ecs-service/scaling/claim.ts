import type { ScalableTarget } from '@aws-sdk/client-application-auto-scaling';
import { ownerOf } from '../../../api/ownership.ts';
import type { EcsGateway } from '../../../aws/gateway.ts';
import { isSameOwner, type Owner } from '../../../core/plan.ts';
import { BoundedMap } from '../../../lib/bounded-map.ts';
import type { ScalingState, ScalingWish } from './model.ts';

/** Targets that are not ours and are remembered. Losing one costs a call. */
const MAX_REMEMBERED = 20_000;
/** For so long one is taken not to be ours, unless the object changes meanwhile. */
const REMEMBERED_FOR_MS = 60 * 60_000;
/** The tags of a target that was just made may show after it does. */
const TAG_LAG_MS = 60_000;

/** Whose a target is, as its tags say. */
type Claim = Pick<ScalingState, 'ownership' | 'owner'>;

interface ClaimReads {
  read(target: ScalableTarget, wish: ScalingWish, gateway: EcsGateway, signal: AbortSignal): Promise<Claim>;
}

interface Remembered extends Claim {
  readonly until: number;
  readonly asked: string;
}

/**
 * Reads whose a target is. That it is not ours is remembered where nothing is written because of it; what is about to be
 * adopted is read each time.
 */
export function createClaimReads(): ClaimReads {
  const foreign = new BoundedMap<string, Remembered>(MAX_REMEMBERED);
  return {
    async read({ ScalableTargetARN: arn = '', CreationTime: since }, wish, gateway, signal) {
      const { owner, now, asked } = wish;
      const key = `${arn} ${owner.clusterId} ${owner.namespace} ${owner.name}`;
      const known = foreign.get(key);
      const isFresh = known !== undefined && known.asked === asked && now < known.until;
      if (isFresh && !isAdoptable(known, wish)) return known;
      const claim = await readClaim(arn, owner, gateway, signal);
      const isSettled = since !== undefined && now - since.getTime() > TAG_LAG_MS;
      if (claim.ownership === 'ours' || !isSettled) foreign.delete(key);
      else foreign.set(key, { ...claim, asked, until: now + REMEMBERED_FOR_MS });
      return claim;
    },
  };
}

function isAdoptable({ ownership }: Claim, { block, mayAdopt, isObserving }: ScalingWish): boolean {
  return ownership === 'nobody' && block !== undefined && mayAdopt && !isObserving;
}

export async function readClaim(arn: string, self: Owner, gateway: EcsGateway, signal: AbortSignal): Promise<Claim> {
  const tags = await gateway.listScalableTargetTags(arn, signal);
  const owner = ownerOf(Object.entries(tags ?? {}).map(([key, value]) => ({ key, value })));
  if (owner === undefined) return { ownership: 'nobody', owner };
  return { ownership: isSameOwner(owner, self) ? 'ours' : 'others', owner };
}
