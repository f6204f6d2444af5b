import type { Rule } from '../../../api/rule.ts';
import { atMostOneOf } from '../../../api/verdicts.ts';
import { one, rule } from './rule.ts';

const PORT_NAME = /^[a-z0-9_][a-z0-9_-]*$/;

const RANGE = /^[1-9][0-9]{0,4}-[1-9][0-9]{0,4}$/;

export const NETWORK_RULES: readonly Rule[] = [
  rule({
    id: 'host-port-follows-container-port',
    source: 'SDK: PortMapping.hostPort',
    at: '',
    cel: "!(self.?networkMode.orValue('bridge') in ['awsvpc', 'host']) || self.containerDefinitions.all(c, (!has(c.portMappings) || c.portMappings.all(p, p.?hostPort.orValue(0) == 0 || p.hostPort == p.?containerPort.orValue(p.hostPort))))",
    holds: ({ networkMode, containerDefinitions }) =>
      (networkMode !== 'awsvpc' && networkMode !== 'host') ||
      containerDefinitions
        .flatMap(({ portMappings = [] }) => portMappings)
        .every(({ hostPort = 0, containerPort = hostPort }) => hostPort === 0 || hostPort === containerPort),
    message: 'with networkMode awsvpc or host, hostPort must equal containerPort: leave hostPort out',
    examples: {
      base: { networkMode: 'awsvpc' },
      refused: one({ portMappings: [{ containerPort: 80, hostPort: 8080 }] }),
      accepted: one({ portMappings: [{ containerPort: 80, hostPort: 80 }] }),
    },
  }),
  rule({
    id: 'no-ports-without-network',
    source: 'SDK: RegisterTaskDefinitionRequest.networkMode',
    at: '',
    cel: "self.?networkMode.orValue('bridge') != 'none' || self.containerDefinitions.all(c, (!has(c.portMappings) || c.portMappings.size() == 0))",
    holds: ({ networkMode, containerDefinitions }) =>
      networkMode !== 'none' || containerDefinitions.every(({ portMappings = [] }) => portMappings.length === 0),
    message: 'networkMode none has no ports: take portMappings out, or choose another networkMode',
    examples: {
      base: one({ portMappings: [{ containerPort: 80 }] }),
      refused: { networkMode: 'none' },
      accepted: { networkMode: 'bridge' },
    },
  }),
  rule({
    id: 'links-need-bridge',
    source: 'SDK: ContainerDefinition.links',
    at: '',
    cel: "self.?networkMode.orValue('bridge') == 'bridge' || self.containerDefinitions.all(c, (!has(c.links) || c.links.size() == 0))",
    holds: ({ networkMode = 'bridge', containerDefinitions }) =>
      networkMode === 'bridge' || containerDefinitions.every(({ links = [] }) => links.length === 0),
    message: 'links need networkMode bridge: with awsvpc and host the containers reach each other on localhost',
    examples: {
      base: one({ links: ['db'] }),
      refused: { networkMode: 'awsvpc' },
      accepted: { networkMode: 'bridge' },
    },
  }),
  rule({
    id: 'hostname-is-not-for-awsvpc',
    source: 'SDK: ContainerDefinition.hostname and .extraHosts',
    at: '',
    cel: "self.?networkMode.orValue('bridge') != 'awsvpc' || self.containerDefinitions.all(c, c.?hostname.orValue('') == '' && (!has(c.extraHosts) || c.extraHosts.size() == 0))",
    holds: ({ networkMode, containerDefinitions }) =>
      networkMode !== 'awsvpc' ||
      containerDefinitions.every(({ hostname = '', extraHosts = [] }) => hostname === '' && extraHosts.length === 0),
    message: 'hostname and extraHosts cannot be set with networkMode awsvpc: take them out',
    examples: {
      base: one({ hostname: 'web' }),
      refused: { networkMode: 'awsvpc' },
      accepted: { networkMode: 'bridge' },
    },
  }),
  rule({
    id: 'ranges-need-bridge-or-awsvpc',
    source: 'SDK: PortMapping.containerPortRange',
    at: '',
    cel: "self.?networkMode.orValue('bridge') != 'host' || self.containerDefinitions.all(c, (!has(c.portMappings) || c.portMappings.all(p, !has(p.containerPortRange))))",
    holds: ({ networkMode, containerDefinitions }) =>
      networkMode !== 'host' ||
      containerDefinitions
        .flatMap(({ portMappings = [] }) => portMappings)
        .every(({ containerPortRange }) => containerPortRange === undefined),
    message: 'containerPortRange needs networkMode bridge or awsvpc: list the ports, or choose one of these',
    examples: {
      base: one({ portMappings: [{ containerPortRange: '8000-8010' }] }),
      refused: { networkMode: 'host' },
      accepted: { networkMode: 'awsvpc' },
    },
  }),
  rule({
    id: 'port-or-range',
    source: 'SDK: PortMapping.containerPortRange',
    at: 'containerDefinitions[].portMappings[]',
    ...atMostOneOf('containerPort', 'containerPortRange'),
    message: 'state either containerPort or containerPortRange',
    examples: {
      refused: one({ portMappings: [{ containerPort: 8000, containerPortRange: '8000-8010' }] }),
      accepted: one({ portMappings: [{ containerPortRange: '8000-8010' }] }),
    },
  }),
  rule({
    id: 'range-chooses-its-host-ports',
    source: 'SDK: PortMapping.hostPort',
    at: 'containerDefinitions[].portMappings[]',
    cel: '!has(self.containerPortRange) || self.?hostPort.orValue(0) == 0',
    holds: ({ containerPortRange, hostPort = 0 }) => containerPortRange === undefined || hostPort === 0,
    message: 'the host ports of a containerPortRange are chosen by ECS: leave hostPort out',
    examples: {
      refused: one({ portMappings: [{ containerPortRange: '8000-8010', hostPort: 8000 }] }),
      accepted: one({ portMappings: [{ containerPortRange: '8000-8010' }] }),
    },
  }),
  rule({
    id: 'range-goes-up',
    source: 'SDK: PortMapping.containerPortRange',
    at: 'containerDefinitions[].portMappings[]',
    cel: `!has(self.containerPortRange) || (self.containerPortRange.matches('${RANGE.source}') && int(self.containerPortRange.split('-')[0]) < int(self.containerPortRange.split('-')[1]) && int(self.containerPortRange.split('-')[1]) <= 65535)`,
    holds: ({ containerPortRange }) => containerPortRange === undefined || isRange(containerPortRange),
    message: 'containerPortRange is first-last with first below last, within 1 and 65535: such as 8000-8010',
    examples: {
      refused: one({ portMappings: [{ containerPortRange: '8010-8000' }] }),
      accepted: one({ portMappings: [{ containerPortRange: '8000-8010' }] }),
    },
  }),
  rule({
    id: 'port-name-is-lower-case',
    source: 'SDK: PortMapping.name',
    at: 'containerDefinitions[].portMappings[]',
    cel: `!has(self.name) || self.name == '' || self.name.matches('${PORT_NAME.source}')`,
    holds: ({ name = '' }) => name === '' || PORT_NAME.test(name),
    message: 'the name of a port is of lower-case letters, digits, _ and -, and does not begin with -: rename it',
    examples: {
      refused: one({ portMappings: [{ containerPort: 80, name: 'Web' }] }),
      accepted: one({ portMappings: [{ containerPort: 80, name: 'web' }] }),
    },
  }),
  rule({
    id: 'external-has-no-awsvpc',
    source: 'AWS: ECS Anywhere knows bridge, host and none',
    at: '',
    cel: "!((has(self.requiresCompatibilities) && 'EXTERNAL' in self.requiresCompatibilities)) || self.?networkMode.orValue('bridge') != 'awsvpc'",
    holds: ({ requiresCompatibilities = [], networkMode }) =>
      !requiresCompatibilities.includes('EXTERNAL') || networkMode !== 'awsvpc',
    message: 'EXTERNAL capacity has no networkMode awsvpc: choose bridge, host or none',
    examples: {
      base: { requiresCompatibilities: ['EXTERNAL'] },
      refused: { networkMode: 'awsvpc' },
      accepted: { networkMode: 'bridge' },
    },
  }),
  rule({
    id: 'managed-instances-have-awsvpc-or-host',
    source: 'AWS: Managed Instances know awsvpc and host',
    at: '',
    cel: "!((has(self.requiresCompatibilities) && 'MANAGED_INSTANCES' in self.requiresCompatibilities)) || self.?networkMode.orValue('host') in ['awsvpc', 'host']",
    holds: ({ requiresCompatibilities = [], networkMode = 'host' }) =>
      !requiresCompatibilities.includes('MANAGED_INSTANCES') || networkMode === 'awsvpc' || networkMode === 'host',
    message: 'MANAGED_INSTANCES capacity has networkMode awsvpc or host only: choose one of them',
    examples: {
      base: { requiresCompatibilities: ['MANAGED_INSTANCES'] },
      refused: { networkMode: 'bridge' },
      accepted: { networkMode: 'host' },
    },
  }),
  rule({
    id: 'proxy-is-a-container',
    source: 'SDK: ProxyConfiguration.containerName',
    at: '',
    cel: '!has(self.proxyConfiguration) || self.containerDefinitions.exists(c, c.name == self.proxyConfiguration.containerName)',
    holds: ({ proxyConfiguration, containerDefinitions }) =>
      proxyConfiguration === undefined ||
      containerDefinitions.some(({ name }) => name === proxyConfiguration.containerName),
    message: 'proxyConfiguration names a container that this definition does not have: correct containerName',
    examples: {
      refused: { proxyConfiguration: { containerName: 'envoy' } },
      accepted: { proxyConfiguration: { containerName: 'app' } },
    },
  }),
];

function isRange(range: string): boolean {
  const [first, last] = range.split('-').map(Number);
  return RANGE.test(range) && first !== undefined && last !== undefined && first < last && last <= 65_535;
}
