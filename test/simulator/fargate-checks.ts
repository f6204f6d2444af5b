import type { ContainerDefinition, TaskDefinition } from '@aws-sdk/client-ecs';

interface Size {
  readonly least: number;
  readonly most: number;
  readonly step: number;
}

/** Task sizes on Fargate: CPU units to MiB (SDK documentation of RegisterTaskDefinition.cpu and memory). */
const SIZES: ReadonlyMap<string, Size> = new Map([
  ['256', { least: 512, most: 2_048, step: 512 }],
  ['512', { least: 1_024, most: 4_096, step: 1_024 }],
  ['1024', { least: 2_048, most: 8_192, step: 1_024 }],
  ['2048', { least: 4_096, most: 16_384, step: 1_024 }],
  ['4096', { least: 8_192, most: 30_720, step: 1_024 }],
  ['8192', { least: 16_384, most: 61_440, step: 4_096 }],
  ['16384', { least: 32_768, most: 122_880, step: 8_192 }],
]);

// SDK documentation of LogConfiguration.logDriver.
const LOG_DRIVERS: ReadonlySet<string | undefined> = new Set(['awslogs', 'splunk', 'awsfirelens']);
const PRIVATE_ECR = /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com/;

/** Why a definition cannot run on Fargate; undefined where it can. A message is AWS's where no note says otherwise. */
export function fargateRefusal(definition: Omit<TaskDefinition, 'family'>): string | undefined {
  const { networkMode, containerDefinitions = [], volumes = [] } = definition;
  if (networkMode !== 'awsvpc') return 'Fargate only supports network mode ‘awsvpc’.';
  const size = sizeRefusal(definition);
  if (size !== undefined) return size;
  if ((definition.placementConstraints ?? []).length > 0) {
    return 'Fargate does not support placement constraints in a task definition.'; // wording unknown
  }
  if (definition.ipcMode !== undefined) return 'Fargate does not support ipcMode.'; // wording unknown
  if (definition.pidMode === 'host') return 'Fargate only supports pidMode task.'; // wording unknown
  for (const { host, dockerVolumeConfiguration, fsxWindowsFileServerVolumeConfiguration } of volumes) {
    if (host?.sourcePath) return 'Fargate does not support host.sourcePath of volumes.'; // wording unknown
    if (dockerVolumeConfiguration || fsxWindowsFileServerVolumeConfiguration) {
      return 'Fargate does not support this kind of volume.'; // wording unknown
    }
  }
  for (const container of containerDefinitions) {
    const refusal = containerRefusal(container, Boolean(definition.executionRoleArn));
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function sizeRefusal({ cpu, memory }: Omit<TaskDefinition, 'family'>): string | undefined {
  if (cpu === undefined) return "Fargate requires that 'cpu' be defined at the task level.";
  if (memory === undefined) return "Fargate requires that 'memory' be defined at the task level.";
  const size = SIZES.get(cpu);
  const mib = Number(memory);
  // 256 CPU units go with 512, 1024 and 2048 MiB, not with 1536.
  const isFit =
    size && mib >= size.least && mib <= size.most && mib % size.step === 0 && (cpu !== '256' || mib !== 1_536);
  return isFit ? undefined : 'No Fargate configuration exists for given values.';
}

function containerRefusal(container: ContainerDefinition, hasExecutionRole: boolean): string | undefined {
  const { linuxParameters, logConfiguration } = container;
  const driver = logConfiguration?.logDriver;
  // The messages are AWS's.
  if (!hasExecutionRole && driver === 'awslogs') {
    return 'Fargate requires task definition to have execution role ARN to support log driver awslogs.';
  }
  if (!hasExecutionRole && PRIVATE_ECR.test(container.image ?? '')) {
    return 'Fargate requires task definition to have execution role ARN to support ECR images.';
  }
  if (!hasExecutionRole && (container.secrets ?? []).length > 0) {
    return 'When you are specifying container secrets, you must also specify a value for execution role.';
  }
  // SDK documentation of each member; wordings unknown.
  if (driver !== undefined && !LOG_DRIVERS.has(driver)) return `Fargate does not support log driver ${driver}.`;
  const refused = [
    ['privileged', container.privileged === true],
    ['links', (container.links ?? []).length > 0],
    ['dockerSecurityOptions', (container.dockerSecurityOptions ?? []).length > 0],
    ['disableNetworking', container.disableNetworking === true],
    ['GPU', (container.resourceRequirements ?? []).some(({ type }) => type === 'GPU')],
    ['devices', (linuxParameters?.devices ?? []).length > 0],
    ['sharedMemorySize', linuxParameters?.sharedMemorySize !== undefined],
    ['maxSwap', linuxParameters?.maxSwap !== undefined],
    ['swappiness', linuxParameters?.swappiness !== undefined],
    ['capabilities.add', (linuxParameters?.capabilities?.add ?? []).some((each) => each !== 'SYS_PTRACE')],
    ['startTimeout', isOutside(container.startTimeout)],
    ['stopTimeout', isOutside(container.stopTimeout)],
  ] as const;
  const found = refused.find(([, isStated]) => isStated)?.[0];
  return found === undefined ? undefined : `Fargate does not support ${found} as it is stated.`;
}

/** SDK documentation of startTimeout and stopTimeout: at most 120 seconds on Fargate, and at least 2 to start. */
function isOutside(seconds: number | undefined): boolean {
  return seconds !== undefined && seconds !== 0 && (seconds < 2 || seconds > 120);
}
