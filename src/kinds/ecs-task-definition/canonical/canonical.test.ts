import type {
  ContainerDefinition,
  RegisterTaskDefinitionCommandInput,
  TaskDefinition,
  Volume,
} from '@aws-sdk/client-ecs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isEqual } from '../../../lib/stable-json.ts';
import { type Content, canonicalContent } from './canonical.ts';
import { contentHash, diffContent } from './content-difference.ts';

const ACCOUNT = '123456789012';

function container(members: Partial<ContainerDefinition> = {}): ContainerDefinition {
  return { name: 'web', image: 'nginx:1', ...members };
}

/** A definition with one container of these members. */
function withContainer(members: Partial<ContainerDefinition>): Content {
  return { containerDefinitions: [container(members)] };
}

function withVolume(members: Omit<Volume, 'name'>): Content {
  return { containerDefinitions: [container()], volumes: [{ name: 'data', ...members }] };
}

function definition(members: Content = {}): Content {
  return { containerDefinitions: [container()], ...members };
}

function paths(stated: Content, shown: Content): string[] {
  const wanted = canonicalContent(stated, ACCOUNT);
  return diffContent(wanted, canonicalContent(shown, ACCOUNT)).map(({ path }) => path);
}

/** Content as JSON gives it: with nulls where a type has none. */
function raw(content: unknown): Content {
  return content as Content;
}

interface RuleCase {
  readonly rule: string;
  readonly because: string;
  /** As a user writes it. */
  readonly stated: Content;
  /** As ECS shows the same. */
  readonly shown: Content;
  /** Something near that is another content. */
  readonly other: Content;
}

const port = (members: object): Content => withContainer({ portMappings: [{ containerPort: 80, ...members }] });
const awsvpc = (content: Content): Content => ({ ...content, networkMode: 'awsvpc' });

const RULES: readonly RuleCase[] = [
  {
    rule: 'T1',
    because: 'CPU can be written in vCPU',
    stated: definition({ cpu: '.25 vCPU' }),
    shown: definition({ cpu: '256' }),
    other: definition({ cpu: '512' }),
  },
  {
    rule: 'T1',
    because: 'the unit needs neither a space nor a case',
    stated: definition({ cpu: '1vcpu' }),
    shown: definition({ cpu: '1024' }),
    other: definition({ cpu: '1' }),
  },
  {
    rule: 'T2',
    because: 'memory can be written in GB',
    stated: definition({ memory: '0.5GB' }),
    shown: definition({ memory: '512' }),
    other: definition({ memory: '0.5' }),
  },
  {
    rule: 'T3',
    because: 'Fargate knows awsvpc only',
    stated: definition({ requiresCompatibilities: ['FARGATE'] }),
    shown: definition({ requiresCompatibilities: ['FARGATE'], networkMode: 'awsvpc' }),
    other: definition({ requiresCompatibilities: ['FARGATE'], networkMode: 'host' }),
  },
  {
    rule: 'T3',
    because: 'elsewhere the default is bridge',
    stated: definition(),
    shown: definition({ networkMode: 'bridge' }),
    other: definition({ networkMode: 'host' }),
  },
  {
    rule: 'T3',
    because: 'on Windows the default has a name of its own',
    stated: definition({ runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' } }),
    shown: raw({
      ...definition(),
      runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' },
      networkMode: 'default',
    }),
    other: definition({
      runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' },
      networkMode: 'awsvpc',
    }),
  },
  {
    rule: 'T4',
    because: 'compatibilities are a set',
    stated: definition({ requiresCompatibilities: ['FARGATE', 'EC2'] }),
    shown: definition({ requiresCompatibilities: ['EC2', 'FARGATE'] }),
    other: definition({ requiresCompatibilities: ['FARGATE'], networkMode: 'awsvpc' }),
  },
  {
    rule: 'T4',
    because: 'a definition that requires nothing fits EC2',
    stated: definition(),
    shown: definition({ requiresCompatibilities: ['EC2'] }),
    other: definition({ requiresCompatibilities: ['EXTERNAL'] }),
  },
  {
    rule: 'T5',
    because: 'ECS adds what only it knows',
    stated: definition(),
    shown: raw({
      ...definition(),
      taskDefinitionArn: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/web:1',
      revision: 1,
      status: 'ACTIVE',
      compatibilities: ['EC2', 'FARGATE'],
      requiresAttributes: [{ name: 'com.amazonaws.ecs.capability.docker-remote-api.1.18' }],
      registeredAt: new Date(0),
      registeredBy: 'arn:aws:iam::123456789012:user/ci',
    } satisfies TaskDefinition),
    other: definition({ pidMode: 'task' }),
  },
  {
    rule: 'T6',
    because: 'containers refer to each other by name',
    stated: { containerDefinitions: [container({ name: 'a' }), container({ name: 'b' })] },
    shown: { containerDefinitions: [container({ name: 'b' }), container({ name: 'a' })] },
    other: { containerDefinitions: [container({ name: 'b' })] },
  },
  {
    rule: 'T7',
    because: 'containers are essential unless said otherwise',
    stated: withContainer({}),
    shown: withContainer({ essential: true }),
    other: withContainer({ essential: false }),
  },
  {
    rule: 'T8',
    because: 'no CPU is shown as 0',
    stated: withContainer({}),
    shown: withContainer({ cpu: 0 }),
    other: withContainer({ cpu: 10 }),
  },
  {
    rule: 'T9',
    because: 'ECS shuffles the environment',
    stated: withContainer({
      environment: [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ],
    }),
    shown: withContainer({
      environment: [
        { name: 'B', value: '2' },
        { name: 'A', value: '1' },
      ],
    }),
    other: withContainer({ environment: [{ name: 'A', value: '1' }] }),
  },
  {
    rule: 'T10',
    because: 'ECS puts empty lists in',
    stated: withContainer({}),
    shown: withContainer({ environment: [], portMappings: [], mountPoints: [], volumesFrom: [], systemControls: [] }),
    other: withContainer({ environment: [{ name: 'A' }] }),
  },
  {
    rule: 'T11',
    because: 'secrets are a set by name',
    stated: withContainer({
      secrets: [
        { name: 'A', valueFrom: 'a' },
        { name: 'B', valueFrom: 'b' },
      ],
    }),
    shown: withContainer({
      secrets: [
        { name: 'B', valueFrom: 'b' },
        { name: 'A', valueFrom: 'a' },
      ],
    }),
    other: withContainer({
      secrets: [
        { name: 'A', valueFrom: 'b' },
        { name: 'B', valueFrom: 'a' },
      ],
    }),
  },
  {
    rule: 'T12',
    because: 'ports are a set',
    stated: withContainer({ portMappings: [{ containerPort: 80 }, { containerPort: 53, protocol: 'udp' }] }),
    shown: withContainer({ portMappings: [{ containerPort: 53, protocol: 'udp' }, { containerPort: 80 }] }),
    other: withContainer({ portMappings: [{ containerPort: 80 }, { containerPort: 53 }] }),
  },
  {
    rule: 'T13',
    because: 'tcp is the default',
    stated: port({}),
    shown: port({ protocol: 'tcp' }),
    other: port({ protocol: 'udp' }),
  },
  {
    rule: 'T14',
    because: "with awsvpc the host's port is the container's",
    stated: awsvpc(port({})),
    shown: awsvpc(port({ hostPort: 80 })),
    other: awsvpc(port({ hostPort: 81 })),
  },
  {
    rule: 'T14',
    because: 'with bridge 0 is any free port',
    stated: port({}),
    shown: port({ hostPort: 0 }),
    other: port({ hostPort: 80 }),
  },
  {
    rule: 'T15',
    because: 'the range on the host is only shown',
    stated: withContainer({ portMappings: [{ containerPortRange: '80-90' }] }),
    shown: raw(
      withContainer({ portMappings: [Object.assign({ containerPortRange: '80-90' }, { hostPortRange: '1-11' })] }),
    ),
    other: withContainer({ portMappings: [{ containerPortRange: '80-91' }] }),
  },
  {
    rule: 'T16',
    because: 'no protocol is plain TCP',
    stated: port({ name: 'http' }),
    shown: raw(port({ name: 'http', appProtocol: 'tcp' })),
    other: port({ name: 'http', appProtocol: 'http' }),
  },
  {
    rule: 'T17',
    because: 'mounts are told apart by their path',
    stated: withContainer({
      mountPoints: [
        { containerPath: '/a', sourceVolume: 'a' },
        { containerPath: '/b', sourceVolume: 'b' },
      ],
    }),
    shown: withContainer({
      mountPoints: [
        { containerPath: '/b', sourceVolume: 'b' },
        { containerPath: '/a', sourceVolume: 'a' },
      ],
    }),
    other: withContainer({
      mountPoints: [
        { containerPath: '/a', sourceVolume: 'b' },
        { containerPath: '/b', sourceVolume: 'a' },
      ],
    }),
  },
  {
    rule: 'T18',
    because: 'mounts can be written to unless said otherwise',
    stated: withContainer({ mountPoints: [{ containerPath: '/a' }], volumesFrom: [{ sourceContainer: 'b' }] }),
    shown: withContainer({
      mountPoints: [{ containerPath: '/a', readOnly: false }],
      volumesFrom: [{ sourceContainer: 'b', readOnly: false }],
    }),
    other: withContainer({
      mountPoints: [{ containerPath: '/a', readOnly: true }],
      volumesFrom: [{ sourceContainer: 'b' }],
    }),
  },
  {
    rule: 'T19',
    because: 'ECS reorders them',
    stated: withContainer({ volumesFrom: [{ sourceContainer: 'a' }, { sourceContainer: 'b' }] }),
    shown: withContainer({ volumesFrom: [{ sourceContainer: 'b' }, { sourceContainer: 'a' }] }),
    other: withContainer({ volumesFrom: [{ sourceContainer: 'b' }] }),
  },
  {
    rule: 'T20',
    because: 'ECS reorders links',
    stated: withContainer({ links: ['a', 'b'] }),
    shown: withContainer({ links: ['b', 'a'] }),
    other: withContainer({ links: ['a:b'] }),
  },
  {
    rule: 'T21',
    because: 'these lists have no order (CloudFormation: insertionOrder false)',
    stated: withContainer({
      dependsOn: [
        { containerName: 'a', condition: 'START' },
        { containerName: 'b', condition: 'START' },
      ],
      extraHosts: [
        { hostname: 'a', ipAddress: '1.1.1.1' },
        { hostname: 'b', ipAddress: '1.1.1.2' },
      ],
      dnsServers: ['1.1.1.1', '8.8.8.8'],
      dnsSearchDomains: ['a', 'b'],
      dockerSecurityOptions: ['a', 'b'],
      systemControls: [
        { namespace: 'a', value: '1' },
        { namespace: 'b', value: '1' },
      ],
      ulimits: [
        { name: 'core', softLimit: 1, hardLimit: 1 },
        { name: 'cpu', softLimit: 1, hardLimit: 1 },
      ],
      credentialSpecs: ['a', 'b'],
      resourceRequirements: [
        { type: 'GPU', value: '1' },
        { type: 'InferenceAccelerator', value: 'a' },
      ],
      linuxParameters: {
        devices: [{ hostPath: '/a', permissions: ['read', 'write'] }, { hostPath: '/b' }],
        tmpfs: [
          { containerPath: '/a', size: 1, mountOptions: ['ro', 'exec'] },
          { containerPath: '/b', size: 1 },
        ],
        capabilities: { add: ['KILL', 'CHOWN'], drop: ['SETUID', 'SETGID'] },
      },
      logConfiguration: {
        logDriver: 'splunk',
        secretOptions: [
          { name: 'a', valueFrom: 'a' },
          { name: 'b', valueFrom: 'b' },
        ],
      },
      restartPolicy: { enabled: true, ignoredExitCodes: [1, 0] },
    }),
    shown: withContainer({
      dependsOn: [
        { containerName: 'b', condition: 'START' },
        { containerName: 'a', condition: 'START' },
      ],
      extraHosts: [
        { hostname: 'b', ipAddress: '1.1.1.2' },
        { hostname: 'a', ipAddress: '1.1.1.1' },
      ],
      dnsServers: ['8.8.8.8', '1.1.1.1'],
      dnsSearchDomains: ['b', 'a'],
      dockerSecurityOptions: ['b', 'a'],
      systemControls: [
        { namespace: 'b', value: '1' },
        { namespace: 'a', value: '1' },
      ],
      ulimits: [
        { name: 'cpu', softLimit: 1, hardLimit: 1 },
        { name: 'core', softLimit: 1, hardLimit: 1 },
      ],
      credentialSpecs: ['b', 'a'],
      resourceRequirements: [
        { type: 'InferenceAccelerator', value: 'a' },
        { type: 'GPU', value: '1' },
      ],
      linuxParameters: {
        devices: [{ hostPath: '/b' }, { hostPath: '/a', permissions: ['write', 'read'] }],
        tmpfs: [
          { containerPath: '/b', size: 1 },
          { containerPath: '/a', size: 1, mountOptions: ['exec', 'ro'] },
        ],
        capabilities: { add: ['CHOWN', 'KILL'], drop: ['SETGID', 'SETUID'] },
      },
      logConfiguration: {
        logDriver: 'splunk',
        secretOptions: [
          { name: 'b', valueFrom: 'b' },
          { name: 'a', valueFrom: 'a' },
        ],
      },
      restartPolicy: { enabled: true, ignoredExitCodes: [0, 1] },
    }),
    other: withContainer({ dnsServers: ['1.1.1.1'] }),
  },
  {
    rule: 'T23',
    because: 'a health check has defaults',
    stated: withContainer({ healthCheck: { command: ['CMD', 'true'] } }),
    shown: withContainer({
      healthCheck: { command: ['CMD', 'true'], interval: 30, timeout: 5, retries: 3, startPeriod: 0 },
    }),
    other: withContainer({ healthCheck: { command: ['CMD', 'true'], interval: 31 } }),
  },
  {
    rule: 'T25',
    because: 'ECS keeps empty lists of capabilities',
    stated: withContainer({}),
    shown: withContainer({ linuxParameters: { capabilities: { add: [], drop: [] } } }),
    other: withContainer({ linuxParameters: { capabilities: { add: ['KILL'] } } }),
  },
  {
    rule: 'T26',
    because: 'flags are false unless set',
    stated: withContainer({}),
    shown: withContainer({
      linuxParameters: { initProcessEnabled: false },
      privileged: false,
      readonlyRootFilesystem: false,
      interactive: false,
      pseudoTerminal: false,
      disableNetworking: false,
    }),
    other: withContainer({ privileged: true }),
  },
  {
    rule: 'T27',
    because: 'no time-out is shown as 0',
    stated: withContainer({}),
    shown: withContainer({ startTimeout: 0, stopTimeout: 0 }),
    other: withContainer({ stopTimeout: 30 }),
  },
  {
    rule: 'T28',
    because: 'versions are consistent unless said otherwise',
    stated: withContainer({}),
    shown: withContainer({ versionConsistency: 'enabled' }),
    other: withContainer({ versionConsistency: 'disabled' }),
  },
  {
    rule: 'T29',
    because: 'a restart needs 300 s by default',
    stated: withContainer({ restartPolicy: { enabled: true } }),
    shown: withContainer({ restartPolicy: { enabled: true, ignoredExitCodes: [], restartAttemptPeriod: 300 } }),
    other: withContainer({ restartPolicy: { enabled: true, restartAttemptPeriod: 60 } }),
  },
  {
    rule: 'T30',
    because: 'an empty text is none',
    stated: withContainer({}),
    shown: withContainer({ user: '', workingDirectory: '', hostname: '' }),
    other: withContainer({ user: 'root' }),
  },
  {
    rule: 'T31',
    because: 'volumes are a set by name',
    stated: definition({ volumes: [{ name: 'a' }, { name: 'b' }] }),
    shown: definition({ volumes: [{ name: 'b' }, { name: 'a' }] }),
    other: definition({ volumes: [{ name: 'a' }] }),
  },
  {
    rule: 'T32',
    because: 'ECS shows an empty host for a volume of the task',
    stated: withVolume({}),
    shown: withVolume({ host: {} }),
    other: withVolume({ host: { sourcePath: '/data' } }),
  },
  {
    rule: 'T33',
    because: 'the root is the default',
    stated: withVolume({ efsVolumeConfiguration: { fileSystemId: 'fs-1' } }),
    shown: withVolume({ efsVolumeConfiguration: { fileSystemId: 'fs-1', rootDirectory: '/' } }),
    other: withVolume({ efsVolumeConfiguration: { fileSystemId: 'fs-1', rootDirectory: '/a' } }),
  },
  {
    rule: 'T34',
    because: 'encryption and IAM are off by default',
    stated: withVolume({ efsVolumeConfiguration: { fileSystemId: 'fs-1' } }),
    shown: withVolume({
      efsVolumeConfiguration: {
        fileSystemId: 'fs-1',
        transitEncryption: 'DISABLED',
        transitEncryptionPort: 0,
        authorizationConfig: { iam: 'DISABLED' },
      },
    }),
    other: withVolume({ efsVolumeConfiguration: { fileSystemId: 'fs-1', transitEncryption: 'ENABLED' } }),
  },
  {
    rule: 'T35',
    because: 'S3 Files has the defaults of EFS',
    stated: withVolume({ s3filesVolumeConfiguration: { fileSystemArn: 'a' } }),
    shown: withVolume({
      s3filesVolumeConfiguration: { fileSystemArn: 'a', rootDirectory: '/', transitEncryptionPort: 0 },
    }),
    other: withVolume({ s3filesVolumeConfiguration: { fileSystemArn: 'a', rootDirectory: '/b' } }),
  },
  {
    rule: 'T36',
    because: 'a Docker volume is local and lives with the task',
    stated: withVolume({ dockerVolumeConfiguration: { driver: 'local' } }),
    shown: withVolume({
      dockerVolumeConfiguration: { scope: 'task', driver: 'local', autoprovision: true, driverOpts: {}, labels: {} },
    }),
    other: withVolume({}),
  },
  {
    rule: 'T36',
    because: 'autoprovision has a meaning for shared volumes',
    stated: withVolume({ dockerVolumeConfiguration: { scope: 'shared' } }),
    shown: withVolume({ dockerVolumeConfiguration: { scope: 'shared', autoprovision: false } }),
    other: withVolume({ dockerVolumeConfiguration: { scope: 'shared', autoprovision: true } }),
  },
  {
    rule: 'T37',
    because: 'volumes are configured here unless said otherwise',
    stated: withVolume({}),
    shown: withVolume({ configuredAtLaunch: false }),
    other: withVolume({ configuredAtLaunch: true }),
  },
  {
    rule: 'T38',
    because: 'App Mesh is the only proxy, and its settings are a set',
    stated: definition({
      proxyConfiguration: {
        containerName: 'envoy',
        properties: [
          { name: 'AppPorts', value: '80' },
          { name: 'IgnoredUID', value: '1' },
        ],
      },
    }),
    shown: definition({
      proxyConfiguration: {
        type: 'APPMESH',
        containerName: 'envoy',
        properties: [
          { name: 'IgnoredGID', value: '' },
          { name: 'IgnoredUID', value: '1' },
          { name: 'AppPorts', value: '80' },
        ],
      },
    }),
    other: definition({
      proxyConfiguration: { containerName: 'envoy', properties: [{ name: 'AppPorts', value: '81' }] },
    }),
  },
  {
    rule: 'T39',
    because: 'Fargate runs LINUX on X86_64 unless said otherwise',
    stated: definition({ requiresCompatibilities: ['FARGATE'] }),
    shown: definition({
      requiresCompatibilities: ['FARGATE'],
      runtimePlatform: { cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' },
    }),
    other: definition({ requiresCompatibilities: ['FARGATE'], runtimePlatform: { cpuArchitecture: 'ARM64' } }),
  },
  {
    rule: 'T39',
    because: 'an empty platform is none, while on EC2 X86_64 is a demand',
    stated: definition(),
    shown: definition({ runtimePlatform: {} }),
    other: definition({ runtimePlatform: { cpuArchitecture: 'X86_64' } }),
  },
  {
    rule: 'T40',
    because: 'constraints are a set',
    stated: definition({
      placementConstraints: [
        { type: 'memberOf', expression: 'a' },
        { type: 'memberOf', expression: 'b' },
      ],
    }),
    shown: definition({
      placementConstraints: [
        { type: 'memberOf', expression: 'b' },
        { type: 'memberOf', expression: 'a' },
      ],
    }),
    other: definition({ placementConstraints: [{ type: 'memberOf', expression: 'a' }] }),
  },
  {
    rule: 'T41',
    because: 'the storage that every Fargate task has cannot be stated',
    stated: definition(),
    shown: definition({ ephemeralStorage: { sizeInGiB: 20 } }),
    other: definition({ ephemeralStorage: { sizeInGiB: 21 } }),
  },
  {
    rule: 'T42',
    because: 'ECS shows that faults are off',
    stated: definition(),
    shown: definition({ enableFaultInjection: false }),
    other: definition({ enableFaultInjection: true }),
  },
  {
    rule: 'T43',
    because: 'accelerators are a set',
    stated: definition({
      inferenceAccelerators: [
        { deviceName: 'a', deviceType: 'x' },
        { deviceName: 'b', deviceType: 'x' },
      ],
    }),
    shown: definition({
      inferenceAccelerators: [
        { deviceName: 'b', deviceType: 'x' },
        { deviceName: 'a', deviceType: 'x' },
      ],
    }),
    other: definition({ inferenceAccelerators: [{ deviceName: 'a', deviceType: 'x' }] }),
  },
  {
    rule: 'T44',
    because: 'tags are not content: they change without a revision',
    stated: definition(),
    shown: raw({ ...definition(), tags: [{ key: 'aws:stack', value: 'x' }] }),
    other: definition({ ipcMode: 'task' }),
  },
  {
    rule: 'T46',
    because: 'the family is where content lives, and no content',
    stated: definition(),
    shown: raw({ ...definition(), family: 'web' }),
    other: definition({ ipcMode: 'host' }),
  },
  {
    rule: 'T47',
    because: 'a role of the account can be named',
    stated: definition({ taskRoleArn: 'app/web', executionRoleArn: 'exec' }),
    shown: definition({
      taskRoleArn: `arn:aws:iam::${ACCOUNT}:role/app/web`,
      executionRoleArn: `arn:aws:iam::${ACCOUNT}:role/exec`,
    }),
    other: definition({ taskRoleArn: 'arn:aws:iam::999999999999:role/app/web', executionRoleArn: 'exec' }),
  },
  {
    rule: 'T48',
    because: 'null is none',
    stated: withContainer({}),
    shown: raw({
      containerDefinitions: [{ name: 'web', image: 'nginx:1', command: null, environment: null, cpu: null }],
    }),
    other: withContainer({ command: ['run'] }),
  },
  {
    rule: 'T49',
    because: 'no memory is shown as 0',
    stated: withContainer({}),
    shown: withContainer({ memory: 0, memoryReservation: 0 }),
    other: withContainer({ memory: 128 }),
  },
  {
    rule: 'T50',
    because: 'metadata is on by default, and options have no order',
    stated: withContainer({
      firelensConfiguration: { type: 'fluentbit', options: { a: '1', b: '2', 'enable-ecs-log-metadata': 'true' } },
    }),
    shown: withContainer({ firelensConfiguration: { type: 'fluentbit', options: { b: '2', a: '1' } } }),
    other: withContainer({
      firelensConfiguration: { type: 'fluentbit', options: { a: '1', b: '2', 'enable-ecs-log-metadata': 'false' } },
    }),
  },
  {
    rule: 'G1',
    because: 'nothing can be said in many ways',
    stated: definition(),
    shown: raw({ ...definition(), volumes: [], placementConstraints: null, taskRoleArn: '', proxyConfiguration: {} }),
    other: definition({ taskRoleArn: 'web' }),
  },
  {
    rule: 'G2',
    because: 'a number and its plain text are one',
    stated: definition({ cpu: '256' }),
    shown: raw({ ...definition(), cpu: 256 }),
    other: definition({ cpu: '0256' }),
  },
  {
    rule: 'G5',
    because: 'what ECS adds one day is no difference, at any depth',
    stated: withContainer({ healthCheck: { command: ['CMD', 'true'] } }),
    shown: raw({
      ...withContainer(
        Object.assign({ novelty: 1 }, { healthCheck: Object.assign({ command: ['CMD', 'true'] }, { novelty: true }) }),
      ),
      novelty: 'x',
    }),
    other: withContainer({ healthCheck: { command: ['CMD', 'false'] } }),
  },
];

describe('equal contents', () => {
  test.for(RULES)('$rule: $because', ({ stated, shown, other }) => {
    expect(isEqual(stated, shown), 'without the rule they differ').toBe(false);
    expect(paths(stated, shown)).toEqual([]);
    expect(paths(shown, stated)).toEqual([]);
    expect(paths(stated, other), 'a real change is seen').not.toEqual([]);
  });
});

function log(options: Record<string, string>): Content {
  return withContainer({ logConfiguration: { logDriver: 'awslogs', options } });
}

describe('what has an order or a meaning of its own', () => {
  test.for([
    ['command', withContainer({ command: ['a', 'b'] }), withContainer({ command: ['b', 'a'] })],
    ['entryPoint', withContainer({ entryPoint: ['a', 'b'] }), withContainer({ entryPoint: ['b', 'a'] })],
    [
      'environmentFiles',
      withContainer({
        environmentFiles: [
          { type: 's3', value: 'a' },
          { type: 's3', value: 'b' },
        ],
      }),
      withContainer({
        environmentFiles: [
          { type: 's3', value: 'b' },
          { type: 's3', value: 'a' },
        ],
      }),
    ],
    [
      'healthCheck.command',
      withContainer({ healthCheck: { command: ['CMD', 'a', 'b'] } }),
      withContainer({ healthCheck: { command: ['CMD', 'b', 'a'] } }),
    ],
  ] as const)('T22: the order of %s counts', ([name, one, other]) => {
    expect(paths(one, other)).toEqual([`containerDefinitions[web].${name}`]);
  });

  test('T24: log options have no order, and a mode counts as stated', () => {
    expect(paths(log({ a: '1', b: '2' }), log({ b: '2', a: '1' }))).toEqual([]);
    expect(paths(log({ a: '1' }), log({ a: '1', mode: 'blocking' }))).toHaveLength(1);
  });

  test('no swap at all is not the same as nothing said about it', () => {
    expect(paths(withContainer({ linuxParameters: { maxSwap: 0 } }), withContainer({}))).toHaveLength(1);
  });

  test('a label without a value is still a label', () => {
    expect(paths(withContainer({ dockerLabels: { traefik: '' } }), withContainer({}))).toHaveLength(1);
  });

  test('G6: a removed environment entry is a change, because content is compared as a whole', () => {
    const two = withContainer({
      environment: [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ],
    });
    const one = withContainer({ environment: [{ name: 'A', value: '1' }] });

    expect(paths(one, two)).toEqual(['containerDefinitions[web].environment[B]']);
  });
});

describe('differences', () => {
  const MARKER = 's3cret-marker';
  const shown: Content = withContainer({ image: 'nginx:2' });

  test.for([
    withContainer({ environment: [{ name: 'A', value: MARKER }] }),
    withContainer({ command: [MARKER] }),
    withContainer({ entryPoint: [MARKER] }),
    withContainer({ dockerLabels: { a: MARKER } }),
    withContainer({ logConfiguration: { logDriver: 'splunk', options: { 'splunk-token': MARKER } } }),
    withContainer({ firelensConfiguration: { type: 'fluentbit', options: { a: MARKER } } }),
    withContainer({ healthCheck: { command: ['CMD-SHELL', MARKER] } }),
    withContainer({ name: 'new', environment: [{ name: 'A', value: MARKER }] }),
    withVolume({ dockerVolumeConfiguration: { driverOpts: { a: MARKER } } }),
  ])('G7: hide what can hold a secret (%#)', (stated) => {
    const differences = diffContent(canonicalContent(stated), canonicalContent(shown));

    expect(differences.length).toBeGreaterThan(0);
    expect(JSON.stringify(differences)).not.toContain(MARKER);
  });

  test('show what people ask for first', () => {
    expect(diffContent(canonicalContent(withContainer({})), canonicalContent(shown))).toEqual([
      { path: 'containerDefinitions[web].image', wanted: 'nginx:1', found: 'nginx:2' },
    ]);
  });
});

describe('contentHash', () => {
  test('is equal for equal contents, and names its version', () => {
    const [a, b] = [
      { name: 'A', value: '1' },
      { name: 'B', value: '2' },
    ];

    expect(contentHash(withContainer({ environment: [a, b] }))).toBe(
      contentHash(withContainer({ environment: [b, a] })),
    );
    expect(contentHash(definition())).toMatch(/^v1-[0-9a-f]{32}$/);
  });

  test('the canonical form is its own canonical form, because hashes must not depend on how often it was taken', () => {
    const contents = fc.constantFrom(...RULES.flatMap(({ stated, shown, other }) => [stated, shown, other]));

    fc.assert(
      fc.property(contents, (content) => {
        const once = canonicalContent(content, ACCOUNT);
        expect(canonicalContent(once, ACCOUNT)).toEqual(once);
      }),
    );
  });

  test('every member of what is registered but family and tags is content', () => {
    const input: Required<Omit<RegisterTaskDefinitionCommandInput, 'family' | 'tags' | 'containerDefinitions'>> = {
      taskRoleArn: 'a',
      executionRoleArn: 'a',
      networkMode: 'host',
      volumes: [{ name: 'a' }],
      placementConstraints: [{ type: 'memberOf' }],
      requiresCompatibilities: ['EXTERNAL'],
      cpu: '1',
      memory: '1',
      pidMode: 'task',
      ipcMode: 'task',
      proxyConfiguration: { containerName: 'a' },
      inferenceAccelerators: [{ deviceName: 'a', deviceType: 'a' }],
      ephemeralStorage: { sizeInGiB: 21 },
      runtimePlatform: { cpuArchitecture: 'ARM64' },
      enableFaultInjection: true,
    };

    expect(Object.keys(canonicalContent(input)).toSorted()).toEqual(Object.keys(input).toSorted());
  });
});
