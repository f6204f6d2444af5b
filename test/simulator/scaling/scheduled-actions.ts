import type {
  DeleteScheduledActionRequest,
  DescribeScheduledActionsRequest,
  DescribeScheduledActionsResponse,
  PutScheduledActionRequest,
  ScheduledAction,
} from '@aws-sdk/client-application-auto-scaling';
import { uuid } from '../service-events.ts';
import type { World } from '../world.ts';
import { changeable, checkedId, moveIntoRange, recordsOf } from './scalable-targets.ts';
import { scalingPageOf } from './scaling-paging.ts';
import { invalid, limitExceeded, noAction } from './scaling-refusals.ts';
import { nextRun } from './schedule.ts';

// "Quotas for Application Auto Scaling" (user guide): scheduled actions of a target.
const MAX_ACTIONS = 200;

/** Puts the action as it is stated; start and end that are left out are gone (SDK: PutScheduledActionCommand). */
export function putScheduledAction(world: World, input: PutScheduledActionRequest): object {
  const resourceId = checkedId(input);
  const record = changeable(world, resourceId);
  const { ScheduledActionName = '', StartTime, EndTime } = input;
  const known = record.actions.get(ScheduledActionName);
  const { Schedule, ScalableTargetAction, Timezone } = { ...known, ...input };
  if (Schedule === undefined) throw invalid('A schedule is required to create a scheduled action.'); // wording unknown
  if (ScalableTargetAction?.MinCapacity === undefined && ScalableTargetAction?.MaxCapacity === undefined) {
    throw invalid('A scheduled action sets the minimum capacity, the maximum capacity or both.'); // wording unknown
  }
  const { MinCapacity = 0, MaxCapacity = Number.POSITIVE_INFINITY } = ScalableTargetAction;
  if (MinCapacity > MaxCapacity) throw invalid('Maximum capacity cannot be less than minimum capacity.'); // wording unknown
  if (known === undefined && record.actions.size >= MAX_ACTIONS) throw limitExceeded('Too many scheduled actions.');
  const action: ScheduledAction = {
    ScheduledActionARN: `arn:aws:autoscaling:${world.region}:${world.accountId}:scheduledAction:${uuid(world)}:resource/ecs/${resourceId}:scheduledActionName/${ScheduledActionName}`,
    CreationTime: new Date(world.now()),
    ...(known && { ScheduledActionARN: known.ScheduledActionARN, CreationTime: known.CreationTime }),
    ScheduledActionName,
    ServiceNamespace: 'ecs',
    ResourceId: resourceId,
    ScalableDimension: 'ecs:service:DesiredCount',
    Schedule,
    ScalableTargetAction,
    ...(Timezone === undefined ? {} : { Timezone }),
    ...(StartTime === undefined ? {} : { StartTime }),
    ...(EndTime === undefined ? {} : { EndTime }),
  };
  const next = nextRun(action, world.now()); // refuses what is no schedule, before anything has changed
  record.actions.set(ScheduledActionName, action);
  arm(world, action, next);
  return {};
}

export function deleteScheduledAction(world: World, input: DeleteScheduledActionRequest): object {
  const resourceId = checkedId(input);
  const { actions } = changeable(world, resourceId);
  const { ScheduledActionName = '' } = input;
  if (!actions.delete(ScheduledActionName)) throw noAction(resourceId, ScheduledActionName);
  return {};
}

export function describeScheduledActions(
  world: World,
  input: DescribeScheduledActionsRequest,
): DescribeScheduledActionsResponse {
  const { ScheduledActionNames: names } = input;
  const actions = recordsOf(world, input).flatMap((record) => [...record.actions.values()]);
  const wanted = actions.filter(({ ScheduledActionName = '' }) => names?.includes(ScheduledActionName) ?? true);
  const { items, NextToken } = scalingPageOf(wanted, ({ ScheduledActionARN }) => ScheduledActionARN, input, 50);
  return { ScheduledActions: items, NextToken };
}

/** One that has been put again, or deleted, since then does nothing. */
function arm(world: World, action: ScheduledAction, next: number | undefined): void {
  if (next === undefined) return;
  world.later(next - world.now(), () => {
    const { actions } = world.scaling.targets.get(action.ResourceId ?? '') ?? {};
    if (actions?.get(action.ScheduledActionName ?? '') !== action) return;
    run(world, action);
    arm(world, action, nextRun(action, world.now()));
  });
}

function run(world: World, { ResourceId = '', ScheduledActionName, ScalableTargetAction }: ScheduledAction): void {
  const target = world.scaling.targets.get(ResourceId)?.target;
  if (target === undefined || target.SuspendedState?.ScheduledScalingSuspended === true) return;
  const { MinCapacity = target.MinCapacity, MaxCapacity = target.MaxCapacity } = ScalableTargetAction ?? {};
  Object.assign(target, { MinCapacity, MaxCapacity });
  moveIntoRange(world, ResourceId, `scheduled action name ${ScheduledActionName} was triggered`); // wording unknown
}
