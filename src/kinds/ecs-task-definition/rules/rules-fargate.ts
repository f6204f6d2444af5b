import type { Rule } from '../../../api/rule.ts';
import type { ContainerDefinition } from '../schema/container.ts';
import {
  CEL_ON_FARGATE,
  CEL_ON_WINDOWS,
  FARGATE,
  isOnFargate,
  isOnWindows,
  one,
  rule,
  type Spec,
  WINDOWS,
} from './rule.ts';

/** Memory in MiB by cpu (cfn-lint's fargate_cpu_memory.json; SDK: RegisterTaskDefinitionRequest.memory). */
const MEMORY_BY_CPU = {
  '256': { from: 512, to: 2048, step: 512, not: 1536 },
  '512': { from: 1024, to: 4096, step: 1024 },
  '1024': { from: 2048, to: 8192, step: 1024 },
  '2048': { from: 4096, to: 16_384, step: 1024 },
  '4096': { from: 8192, to: 30_720, step: 1024 },
  '8192': { from: 16_384, to: 61_440, step: 4096 },
  '16384': { from: 32_768, to: 122_880, step: 8192 },
} as const satisfies Record<string, MemoryRange>;

interface MemoryRange {
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly not?: number;
}

const WHOLE = /^[0-9]{1,9}$/;

export const FARGATE_RULES: readonly Rule[] = [
  rule({
    id: 'fargate-needs-cpu-and-memory',
    source: 'SDK: RegisterTaskDefinitionRequest.cpu and .memory',
    at: '',
    cel: `!(${CEL_ON_FARGATE}) || (has(self.cpu) && has(self.memory))`,
    holds: (spec) => !isOnFargate(spec) || (spec.cpu !== undefined && spec.memory !== undefined),
    message: 'Fargate needs cpu and memory of the task: set spec.cpu and spec.memory',
    examples: { base: FARGATE, refused: { memory: undefined }, accepted: {} },
  }),
  rule({
    id: 'fargate-memory-fits-cpu',
    source: 'SDK: RegisterTaskDefinitionRequest.memory',
    at: '',
    cel: `!(${CEL_ON_FARGATE}) || !has(self.memory) || !self.memory.matches('${WHOLE.source}') || (${Object.entries(MEMORY_BY_CPU).map(celOfRange).join(' && ')})`,
    holds: (spec) => !isOnFargate(spec) || isFargateSize(spec.cpu, spec.memory),
    message:
      'Fargate does not offer this memory with this cpu: see the table of task sizes, such as 256 with 512, 1024 or 2048',
    examples: { base: FARGATE, refused: { cpu: '256', memory: '4096' }, accepted: { cpu: '256', memory: '2048' } },
  }),
  rule({
    id: 'fargate-needs-awsvpc',
    source: 'SDK: RegisterTaskDefinitionRequest.networkMode',
    at: '',
    cel: `!(${CEL_ON_FARGATE}) || self.?networkMode.orValue('awsvpc') == 'awsvpc'`,
    holds: (spec) => !isOnFargate(spec) || (spec.networkMode ?? 'awsvpc') === 'awsvpc',
    message: 'Fargate has networkMode awsvpc only: set it',
    examples: { base: FARGATE, refused: { networkMode: 'bridge' }, accepted: { networkMode: 'awsvpc' } },
  }),
  rule({
    id: 'windows-on-fargate-has-one-to-four-vcpu',
    source: 'SDK: RegisterTaskDefinitionRequest.memory',
    at: '',
    cel: `!(${CEL_ON_FARGATE}) || !${CEL_ON_WINDOWS} || !(self.?cpu.orValue('') in ['256', '512', '8192', '16384'])`,
    holds: (spec) =>
      !isOnFargate(spec) || !isOnWindows(spec) || !['256', '512', '8192', '16384'].includes(spec.cpu ?? ''),
    message: 'Windows on Fargate takes cpu 1024, 2048 or 4096: choose one of them',
    examples: {
      base: { ...FARGATE, runtimePlatform: { operatingSystemFamily: WINDOWS } },
      refused: { cpu: '512', memory: '2048' },
      accepted: { cpu: '1024', memory: '2048' },
    },
  }),
  rule({
    id: 'fargate-has-no-placement',
    source: 'AWS: task placement is not for Fargate',
    at: '',
    cel: `!(${CEL_ON_FARGATE}) || (!has(self.placementConstraints) || self.placementConstraints.size() == 0)`,
    holds: (spec) => !isOnFargate(spec) || (spec.placementConstraints ?? []).length === 0,
    message: 'Fargate has no instances to choose from: take placementConstraints out',
    examples: {
      base: FARGATE,
      refused: { placementConstraints: [{ type: 'memberOf', expression: 'attribute:disk == ssd' }] },
      accepted: { placementConstraints: [] },
    },
  }),
  rule({
    id: 'fargate-shares-no-ipc',
    source: 'SDK: RegisterTaskDefinitionRequest.ipcMode',
    at: '',
    cel: `!(${CEL_ON_FARGATE}) || !has(self.ipcMode)`,
    holds: (spec) => !isOnFargate(spec) || spec.ipcMode === undefined,
    message: 'Fargate has no ipcMode: take it out',
    examples: { base: FARGATE, refused: { ipcMode: 'task' }, accepted: {} },
  }),
  rule({
    id: 'fargate-shares-no-processes-with-a-host',
    source: 'SDK: RegisterTaskDefinitionRequest.pidMode',
    at: '',
    cel: `!(${CEL_ON_FARGATE}) || self.?pidMode.orValue('task') == 'task'`,
    holds: (spec) => !isOnFargate(spec) || (spec.pidMode ?? 'task') === 'task',
    message: 'Fargate has pidMode task only: set it, or take pidMode out',
    examples: { base: FARGATE, refused: { pidMode: 'host' }, accepted: { pidMode: 'task' } },
  }),
  rule({
    id: 'fargate-has-no-volumes-of-a-host',
    source: 'SDK: HostVolumeProperties.sourcePath and Volume.dockerVolumeConfiguration',
    at: '',
    cel: `!(${CEL_ON_FARGATE}) || (!has(self.volumes) || self.volumes.all(v, !has(v.dockerVolumeConfiguration) && v.?host.sourcePath.orValue('') == ''))`,
    holds: (spec) =>
      !isOnFargate(spec) ||
      (spec.volumes ?? []).every(
        ({ dockerVolumeConfiguration, host }) => dockerVolumeConfiguration === undefined && !host?.sourcePath,
      ),
    message: 'Fargate has no Docker volumes and no paths of a host: use an empty volume, or EFS',
    examples: {
      base: FARGATE,
      refused: { volumes: [{ name: 'data', host: { sourcePath: '/data' } }] },
      accepted: { volumes: [{ name: 'data', host: {} }] },
    },
  }),
  containerOnFargate({
    id: 'fargate-has-no-privileged-containers',
    source: 'SDK: ContainerDefinition.privileged',
    cel: '!c.?privileged.orValue(false)',
    holds: ({ privileged }) => privileged !== true,
    message: 'Fargate runs no privileged containers: take privileged out',
    refused: { privileged: true },
    accepted: { privileged: false },
  }),
  containerOnFargate({
    id: 'fargate-has-no-security-options',
    source: 'SDK: ContainerDefinition.dockerSecurityOptions',
    cel: '(!has(c.dockerSecurityOptions) || c.dockerSecurityOptions.size() == 0)',
    holds: ({ dockerSecurityOptions = [] }) => dockerSecurityOptions.length === 0,
    message: 'Fargate takes no dockerSecurityOptions: take them out',
    refused: { dockerSecurityOptions: ['no-new-privileges'] },
    accepted: { dockerSecurityOptions: [] },
  }),
  containerOnFargate({
    id: 'fargate-has-no-devices-or-swap',
    source: 'SDK: LinuxParameters.devices, .sharedMemorySize, .maxSwap and .swappiness',
    cel: '!has(c.linuxParameters) || ((!has(c.linuxParameters.devices) || c.linuxParameters.devices.size() == 0) && c.linuxParameters.?sharedMemorySize.orValue(0) == 0 && c.linuxParameters.?maxSwap.orValue(0) == 0 && c.linuxParameters.?swappiness.orValue(0) == 0)',
    holds: ({ linuxParameters: { devices = [], sharedMemorySize, maxSwap, swappiness } = {} }) =>
      devices.length === 0 && !sharedMemorySize && !maxSwap && !swappiness,
    message: 'Fargate has no devices, sharedMemorySize, maxSwap or swappiness: take them out of linuxParameters',
    refused: { linuxParameters: { sharedMemorySize: 64 } },
    accepted: { linuxParameters: { initProcessEnabled: true } },
  }),
  containerOnFargate({
    id: 'fargate-adds-one-capability',
    source: 'SDK: KernelCapabilities.add',
    cel: "!has(c.linuxParameters) || !has(c.linuxParameters.capabilities) || !has(c.linuxParameters.capabilities.add) || c.linuxParameters.capabilities.add.all(a, a == 'SYS_PTRACE')",
    holds: ({ linuxParameters }) => (linuxParameters?.capabilities?.add ?? []).every((name) => name === 'SYS_PTRACE'),
    message: 'Fargate adds no capability but SYS_PTRACE: take the others out',
    refused: { linuxParameters: { capabilities: { add: ['NET_ADMIN'] } } },
    accepted: { linuxParameters: { capabilities: { add: ['SYS_PTRACE'], drop: ['NET_RAW'] } } },
  }),
  containerOnFargate({
    id: 'fargate-has-no-gpus',
    source: 'AWS: task definitions for GPU workloads are not for Fargate',
    cel: "(!has(c.resourceRequirements) || c.resourceRequirements.all(r, r.type != 'GPU'))",
    holds: ({ resourceRequirements = [] }) => resourceRequirements.every(({ type }) => type !== 'GPU'),
    message: 'Fargate has no GPUs: take the requirement out, or run on EC2',
    refused: { resourceRequirements: [{ type: 'GPU', value: '1' }] },
    accepted: { resourceRequirements: [] },
  }),
  containerOnFargate({
    id: 'fargate-waits-two-minutes',
    source: 'SDK: ContainerDefinition.startTimeout and .stopTimeout',
    cel: 'c.?startTimeout.orValue(0) <= 120 && c.?stopTimeout.orValue(0) <= 120',
    holds: ({ startTimeout = 0, stopTimeout = 0 }) => startTimeout <= 120 && stopTimeout <= 120,
    message: 'Fargate waits at most 120 seconds: lower startTimeout and stopTimeout',
    refused: { stopTimeout: 121 },
    accepted: { stopTimeout: 120 },
  }),
];

interface ContainerRule {
  readonly id: string;
  readonly source: string;
  readonly message: string;
  /** Of a container `c`. */
  readonly cel: string;
  readonly holds: (container: ContainerDefinition) => boolean;
  readonly refused: Partial<ContainerDefinition>;
  readonly accepted: Partial<ContainerDefinition>;
}

function containerOnFargate({ cel, holds, refused, accepted, ...about }: ContainerRule): Rule {
  return rule({
    ...about,
    at: '',
    cel: `!(${CEL_ON_FARGATE}) || self.containerDefinitions.all(c, ${cel})`,
    holds: (spec: Spec) => !isOnFargate(spec) || spec.containerDefinitions.every(holds),
    examples: { base: FARGATE, refused: one(refused), accepted: one(accepted) },
  });
}

function celOfRange([cpu, { from, to, step, ...rest }]: readonly [string, MemoryRange]): string {
  const memory = 'int(self.memory)';
  const hole = rest.not === undefined ? '' : ` && ${memory} != ${rest.not}`;
  return `(self.?cpu.orValue('') != '${cpu}' || (${memory} >= ${from} && ${memory} <= ${to} && ${memory} % ${step} == 0${hole}))`;
}

/** Only a known cpu with a wrong memory is refused: AWS adds sizes, and both can be written in other ways. */
function isFargateSize(cpu = '', memory = ''): boolean {
  const range = Object.entries<MemoryRange>(MEMORY_BY_CPU).find(([known]) => known === cpu)?.[1];
  if (range === undefined || !WHOLE.test(memory)) return true;
  const mebibytes = Number(memory);
  const isInRange = mebibytes >= range.from && mebibytes <= range.to && mebibytes % range.step === 0;
  return isInRange && mebibytes !== range.not;
}
