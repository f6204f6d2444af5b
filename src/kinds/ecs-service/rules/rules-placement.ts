import type { Rule } from '../../../api/rule.ts';
import { rule } from './rule.ts';

const ZONE = 'attribute:ecs.availability-zone';

const CEL_REBALANCING = "self.?availabilityZoneRebalancing.orValue('DISABLED') == 'ENABLED'";

export const PLACEMENT_RULES: readonly Rule[] = [
  rule({
    id: 'placement-is-not-for-fargate',
    source: 'AWS: task placement is not for Fargate',
    at: '',
    cel: "self.?launchType.orValue('EC2') != 'FARGATE' || ((!has(self.placementConstraints) || self.placementConstraints.size() == 0) && (!has(self.placementStrategy) || self.placementStrategy.size() == 0))",
    holds: ({ launchType, placementConstraints = [], placementStrategy = [] }) =>
      launchType !== 'FARGATE' || (placementConstraints.length === 0 && placementStrategy.length === 0),
    message: 'Fargate has no instances to choose from: take placementConstraints and placementStrategy out',
    examples: {
      base: { placementConstraints: [{ type: 'distinctInstance' }] },
      refused: { launchType: 'FARGATE' },
      accepted: { launchType: 'EC2' },
    },
  }),
  rule({
    id: 'constraint-fits-its-type',
    source: 'SDK: PlacementConstraint.expression',
    at: 'placementConstraints[]',
    cel: "self.?type.orValue('') == 'memberOf' ? self.?expression.orValue('') != '' : self.?type.orValue('') != 'distinctInstance' || self.?expression.orValue('') == ''",
    holds: ({ type, expression = '' }) => {
      if (type === 'memberOf') return expression !== '';
      return type !== 'distinctInstance' || expression === '';
    },
    message: 'memberOf needs an expression, distinctInstance has none: add it, or take it out',
    examples: {
      refused: { placementConstraints: [{ type: 'memberOf' }] },
      accepted: { placementConstraints: [{ type: 'memberOf', expression: 'attribute:disk == ssd' }] },
    },
  }),
  rule({
    id: 'binpack-is-by-cpu-or-memory',
    source: 'SDK: PlacementStrategy.field',
    at: 'placementStrategy[]',
    cel: "!has(self.type) || self.type != 'binpack' || (has(self.field) && self.field.lowerAscii() in ['cpu', 'memory'])",
    holds: ({ type, field = '' }) => type !== 'binpack' || ['cpu', 'memory'].includes(field.toLowerCase()),
    message: 'binpack needs field cpu or memory: set it',
    examples: {
      refused: { placementStrategy: [{ type: 'binpack', field: 'instanceId' }] },
      accepted: { placementStrategy: [{ type: 'binpack', field: 'memory' }] },
    },
  }),
  rule({
    id: 'spread-says-over-what',
    source: 'SDK: PlacementStrategy.field',
    at: 'placementStrategy[]',
    cel: "!has(self.type) || self.type != 'spread' || self.?field.orValue('') != ''",
    holds: ({ type, field = '' }) => type !== 'spread' || field !== '',
    message: `spread needs a field: set it, such as to ${ZONE}`,
    examples: {
      refused: { placementStrategy: [{ type: 'spread' }] },
      accepted: { placementStrategy: [{ type: 'spread', field: ZONE }] },
    },
  }),
  rule({
    id: 'rebalancing-needs-room',
    source: 'AWS: Availability Zone rebalancing, considerations',
    at: '',
    cel: `!(${CEL_REBALANCING}) || self.?deploymentConfiguration.maximumPercent.orValue(200) > 100`,
    holds: ({ availabilityZoneRebalancing, deploymentConfiguration: { maximumPercent = 200 } = {} }) =>
      availabilityZoneRebalancing !== 'ENABLED' || maximumPercent > 100,
    message: 'availabilityZoneRebalancing starts tasks before it stops others: set maximumPercent above 100',
    examples: {
      base: { availabilityZoneRebalancing: 'ENABLED' },
      refused: { deploymentConfiguration: { maximumPercent: 100 } },
      accepted: { deploymentConfiguration: { maximumPercent: 101 } },
    },
  }),
  rule({
    id: 'rebalancing-is-for-replicas',
    source: 'AWS: Availability Zone rebalancing, considerations',
    at: '',
    cel: `!(${CEL_REBALANCING}) || (self.?schedulingStrategy.orValue('REPLICA') == 'REPLICA' && self.?launchType.orValue('EC2') != 'EXTERNAL')`,
    holds: ({ availabilityZoneRebalancing, schedulingStrategy, launchType }) =>
      availabilityZoneRebalancing !== 'ENABLED' || (schedulingStrategy !== 'DAEMON' && launchType !== 'EXTERNAL'),
    message: 'availabilityZoneRebalancing is not for daemons or EXTERNAL capacity: take it out',
    examples: {
      base: { availabilityZoneRebalancing: 'ENABLED' },
      refused: { schedulingStrategy: 'DAEMON' },
      accepted: { schedulingStrategy: 'REPLICA' },
    },
  }),
  rule({
    id: 'rebalancing-follows-a-spread-over-zones',
    source: 'AWS: Availability Zone rebalancing, considerations',
    at: '',
    cel: `!(${CEL_REBALANCING}) || !has(self.placementStrategy) || self.placementStrategy.size() == 0 || (self.placementStrategy[0].?type.orValue('') == 'spread' && has(self.placementStrategy[0].field) && self.placementStrategy[0].field.lowerAscii() == '${ZONE}')`,
    holds: ({ availabilityZoneRebalancing, placementStrategy }) => {
      const first = placementStrategy?.[0];
      if (availabilityZoneRebalancing !== 'ENABLED' || first === undefined) return true;
      return first.type === 'spread' && first.field?.toLowerCase() === ZONE;
    },
    message: `with availabilityZoneRebalancing the first placement strategy must be spread over ${ZONE}: put it first`,
    examples: {
      base: { availabilityZoneRebalancing: 'ENABLED' },
      refused: { placementStrategy: [{ type: 'random' }] },
      accepted: { placementStrategy: [{ type: 'spread', field: ZONE }] },
    },
  }),
  rule({
    id: 'rebalancing-is-not-for-classic-load-balancers',
    source: 'AWS: Availability Zone rebalancing, considerations',
    at: '',
    cel: `!(${CEL_REBALANCING}) || !has(self.loadBalancers) || self.loadBalancers.all(l, !has(l.loadBalancerName))`,
    holds: ({ availabilityZoneRebalancing, loadBalancers = [] }) =>
      availabilityZoneRebalancing !== 'ENABLED' ||
      loadBalancers.every(({ loadBalancerName }) => loadBalancerName === undefined),
    message: 'availabilityZoneRebalancing is not for Classic Load Balancers: take it out, or use a target group',
    examples: {
      base: { loadBalancers: [{ loadBalancerName: 'web', containerName: 'app', containerPort: 80 }] },
      refused: { availabilityZoneRebalancing: 'ENABLED' },
      accepted: { availabilityZoneRebalancing: 'DISABLED' },
    },
  }),
];
