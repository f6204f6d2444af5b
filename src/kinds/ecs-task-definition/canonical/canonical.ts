import type {
  EphemeralStorage,
  InferenceAccelerator,
  KeyValuePair,
  PortMapping,
  ProxyConfiguration,
  RegisterTaskDefinitionCommandInput,
  RuntimePlatform,
  TaskDefinition,
  TaskDefinitionPlacementConstraint,
} from '@aws-sdk/client-ecs';
import { asRecord, type Form, keyed, leaf, members, set } from '../../../api/canonical-form.ts';
import { canonicalRole } from '../../../api/canonical-role.ts';
import { isEqual } from '../../../lib/stable-json.ts';
import { CONTAINER } from './canonical-container.ts';
import { VOLUME } from './canonical-volume.ts';

/** All that a revision consists of. The family is where it lives; tags can change without a revision (T44). */
type ContentName = Exclude<keyof RegisterTaskDefinitionCommandInput, 'family' | 'tags'>;

/** A definition as it is sent or as ECS shows it: the members of the content have the same names and shapes. */
export type Content = Partial<Pick<TaskDefinition, ContentName>>;

export type CanonicalContent = Readonly<Record<string, unknown>>;

/** T1, T2: "1 vCPU" and "2 GB" in units of 1024; a number that is no plain integer stays as it is written (G2). */
function inUnits(unit: string): (value: unknown) => unknown {
  const pattern = new RegExp(`^\\s*(\\d*\\.?\\d+)\\s*${unit}\\s*$`, 'i');
  return (value) => {
    const amount = pattern.exec(String(value))?.[1];
    return amount === undefined ? String(value) : String(Math.round(Number(amount) * 1024));
  };
}

/** T38: entries without a value say nothing. */
const proxyProperties: Form = (value, mode) => {
  const items = Array.isArray(value) ? value.filter((item) => Boolean(asRecord(item)['value'])) : value;
  return keyed('name', members<KeyValuePair>({ name: leaf(), value: leaf() }))(items, mode);
};

/** T4: a definition that requires nothing fits EC2. */
const requiresCompatibilities: Form = (value, mode) => {
  const required = set()(value, mode);
  return isEqual(required, ['EC2']) ? undefined : required;
};

const FORM = members<Content>({
  taskRoleArn: leaf(),
  executionRoleArn: leaf(),
  networkMode: leaf(),
  containerDefinitions: keyed('name', CONTAINER), // T6
  volumes: keyed('name', VOLUME), // T31
  placementConstraints: set(members<TaskDefinitionPlacementConstraint>({ type: leaf(), expression: leaf() })), // T40
  requiresCompatibilities,
  cpu: leaf(undefined, inUnits('vcpu')),
  memory: leaf(undefined, inUnits('gb')),
  pidMode: leaf(),
  ipcMode: leaf(),
  proxyConfiguration: members<ProxyConfiguration>({
    type: leaf('APPMESH'), // T38
    containerName: leaf(),
    properties: proxyProperties,
  }),
  inferenceAccelerators: keyed(
    'deviceName', // T43
    members<InferenceAccelerator>({ deviceName: leaf(), deviceType: leaf() }),
  ),
  ephemeralStorage: members<EphemeralStorage>({ sizeInGiB: leaf(20) }), // T41: Fargate's 20 GiB cannot be stated
  runtimePlatform: members<RuntimePlatform>({ cpuArchitecture: leaf(), operatingSystemFamily: leaf() }), // T39
  enableFaultInjection: leaf(false), // T42
});

/**
 * The content in its one spelling: equal contents are equal here, whatever was left out, filled in or reordered.
 * `accountId`, where known, lets a role's ARN equal its name (T47). What ECS only shows (T5), and what it may add to its
 * answers one day (G5), is not in it.
 */
export function canonicalContent(content: Content, accountId?: string): CanonicalContent {
  const networkMode = content.networkMode || defaultNetworkMode(content);
  const derived = {
    ...content,
    networkMode,
    taskRoleArn: canonicalRole(content.taskRoleArn, accountId),
    executionRoleArn: canonicalRole(content.executionRoleArn, accountId),
    runtimePlatform: isOnFargate(content) ? withoutFargateDefaults(content.runtimePlatform) : content.runtimePlatform,
    containerDefinitions: content.containerDefinitions?.map((container) => ({
      ...container,
      portMappings: isHostPortFixed(networkMode)
        ? container.portMappings?.map(withoutFixedHostPort)
        : container.portMappings,
    })),
  };
  return asRecord(FORM(derived, 'drop'));
}

function isOnFargate({ requiresCompatibilities: required }: Content): boolean {
  return required?.includes('FARGATE') ?? false;
}

/** T3. Managed Instances take no bridge (CDK's checks), so that their default can only be awsvpc. */
function defaultNetworkMode(content: Content): string {
  if (isOnFargate(content) || content.requiresCompatibilities?.includes('MANAGED_INSTANCES')) return 'awsvpc';
  return content.runtimePlatform?.operatingSystemFamily?.startsWith('WINDOWS') ? 'default' : 'bridge';
}

/** T39 */
function withoutFargateDefaults(platform: RuntimePlatform | undefined): RuntimePlatform {
  const { cpuArchitecture, operatingSystemFamily } = platform ?? {};
  return {
    ...(cpuArchitecture !== 'X86_64' && { cpuArchitecture }),
    ...(operatingSystemFamily !== 'LINUX' && { operatingSystemFamily }),
  };
}

function isHostPortFixed(networkMode: string): boolean {
  return networkMode === 'awsvpc' || networkMode === 'host';
}

/** T14: in these modes the host's port is the container's, said or not. */
function withoutFixedHostPort(mapping: PortMapping): PortMapping {
  if (mapping.hostPort !== mapping.containerPort) return mapping;
  const { hostPort: _, ...rest } = mapping;
  return rest;
}
