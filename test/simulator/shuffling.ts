/**
 * Lists whose order ECS is free to choose; they were seen to come back in another order than they were sent
 * (the sets of the rule tables in the READMEs of the kinds). Those whose order means something are not here: command, entryPoint,
 * environmentFiles, placementStrategy, dnsServers, events, deployments.
 */
const FREELY_ORDERED: ReadonlySet<string> = new Set(
  `
    clusters services tasks failures capacityProviders settings tags serviceRevisions clusterArns serviceArns
    taskArns containerDefinitions volumes placementConstraints requiresCompatibilities compatibilities
    requiresAttributes environment secrets portMappings mountPoints volumesFrom links dependsOn extraHosts
    dockerSecurityOptions systemControls ulimits credentialSpecs resourceRequirements devices tmpfs mountOptions
    permissions add drop secretOptions ignoredExitCodes properties subnets securityGroups loadBalancers
    capacityProviderStrategy defaultCapacityProviderStrategy alarmNames lifecycleHooks lifecycleStages
    volumeConfigurations vpcLatticeConfigurations metricNames
    ScalableTargets ScalingPolicies ScheduledActions Alarms StepAdjustments Dimensions Metrics MetricDataQueries
  `
    .trim()
    .split(/\s+/),
);

/** A copy of an answer with those lists in another order. */
export function shuffled(value: unknown, random: () => number, member = ''): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => shuffled(item, random));
    return FREELY_ORDERED.has(member) ? inAnotherOrder(items, random) : items;
  }
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, shuffled(part, random, name)]));
}

function inAnotherOrder(items: readonly unknown[], random: () => number): unknown[] {
  return items
    .map((item) => ({ item, key: random() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
