import {
  DescribeScalableTargetsCommand,
  DescribeScalingActivitiesCommand,
  DescribeScalingPoliciesCommand,
  DescribeScheduledActionsCommand,
  ListTagsForResourceCommand,
  type ScalableTarget,
  type ScalingActivity,
  type ScalingPolicy,
  type ScheduledAction,
} from '@aws-sdk/client-application-auto-scaling';
import { Failure } from '../core/failure.ts';
import type { Action } from './actions.ts';
import { createBatcher } from './batcher.ts';
import { type Connection, WINDOW_MS } from './connection.ts';
import type { Priority } from './gateway.ts';
import { createRegionListing, type Page, type RegionListing } from './region-listing.ts';

interface ScalingReads {
  target(
    resourceId: string,
    priority: Priority,
    signal: AbortSignal,
    absence?: 'confirmed',
  ): Promise<ScalableTarget | undefined>;
  policies(resourceId: string, priority: Priority, signal: AbortSignal): Promise<readonly ScalingPolicy[]>;
  actions(resourceId: string, priority: Priority, signal: AbortSignal): Promise<readonly ScheduledAction[]>;
  tags(arn: string, priority: Priority, signal: AbortSignal): Promise<Readonly<Record<string, string>> | undefined>;
  activities(
    of: { readonly resourceId: string; readonly limit: number },
    priority: Priority,
    signal: AbortSignal,
  ): Promise<readonly ScalingActivity[]>;
  /** Forgets what a write to the resource has made old. */
  forget(resourceId: string): void;
}

const NAMESPACE = { ServiceNamespace: 'ecs' } as const;
const DIMENSION = { ScalableDimension: 'ecs:service:DesiredCount' } as const;

/** As many as one answer holds (SDK: DescribeScalableTargetsRequest.MaxResults). */
const MAX_TARGETS = 50;

/** Asks for one resource, or for the region where none is named, a page at a time. */
type PageRead<Item> = (
  resourceId: string | undefined,
  nextToken: string | undefined,
  call: { readonly priority: Priority; readonly signal: AbortSignal },
) => Promise<Page<Item>>;

export function createScalingReads(connection: Connection): ScalingReads {
  const targets = pagesOf(connection, 'DescribeScalableTargets', async (at, token, options) => {
    const ids = at === undefined ? {} : { ResourceIds: [at], ...DIMENSION };
    const command = new DescribeScalableTargetsCommand({ ...NAMESPACE, ...ids, NextToken: token });
    const { ScalableTargets: items = [], NextToken: nextToken } = await connection.scaling.send(command, options);
    return { items, nextToken };
  });
  const policies = pagesOf(connection, 'DescribeScalingPolicies', async (at, token, options) => {
    const id = at === undefined ? {} : { ResourceId: at, ...DIMENSION };
    const command = new DescribeScalingPoliciesCommand({ ...NAMESPACE, ...id, NextToken: token });
    const { ScalingPolicies: items = [], NextToken: nextToken } = await connection.scaling.send(command, options);
    return { items, nextToken };
  });
  const actions = pagesOf(connection, 'DescribeScheduledActions', async (at, token, options) => {
    const id = at === undefined ? {} : { ResourceId: at, ...DIMENSION };
    const command = new DescribeScheduledActionsCommand({ ...NAMESPACE, ...id, NextToken: token });
    const { ScheduledActions: items = [], NextToken: nextToken } = await connection.scaling.send(command, options);
    return { items, nextToken };
  });
  const shared = {
    targets: listingOf(connection, targets),
    policies: listingOf(connection, policies),
    actions: listingOf(connection, actions),
  };
  const single = createTargetBatcher(connection);
  return {
    async target(resourceId, priority, signal, absence) {
      const listed = await sharedRead(shared.targets, resourceId, priority, signal);
      const isInDoubt = listed === undefined || (listed.length === 0 && absence === 'confirmed');
      return isInDoubt ? single.read(resourceId, priority, signal) : listed[0];
    },
    async policies(resourceId, priority, signal) {
      const listed = await sharedRead(shared.policies, resourceId, priority, signal);
      return listed ?? readAll(policies, resourceId, { priority, signal });
    },
    async actions(resourceId, priority, signal) {
      const listed = await sharedRead(shared.actions, resourceId, priority, signal);
      return listed ?? readAll(actions, resourceId, { priority, signal });
    },
    tags: (arn, priority, signal) => readTags(connection, arn, { priority, signal }),
    activities: (of, priority, signal) => readActivities(connection, of, { priority, signal }),
    forget(resourceId) {
      for (const listing of Object.values(shared)) listing.forget(resourceId);
    },
  };
}

interface Turn {
  readonly priority: Priority;
  readonly signal: AbortSignal;
}

/** Only a sweep goes by what was listed a while ago. */
async function sharedRead<Item>(
  listing: RegionListing<Item>,
  resourceId: string,
  priority: Priority,
  signal: AbortSignal,
): Promise<readonly Item[] | undefined> {
  if (priority === 'sweep') return listing.read(resourceId, signal);
  listing.note(resourceId);
  return undefined;
}

function listingOf<Item extends { readonly ResourceId: string | undefined }>(
  { clock, lifetime }: Connection,
  read: PageRead<Item>,
): RegionListing<Item> {
  return createRegionListing({
    clock,
    lifetime,
    list: (nextToken) => read(undefined, nextToken, { priority: 'sweep', signal: lifetime }),
    resourceOf: ({ ResourceId }) => ResourceId,
  });
}

function pagesOf<Item>(
  { call }: Connection,
  action: Action,
  send: (
    resourceId: string | undefined,
    nextToken: string | undefined,
    options: { readonly abortSignal: AbortSignal },
  ) => Promise<Page<Item>>,
): PageRead<Item> {
  return (resourceId, nextToken, { priority, signal }) =>
    call({ action, priority, signal }, () => send(resourceId, nextToken, { abortSignal: signal }));
}

async function readAll<Item>(read: PageRead<Item>, resourceId: string, turn: Turn): Promise<readonly Item[]> {
  const items: Item[] = [];
  let nextToken: string | undefined;
  do {
    const page = await read(resourceId, nextToken, turn);
    items.push(...page.items);
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return items;
}

function createTargetBatcher({ scaling, call, clock, metrics, lifetime }: Connection) {
  const action = 'DescribeScalableTargets';
  return createBatcher<ScalableTarget>({
    maxItems: MAX_TARGETS,
    windowMs: WINDOW_MS,
    clock,
    // A missing right is of the whole call: its resources cannot be told apart in a policy.
    isOfOneName: (error) => error instanceof Failure && error.code === 'Rejected',
    execute: async (draw, priority) => {
      const { ScalableTargets = [] } = await call({ action, priority, signal: lifetime }, () => {
        const ids = draw();
        metrics.onBatch(action, ids.length);
        const command = new DescribeScalableTargetsCommand({ ...NAMESPACE, ...DIMENSION, ResourceIds: [...ids] });
        return scaling.send(command, { abortSignal: lifetime });
      });
      return new Map(ScalableTargets.map((target) => [String(target.ResourceId), target]));
    },
  });
}

async function readTags({ scaling, call }: Connection, arn: string, { priority, signal }: Turn) {
  const action = 'application-autoscaling:ListTagsForResource';
  const command = new ListTagsForResourceCommand({ ResourceARN: arn });
  try {
    const send = () => scaling.send(command, { abortSignal: signal });
    const { Tags = {} } = await call({ action, priority, signal }, send);
    return Tags;
  } catch (error) {
    const isAbsent =
      error instanceof Failure && error.cause instanceof Error && error.cause.name === 'ResourceNotFoundException';
    if (isAbsent) return undefined;
    throw error;
  }
}

async function readActivities(
  { scaling, call }: Connection,
  { resourceId, limit }: { readonly resourceId: string; readonly limit: number },
  { priority, signal }: Turn,
): Promise<readonly ScalingActivity[]> {
  const command = new DescribeScalingActivitiesCommand({
    ...NAMESPACE,
    ...DIMENSION,
    ResourceId: resourceId,
    MaxResults: limit,
    IncludeNotScaledActivities: true,
  });
  const send = () => scaling.send(command, { abortSignal: signal });
  const { ScalingActivities = [] } = await call({ action: 'DescribeScalingActivities', priority, signal }, send);
  return ScalingActivities;
}
