import type { NotScaledReason, ScalingActivity } from '@aws-sdk/client-application-auto-scaling';
import { findCluster, findService } from '../addresses.ts';
import { uuid } from '../service-events.ts';
import { wakeService } from '../service-rollout.ts';
import type { ServiceRecord, World } from '../world.ts';

const MAX_ACTIVITIES = 100;
/** How often a change is looked at until it has come about. */
const END_LOOK_MS = 5_000;

/** The ACTIVE service behind `service/<cluster>/<service>`. */
export function scalableService(world: World, resourceId: string): ServiceRecord | undefined {
  const [kind, cluster, name] = resourceId.split('/');
  const clusterArn = findCluster(world, cluster)?.cluster.clusterArn;
  if (kind !== 'service' || clusterArn === undefined || name === undefined) return undefined;
  const record = findService(world, clusterArn, name);
  return record?.service.status === 'ACTIVE' ? record : undefined;
}

/** Brings the count to `wanted`, held between min and max, and tells of it; one that is there already is left alone. */
export function scaleTo(world: World, resourceId: string, wanted: number, cause: string): boolean {
  const record = scalableService(world, resourceId);
  const target = world.scaling.targets.get(resourceId)?.target;
  if (record === undefined || target === undefined) return false;
  const held = Math.min(Math.max(wanted, target.MinCapacity ?? 0), target.MaxCapacity ?? 0);
  if (held === record.service.desiredCount) return false;
  record.service.desiredCount = held;
  wakeService(world, record);
  // User guide, "Scaling activities for Application Auto Scaling": description and message.
  const activity = tell(world, resourceId, {
    Description: `Setting desired count to ${held}.`,
    Cause: cause,
    StatusCode: 'InProgress',
    StatusMessage: `Successfully set desired count to ${held}. Waiting for change to be fulfilled by ecs.`, // wording unknown
  });
  awaitEnd(world, activity, held);
  return true;
}

/** It ends when so many tasks run, or when another count has come in between: an assumption, as no page says when. */
function awaitEnd(world: World, activity: ScalingActivity, wanted: number): void {
  world.later(END_LOOK_MS, () => {
    const { desiredCount, runningCount } = scalableService(world, activity.ResourceId ?? '')?.service ?? {};
    if (desiredCount === wanted && runningCount !== wanted) {
      awaitEnd(world, activity, wanted);
      return;
    }
    const end: Partial<ScalingActivity> =
      desiredCount === wanted
        ? {
            StatusCode: 'Successful',
            StatusMessage: `Successfully set desired count to ${wanted}. Change successfully fulfilled by ecs.`,
          }
        : { StatusCode: 'Overridden', StatusMessage: 'Another count was set.' }; // wording unknown
    Object.assign(activity, { EndTime: new Date(world.now()) }, end);
  });
}

/** Tells that an alarm came to nothing, unless the last thing told is the same. */
export function leaveAsItIs(world: World, resourceId: string, cause: string, reason: NotScaledReason): void {
  const [newest] = world.scaling.activities.get(resourceId) ?? [];
  if (newest?.Cause === cause && newest.NotScaledReasons?.[0]?.Code === reason.Code) return;
  tell(world, resourceId, {
    Description: 'Attempting to scale due to alarm triggered',
    Cause: cause,
    EndTime: new Date(world.now()),
    StatusCode: 'Unfulfilled', // an assumption: no status of the SDK's enum says "not scaled"
    NotScaledReasons: [reason],
  });
}

type Told = Omit<ScalingActivity, 'ActivityId' | 'ServiceNamespace' | 'ResourceId' | 'ScalableDimension' | 'StartTime'>;

function tell(world: World, resourceId: string, told: Told): ScalingActivity {
  const activity: ScalingActivity = {
    ActivityId: uuid(world),
    ServiceNamespace: 'ecs',
    ResourceId: resourceId,
    ScalableDimension: 'ecs:service:DesiredCount',
    StartTime: new Date(world.now()),
    ...told,
  };
  const before = world.scaling.activities.get(resourceId) ?? [];
  world.scaling.activities.set(resourceId, [activity, ...before].slice(0, MAX_ACTIVITIES));
  return activity;
}
