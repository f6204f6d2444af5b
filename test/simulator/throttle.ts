import { SimulatedError } from './simulated-error.ts';
import type { SimulatorClock } from './world.ts';

interface Bucket {
  readonly size: number;
  readonly perSecond: number;
  readonly actions: RegExp;
}

/**
 * The buckets of an account in one Region, the first match wins. AWS, "Request throttling for the Amazon ECS API"
 * (API reference, request-throttling.html). Calls that the page does not name share the bucket of service writes,
 * which is an assumption.
 */
const BUCKETS: readonly Bucket[] = [
  { size: 50, perSecond: 20, actions: /^(?:DescribeClusters|ListClusters)$/ },
  {
    size: 20,
    perSecond: 1,
    actions: /^(?:CreateCluster|DeleteCluster|UpdateCluster|UpdateClusterSettings|PutClusterCapacityProviders)$/,
  },
  {
    size: 50,
    perSecond: 20,
    actions: /^(?:DescribeTaskDefinition|ListTaskDefinitions|ListTaskDefinitionFamilies)$/,
  },
  { size: 20, perSecond: 1, actions: /^(?:RegisterTaskDefinition|DeregisterTaskDefinition)$/ },
  { size: 5, perSecond: 1, actions: /^DeleteTaskDefinitions$/ },
  { size: 10, perSecond: 1, actions: /^(?:Create|Update|Delete)CapacityProvider$/ },
  { size: 50, perSecond: 20, actions: /^DescribeCapacityProviders$/ },
  { size: 20, perSecond: 10, actions: /^(?:TagResource|UntagResource)$/ },
  { size: 50, perSecond: 20, actions: /^ListTagsForResource$/ },
  { size: 10, perSecond: 1, actions: /^(?:PutAccountSetting|PutAccountSettingDefault|DeleteAccountSetting)$/ },
  { size: 50, perSecond: 20, actions: /^ListAccountSettings$/ },
  { size: 100, perSecond: 40, actions: /^(?:RunTask|StartTask|StopTask|ExecuteCommand)$/ },
  { size: 100, perSecond: 20, actions: /^(?:DescribeTasks|ListTasks)$/ },
  { size: 100, perSecond: 20, actions: /^(?:DescribeServices|ListServices)$/ },
  { size: 50, perSecond: 20, actions: /^(?:DescribeServiceDeployments|ListServiceDeployments)$/ },
  { size: 50, perSecond: 20, actions: /^DescribeServiceRevisions$/ },
  { size: 200, perSecond: 80, actions: /^(?:Get|Update)TaskProtection$/ },
  { size: 10, perSecond: 1, actions: /^ListServicesByNamespace$/ },
  // AWS states no rates for Application Auto Scaling, only that it throttles: these two are an assumption.
  { size: 20, perSecond: 10, actions: /^Describe(?:Scal|Scheduled)|^application-autoscaling:List/ },
  {
    size: 20,
    perSecond: 5,
    actions: /^application-autoscaling:|ScalableTarget$|ScalingPolicy$|ScheduledAction$/,
  },
  { size: 50, perSecond: 5, actions: /(?:)/ },
];

/** Takes a token for each call, or refuses it as ECS does. */
export function createThrottle(clock: SimulatorClock): (action: string) => void {
  const levels = new Map<Bucket, { tokens: number; at: number }>();
  return (action) => {
    const bucket = BUCKETS.find(({ actions }) => actions.test(action));
    if (bucket === undefined) return;
    const now = clock.now();
    const { tokens, at } = levels.get(bucket) ?? { tokens: bucket.size, at: now };
    const level = Math.min(bucket.size, tokens + ((now - at) / 1_000) * bucket.perSecond);
    levels.set(bucket, { tokens: level >= 1 ? level - 1 : level, at: now });
    // Message and status as the same page states them.
    if (level < 1) throw new SimulatedError('ThrottlingException', 'Rate exceeded', 400);
  };
}
