import type { Service } from '@aws-sdk/client-ecs';
import { ownerOf } from '../../../api/ownership.ts';
import type { EcsGateway } from '../../../aws/gateway.ts';
import { Failure } from '../../../core/failure.ts';
import { isSameOwner, type Owner } from '../../../core/plan.ts';
import { BoundedMap } from '../../../lib/bounded-map.ts';
import { compareScaling } from './compare.ts';
import type { ScalingRemoval, ScalingState, ScalingWish } from './model.ts';
import { isNewsDue } from './news.ts';

/** Services of which is remembered when their activities were read. Losing one costs a call. */
const MAX_REMEMBERED = 20_000;

type ObserveScaling = (
  wish: ScalingWish,
  service: Service,
  gateway: EcsGateway,
  signal: AbortSignal,
) => Promise<ScalingState | undefined>;

/**
 * The reads of one service's scaling: its target at each look, what hangs on it where the spec has a block. Tags only
 * before a write or where nobody knows yet whose the target is, activities only where they may say something new.
 */
export function createObserveScaling(): ObserveScaling {
  const activitiesReadAt = new BoundedMap<string, number>(MAX_REMEMBERED);

  return async (wish, service, gateway, signal) => {
    const { resourceId, block, knownArn } = wish;
    const isConcerned = block !== undefined || knownArn !== undefined;
    const target = await readTarget(resourceId, isConcerned, gateway, signal);
    if (target === undefined) return undefined;
    const [policies, actions] = block === undefined ? [[], []] : await readHangers(resourceId, gateway, signal);
    const arn = target.ScalableTargetARN ?? '';
    const isAboutToWrite =
      block === undefined || compareScaling(block, wish, { target, policies, actions }).because.length > 0;
    const isKnown = arn !== '' && arn === knownArn;
    const ownership = isKnown && !isAboutToWrite ? 'ours' : await readOwnership(arn, wish.owner, gateway, signal);
    const isDue = isNewsDue(wish, { service, target, policies, readAt: activitiesReadAt.get(arn) });
    const activities = isDue ? await gateway.listScalingActivities(resourceId, signal) : undefined;
    if (isDue) activitiesReadAt.set(arn, wish.now);
    return { target, ownership, policies, actions, activities };
  };
}

function readHangers(resourceId: string, gateway: EcsGateway, signal: AbortSignal) {
  return Promise.all([
    gateway.listScalingPolicies(resourceId, signal),
    gateway.listScheduledActions(resourceId, signal),
  ]);
}

/** What of scaling is to go with the service, whether that is still there or not. */
export async function observeRemoval(
  { resourceId, owner, isKnown }: ScalingRemoval,
  gateway: EcsGateway,
  signal: AbortSignal,
): Promise<ScalingState | undefined> {
  const target = await readTarget(resourceId, isKnown, gateway, signal);
  if (target === undefined) return undefined;
  const ownership = await readOwnership(target.ScalableTargetARN ?? '', owner, gateway, signal);
  return { target, ownership, policies: [], actions: [], activities: undefined };
}

/** Who never stated scaling need not have the right to look at it. */
async function readTarget(resourceId: string, isConcerned: boolean, gateway: EcsGateway, signal: AbortSignal) {
  try {
    return await gateway.describeScalableTarget(resourceId, signal);
  } catch (error) {
    if (!isConcerned && error instanceof Failure && error.code === 'AccessDenied') return undefined;
    throw error;
  }
}

async function readOwnership(
  arn: string,
  owner: Owner,
  gateway: EcsGateway,
  signal: AbortSignal,
): Promise<ScalingState['ownership']> {
  const tags = await gateway.listScalableTargetTags(arn, signal);
  const found = ownerOf(Object.entries(tags ?? {}).map(([key, value]) => ({ key, value })));
  if (found === undefined) return 'nobody';
  return isSameOwner(found, owner) ? 'ours' : 'others';
}
