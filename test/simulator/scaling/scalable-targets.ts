import type {
  DeregisterScalableTargetRequest,
  DescribeScalableTargetsRequest,
  DescribeScalableTargetsResponse,
  RegisterScalableTargetRequest,
  RegisterScalableTargetResponse,
  ScalableTarget,
} from '@aws-sdk/client-application-auto-scaling';
import { roleArn } from '../arn.ts';
import type { World } from '../world.ts';
import { scalableService, scaleTo } from './scaling-capacity.ts';
import { scalingPageOf } from './scaling-paging.ts';
import { invalid, limitExceeded, noTarget, pending } from './scaling-refusals.ts';
import { checkScalingTags } from './scaling-tags.ts';
import type { TargetRecord } from './scaling-world.ts';

// "Quotas for Application Auto Scaling" (user guide): ECS scalable targets in a Region.
const MAX_TARGETS = 3_000;
const NOT_SUSPENDED = {
  DynamicScalingInSuspended: false,
  DynamicScalingOutSuspended: false,
  ScheduledScalingSuspended: false,
};

/** Makes a target, or changes what is stated of one; the count is moved into the new range at once. */
export function registerScalableTarget(
  world: World,
  input: RegisterScalableTargetRequest,
): RegisterScalableTargetResponse {
  const resourceId = checkedId(input);
  // The wording is quoted in hashicorp/terraform-provider-aws issues on recreated services.
  if (scalableService(world, resourceId) === undefined) throw invalid(`ECS service doesn't exist: ${resourceId}`);
  const known = world.scaling.targets.get(resourceId);
  const { MinCapacity = known?.target.MinCapacity, MaxCapacity = known?.target.MaxCapacity } = input;
  if (MinCapacity === undefined || MaxCapacity === undefined) {
    throw invalid('MinCapacity and MaxCapacity are required to register a scalable target.'); // wording unknown
  }
  if (MinCapacity < 0) throw invalid('Minimum capacity must not be negative.'); // wording unknown
  if (MinCapacity > MaxCapacity) throw invalid('Maximum capacity cannot be less than minimum capacity.'); // wording unknown
  const record = known === undefined ? newTarget(world, resourceId, input.Tags ?? {}) : changeable(world, resourceId);
  Object.assign(record.target, {
    MinCapacity,
    MaxCapacity,
    SuspendedState: { ...NOT_SUSPENDED, ...record.target.SuspendedState, ...input.SuspendedState },
  });
  moveIntoRange(world, resourceId);
  return { ScalableTargetARN: record.target.ScalableTargetARN };
}

/** Policies and scheduled actions go with it (SDK: DeregisterScalableTargetCommand); the count stays as it is. */
export function deregisterScalableTarget(world: World, input: DeregisterScalableTargetRequest): object {
  const resourceId = checkedId(input);
  changeable(world, resourceId);
  world.scaling.targets.delete(resourceId);
  return {};
}

export function describeScalableTargets(
  world: World,
  input: DescribeScalableTargetsRequest,
): DescribeScalableTargetsResponse {
  const { ResourceIds: wanted = [] } = input;
  if (input.ScalableDimension !== undefined && wanted.length === 0) {
    throw invalid('If you specify a scalable dimension, you must also specify a resource ID.'); // wording unknown
  }
  // An assumption: no page states a bound of this list, and an answer holds 50 at most.
  if (wanted.length > 50) throw invalid('At most 50 resource IDs can be specified.'); // wording unknown
  const { ServiceNamespace } = input;
  const ids = wanted.length === 0 ? [undefined] : wanted;
  const records = ids.flatMap((ResourceId) => recordsOf(world, { ServiceNamespace, ResourceId }));
  const found = records.map(({ target }) => target);
  const { items, NextToken } = scalingPageOf(found, ({ ResourceId }) => ResourceId, input, 50);
  return { ScalableTargets: items, NextToken };
}

/** The targets that a list is about: one, or all. Other namespaces than that of ECS have none. */
export function recordsOf(
  world: World,
  input: { readonly ServiceNamespace?: string | undefined; readonly ResourceId?: string | undefined },
): readonly TargetRecord[] {
  const { targets } = world.scaling;
  if (!isOfEcs(input)) return [];
  if (input.ResourceId === undefined) return [...targets.values()];
  const record = targets.get(input.ResourceId);
  return record === undefined ? [] : [record];
}

/** The record of a target that is about to be changed, or of something below it. */
export function changeable(world: World, resourceId: string): TargetRecord {
  const record = world.scaling.targets.get(resourceId);
  if (record === undefined) throw noTarget(resourceId);
  if (world.now() < record.pendingUntil) throw pending();
  record.pendingUntil = world.now() + world.timings.scalingChangeMs;
  return record;
}

/** `Cause` as the user guide shows it under "Scaling activities for Application Auto Scaling". */
export function moveIntoRange(world: World, resourceId: string, why?: string): void {
  const count = scalableService(world, resourceId)?.service.desiredCount ?? 0;
  const { MinCapacity = 0, MaxCapacity = 0 } = world.scaling.targets.get(resourceId)?.target ?? {};
  if (count < MinCapacity) {
    scaleTo(world, resourceId, MinCapacity, why ?? `minimum capacity was set to ${MinCapacity}`);
  } else if (count > MaxCapacity) {
    scaleTo(world, resourceId, MaxCapacity, why ?? `maximum capacity was set to ${MaxCapacity}`);
  }
}

/** Only services of ECS are simulated; other namespaces have nothing. */
export function isOfEcs({ ServiceNamespace }: { readonly ServiceNamespace?: string | undefined }): boolean {
  return ServiceNamespace === 'ecs';
}

export function checkedId(input: {
  readonly ServiceNamespace?: string | undefined;
  readonly ResourceId?: string | undefined;
  readonly ScalableDimension?: string | undefined;
}): string {
  const { ResourceId = '', ScalableDimension } = input;
  if (!isOfEcs(input) || ScalableDimension !== 'ecs:service:DesiredCount') {
    throw invalid('Only the desired count of ECS services is simulated.');
  }
  if (!/^service\/[^/]+\/[^/]+$/.test(ResourceId)) throw invalid(`Unsupported resource ID: ${ResourceId}`); // wording unknown
  return ResourceId;
}

function newTarget(world: World, resourceId: string, tags: Record<string, string>): TargetRecord {
  if (world.scaling.targets.size >= MAX_TARGETS) throw limitExceeded('Too many scalable targets.');
  checkScalingTags(tags);
  const target: ScalableTarget = {
    ServiceNamespace: 'ecs',
    ResourceId: resourceId,
    ScalableDimension: 'ecs:service:DesiredCount',
    MinCapacity: 0,
    MaxCapacity: 0,
    // SDK: `RegisterScalableTargetRequest.RoleARN`: ECS has a service-linked role, whatever is stated.
    RoleARN: roleArn(
      world,
      'aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService',
    ),
    CreationTime: new Date(world.now()),
    ScalableTargetARN: scalingArn(world, `scalable-target/${world.hex(36)}`),
  };
  const record: TargetRecord = {
    target,
    tags: { ...tags },
    policies: new Map(),
    actions: new Map(),
    pendingUntil: world.now() + world.timings.scalingChangeMs,
    raisedAt: Number.NEGATIVE_INFINITY,
    loweredAt: Number.NEGATIVE_INFINITY,
  };
  world.scaling.targets.set(resourceId, record);
  return record;
}

function scalingArn(world: World, rest: string): string {
  return `arn:aws:application-autoscaling:${world.region}:${world.accountId}:${rest}`;
}
