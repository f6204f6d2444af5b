import type { Service } from '@aws-sdk/client-ecs';
import type { EcsGateway } from '../../../aws/gateway.ts';
import { Failure } from '../../../core/failure.ts';
import { BoundedMap } from '../../../lib/bounded-map.ts';
import { createClaimReads, readClaim } from './claim.ts';
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
  const claims = createClaimReads();

  return async (wish, service, gateway, signal) => {
    const { resourceId, block, knownArn, isObserving } = wish;
    const isConcerned = block !== undefined || knownArn !== undefined;
    const target = await readTarget(resourceId, isConcerned, gateway, signal);
    if (target === undefined) return undefined;
    const arn = target.ScalableTargetARN ?? '';
    const stated = block === undefined ? NOT_READ : await readHangers(resourceId, gateway, signal);
    const isAboutToWrite =
      !isObserving && (block === undefined || compareScaling(block, wish, { target, ...stated }).because.length > 0);
    const isKnown = arn !== '' && arn === knownArn;
    const claim =
      isKnown && !isAboutToWrite
        ? ({ ownership: 'ours', owner: wish.owner } as const)
        : await claims.read(target, wish, gateway, signal);
    const isGoing = block === undefined && claim.ownership === 'ours';
    const { policies, actions } = isGoing ? await readHangers(resourceId, gateway, signal) : stated;
    const isDue = isNewsDue(wish, { service, target, policies, readAt: activitiesReadAt.get(arn) });
    const activities = isDue ? await gateway.listScalingActivities(resourceId, signal) : undefined;
    if (isDue) activitiesReadAt.set(arn, wish.now);
    return { target, ...claim, policies, actions, activities };
  };
}

type Hangers = Pick<ScalingState, 'policies' | 'actions'>;

const NOT_READ: Hangers = { policies: undefined, actions: undefined };

async function readHangers(resourceId: string, gateway: EcsGateway, signal: AbortSignal): Promise<Hangers> {
  const [policies, actions] = await Promise.all([
    gateway.listScalingPolicies(resourceId, signal),
    gateway.listScheduledActions(resourceId, signal),
  ]);
  return { policies, actions };
}

/** What of scaling is to go with the service, whether that is still there or not. */
export async function observeRemoval(
  { resourceId, owner, isKnown }: ScalingRemoval,
  gateway: EcsGateway,
  signal: AbortSignal,
): Promise<ScalingState | undefined> {
  const target = await readTarget(resourceId, isKnown, gateway, signal);
  if (target === undefined) return undefined;
  const claim = await readClaim(target.ScalableTargetARN ?? '', owner, gateway, signal);
  return { target, ...claim, ...NOT_READ, activities: undefined };
}

/** Who never stated scaling need not have the right to look at it; who did is about to make one that is not there. */
async function readTarget(resourceId: string, isConcerned: boolean, gateway: EcsGateway, signal: AbortSignal) {
  try {
    return await gateway.describeScalableTarget(resourceId, signal, isConcerned ? 'confirmed' : undefined);
  } catch (error) {
    if (!isConcerned && error instanceof Failure && error.code === 'AccessDenied') return undefined;
    throw error;
  }
}
