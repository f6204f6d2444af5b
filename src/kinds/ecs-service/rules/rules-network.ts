import type { Rule } from '../../../api/rule.ts';
import { exactlyOneOf, needs } from '../../../api/verdicts.ts';
import { rule } from './rule.ts';

const TARGET = { targetGroupArn: 'arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/web/1' };

const CONTAINER = { containerName: 'app', containerPort: 80 };

const REGISTRY = { registryArn: 'arn:aws:servicediscovery:eu-west-1:1:service/srv-1' };

const DISCOVERY_NAME = /^[a-z0-9_][a-z0-9_-]*$/;

export const NETWORK_RULES: readonly Rule[] = [
  rule({
    id: 'load-balancer-is-of-one-kind',
    source: 'SDK: CreateServiceRequest.loadBalancers',
    at: 'loadBalancers[]',
    ...exactlyOneOf('targetGroupArn', 'loadBalancerName'),
    message: 'state targetGroupArn, or loadBalancerName for a Classic Load Balancer',
    examples: {
      refused: { loadBalancers: [{ ...TARGET, loadBalancerName: 'web', ...CONTAINER }] },
      accepted: { loadBalancers: [{ ...TARGET, ...CONTAINER }] },
    },
  }),
  rule({
    id: 'load-balancer-says-which-port',
    source: 'SDK: CreateServiceRequest.loadBalancers',
    at: 'loadBalancers[]',
    cel: 'has(self.containerName) && has(self.containerPort)',
    holds: ({ containerName, containerPort }) => containerName !== undefined && containerPort !== undefined,
    message: 'a load balancer needs a container and its port: set containerName and containerPort',
    examples: {
      refused: { loadBalancers: [{ ...TARGET, containerName: 'app' }] },
      accepted: { loadBalancers: [{ ...TARGET, ...CONTAINER }] },
    },
  }),
  rule({
    id: 'role-needs-a-load-balancer',
    source: 'SDK: CreateServiceRequest.role',
    at: '',
    cel: '!has(self.role) || !has(self.loadBalancers) || self.loadBalancers.size() > 0',
    holds: ({ role, loadBalancers }) => role === undefined || loadBalancers?.length !== 0,
    message: 'role is for a load balancer, and there is none: take it out, or add loadBalancers',
    examples: {
      base: { role: 'ecsServiceRole' },
      refused: { loadBalancers: [] },
      accepted: { loadBalancers: [{ ...TARGET, ...CONTAINER }] },
    },
  }),
  rule({
    id: 'registry-has-a-port-or-a-container',
    source: 'SDK: ServiceRegistry',
    at: 'serviceRegistries[]',
    cel: "self.?port.orValue(0) == 0 || (self.?containerName.orValue('') == '' && self.?containerPort.orValue(0) == 0)",
    holds: ({ port = 0, containerName = '', containerPort = 0 }) =>
      port === 0 || (containerName === '' && containerPort === 0),
    message: 'state either port, or containerName and containerPort',
    examples: {
      refused: { serviceRegistries: [{ ...REGISTRY, port: 80, ...CONTAINER }] },
      accepted: { serviceRegistries: [{ ...REGISTRY, port: 80 }] },
    },
  }),
  rule({
    id: 'access-log-needs-a-log',
    source: 'SDK: ServiceConnectConfiguration.accessLogConfiguration',
    at: 'serviceConnectConfiguration',
    ...needs('accessLogConfiguration', 'logConfiguration'),
    message: 'accessLogConfiguration needs logConfiguration: add it',
    examples: {
      refused: { serviceConnectConfiguration: { enabled: true, accessLogConfiguration: { format: 'JSON' } } },
      accepted: {
        serviceConnectConfiguration: {
          enabled: true,
          accessLogConfiguration: { format: 'JSON' },
          logConfiguration: { logDriver: 'awslogs' },
        },
      },
    },
  }),
  rule({
    id: 'proxy-setting-is-one',
    source: 'SDK: ServiceConnectConfiguration.containerConfigurations',
    at: 'serviceConnectConfiguration.containerConfigurations',
    cel: 'self.all(s, has(s.logLevel)) && self.size() <= 1',
    holds: (settings) => settings.every(({ logLevel }) => logLevel !== undefined) && settings.length <= 1,
    message: 'each item sets one thing, and nothing is set twice: keep one item with logLevel',
    examples: {
      refused: {
        serviceConnectConfiguration: {
          enabled: true,
          containerConfigurations: [{ logLevel: 'info' }, { logLevel: 'debug' }],
        },
      },
      accepted: { serviceConnectConfiguration: { enabled: true, containerConfigurations: [{ logLevel: 'debug' }] } },
    },
  }),
  rule({
    id: 'discovery-name-is-lower-case',
    source: 'SDK: ServiceConnectService.discoveryName',
    at: 'serviceConnectConfiguration.services[]',
    cel: `!has(self.discoveryName) || self.discoveryName == '' || self.discoveryName.matches('${DISCOVERY_NAME.source}')`,
    holds: ({ discoveryName = '' }) => discoveryName === '' || DISCOVERY_NAME.test(discoveryName),
    message: 'discoveryName is of lower-case letters, digits, _ and -, and does not begin with -: rename it',
    examples: {
      refused: {
        serviceConnectConfiguration: { enabled: true, services: [{ portName: 'web', discoveryName: 'Web' }] },
      },
      accepted: {
        serviceConnectConfiguration: { enabled: true, services: [{ portName: 'web', discoveryName: 'web' }] },
      },
    },
  }),
  rule({
    id: 'metric-is-known',
    source: 'SDK: MetricConfiguration',
    at: 'monitoring.metricConfigurations[]',
    cel: "self.metricNames.all(n, n in ['CPUUtilization', 'MemoryUtilization']) && self.resolutionSeconds in [20, 60]",
    holds: ({ metricNames, resolutionSeconds }) =>
      metricNames.every((name) => name === 'CPUUtilization' || name === 'MemoryUtilization') &&
      (resolutionSeconds === 20 || resolutionSeconds === 60),
    message: 'the metrics are CPUUtilization and MemoryUtilization, each 20 or 60 seconds: correct them',
    examples: {
      refused: { monitoring: { metricConfigurations: [{ metricNames: ['CPUUtilization'], resolutionSeconds: 30 }] } },
      accepted: { monitoring: { metricConfigurations: [{ metricNames: ['CPUUtilization'], resolutionSeconds: 20 }] } },
    },
  }),
];
