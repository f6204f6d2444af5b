import type {
  ContainerDefinition,
  ContainerDependency,
  ContainerRestartPolicy,
  Device,
  EnvironmentFile,
  FirelensConfiguration,
  HealthCheck,
  HostEntry,
  KernelCapabilities,
  KeyValuePair,
  LinuxParameters,
  LogConfiguration,
  MountPoint,
  NvidiaMpsAllocation,
  PortMapping,
  RepositoryCredentials,
  ResourceRequirement,
  Secret,
  SystemControl,
  Tmpfs,
  Ulimit,
  VolumeFrom,
} from '@aws-sdk/client-ecs';
import { keyed, leaf, members, ordered, set, textMap } from '../../../api/canonical-form.ts';

/** Rules are by their number in this kind's README. The compiler finds a member of the SDK's types that has no form. */

const SECRET = members<Secret>({ name: leaf(), valueFrom: leaf() });

/** T13 to T16. A host port that equals the container port was taken out before, where the network mode fixes it. */
const PORT_MAPPING = members<PortMapping>({
  containerPort: leaf(0),
  hostPort: leaf(0), // T14
  protocol: leaf('tcp'), // T13
  name: leaf(),
  appProtocol: leaf('tcp'), // T16
  containerPortRange: leaf(), // T15: hostPortRange is not known here, as ECS only shows it
});

/** T25, T26. Zero is a value of `maxSwap` (no swap) and `swappiness` (as little as can be). */
const LINUX_PARAMETERS = members<LinuxParameters>({
  capabilities: members<KernelCapabilities>({ add: set(), drop: set() }),
  devices: set(members<Device>({ hostPath: leaf(), containerPath: leaf(), permissions: set() })),
  initProcessEnabled: leaf(false),
  sharedMemorySize: leaf(0),
  tmpfs: set(members<Tmpfs>({ containerPath: leaf(), size: leaf(), mountOptions: set() })),
  maxSwap: leaf(),
  swappiness: leaf(),
});

const LOG_CONFIGURATION = members<LogConfiguration>({
  logDriver: leaf(),
  options: textMap(), // T24: `mode` counts as stated, for the account's default mode is not shown
  secretOptions: keyed('name', SECRET),
});

/** T23 */
const HEALTH_CHECK = members<HealthCheck>({
  command: ordered(), // T22
  interval: leaf(30),
  timeout: leaf(5),
  retries: leaf(3),
  startPeriod: leaf(0),
});

const RESOURCE_REQUIREMENT = members<ResourceRequirement>({
  type: leaf(),
  value: leaf(),
  sharingStrategy: members<{ nvidiaMps?: NvidiaMpsAllocation }>({
    nvidiaMps: members<NvidiaMpsAllocation>({ memory: leaf(), maxComputePercent: leaf(100) }),
  }),
});

export const CONTAINER = members<ContainerDefinition>({
  name: leaf(),
  image: leaf(), // T30: as text
  repositoryCredentials: members<RepositoryCredentials>({ credentialsParameter: leaf() }),
  cpu: leaf(0), // T8
  memory: leaf(0), // T49
  memoryReservation: leaf(0),
  links: set(), // T20
  portMappings: set(PORT_MAPPING), // T10, T12
  essential: leaf(true), // T7
  restartPolicy: members<ContainerRestartPolicy>({
    enabled: leaf(false),
    ignoredExitCodes: set(),
    restartAttemptPeriod: leaf(300), // T29
  }),
  entryPoint: ordered(), // T22
  command: ordered(),
  environment: keyed('name', members<KeyValuePair>({ name: leaf(), value: leaf() })), // T9
  environmentFiles: ordered(members<EnvironmentFile>({ value: leaf(), type: leaf() })), // T22
  mountPoints: keyed(
    'containerPath', // T17
    members<MountPoint>({ sourceVolume: leaf(), containerPath: leaf(), readOnly: leaf(false) }), // T18
  ),
  volumesFrom: keyed('sourceContainer', members<VolumeFrom>({ sourceContainer: leaf(), readOnly: leaf(false) })), // T19
  linuxParameters: LINUX_PARAMETERS,
  secrets: keyed('name', SECRET), // T11
  dependsOn: keyed('containerName', members<ContainerDependency>({ containerName: leaf(), condition: leaf() })), // T21
  startTimeout: leaf(0), // T27
  stopTimeout: leaf(0),
  versionConsistency: leaf('enabled'), // T28
  hostname: leaf(), // T30
  user: leaf(),
  workingDirectory: leaf(),
  disableNetworking: leaf(false), // T26
  privileged: leaf(false),
  readonlyRootFilesystem: leaf(false),
  dnsServers: set(), // T21
  dnsSearchDomains: set(),
  extraHosts: set(members<HostEntry>({ hostname: leaf(), ipAddress: leaf() })),
  dockerSecurityOptions: set(),
  interactive: leaf(false),
  pseudoTerminal: leaf(false),
  dockerLabels: textMap(),
  ulimits: keyed('name', members<Ulimit>({ name: leaf(), softLimit: leaf(), hardLimit: leaf() })), // T21
  logConfiguration: LOG_CONFIGURATION,
  healthCheck: HEALTH_CHECK,
  systemControls: keyed('namespace', members<SystemControl>({ namespace: leaf(), value: leaf() })), // T21
  resourceRequirements: set(RESOURCE_REQUIREMENT),
  firelensConfiguration: members<FirelensConfiguration>({
    type: leaf(),
    options: textMap({ 'enable-ecs-log-metadata': 'true' }), // T50
  }),
  credentialSpecs: set(),
});
