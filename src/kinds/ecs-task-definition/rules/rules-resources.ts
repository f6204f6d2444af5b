import type { Rule } from '../../../api/rule.ts';
import { CEL_ON_WINDOWS, containers, isOnWindows, one, rule, type Spec, WINDOWS } from './rule.ts';

/** CEL: a member of the task is absent or no plain number, such as `1 vCPU` or `2 GB`. */
function celIsNotPlain(member: 'cpu' | 'memory'): string {
  return `!has(self.${member}) || !self.${member}.matches('^[0-9]{1,9}$')`;
}

function plain(value: string | undefined): number | undefined {
  return value !== undefined && /^[0-9]{1,9}$/.test(value) ? Number(value) : undefined;
}

const RESERVED = '(c.?memoryReservation.orValue(0) > 0 ? c.memoryReservation : c.?memory.orValue(0))';

export const RESOURCE_RULES: readonly Rule[] = [
  rule({
    id: 'containers-fit-the-cpu-of-the-task',
    source: 'SDK: ContainerDefinition.cpu; ignored on Windows (RegisterTaskDefinitionRequest.cpu)',
    at: '',
    cel: `${CEL_ON_WINDOWS} || ${celIsNotPlain('cpu')} || self.containerDefinitions.map(c, c.?cpu.orValue(0)).sum() <= int(self.cpu)`,
    holds: (spec) => fits(spec, plain(spec.cpu), sum(spec.containerDefinitions.map(({ cpu }) => cpu ?? 0))),
    message: 'the containers reserve more cpu than the task has: raise spec.cpu, or lower that of the containers',
    examples: {
      base: { cpu: '256' },
      refused: containers({ name: 'app', cpu: 200 }, { name: 'proxy', cpu: 57 }),
      accepted: containers({ name: 'app', cpu: 200 }, { name: 'proxy', cpu: 56 }),
    },
  }),
  rule({
    id: 'containers-fit-the-memory-of-the-task',
    source: 'SDK: ContainerDefinition.memory; ignored on Windows (RegisterTaskDefinitionRequest.memory)',
    at: '',
    cel: `${CEL_ON_WINDOWS} || ${celIsNotPlain('memory')} || self.containerDefinitions.map(c, ${RESERVED}).sum() <= int(self.memory)`,
    holds: (spec) =>
      fits(
        spec,
        plain(spec.memory),
        sum(spec.containerDefinitions.map(({ memory, memoryReservation }) => memoryReservation || (memory ?? 0))),
      ),
    message: 'the containers reserve more memory than the task has: raise spec.memory, or lower that of the containers',
    examples: {
      base: { memory: '512' },
      refused: containers({ name: 'app', memory: 300 }, { name: 'proxy', memory: 400, memoryReservation: 213 }),
      accepted: containers({ name: 'app', memory: 300 }, { name: 'proxy', memory: 400, memoryReservation: 212 }),
    },
  }),
  rule({
    id: 'no-container-passes-the-memory-of-the-task',
    source: 'SDK: ContainerDefinition.memory; ignored on Windows (RegisterTaskDefinitionRequest.memory)',
    at: '',
    cel: `${CEL_ON_WINDOWS} || ${celIsNotPlain('memory')} || self.containerDefinitions.all(c, c.?memory.orValue(0) <= int(self.memory))`,
    holds: (spec) =>
      fits(spec, plain(spec.memory), Math.max(...spec.containerDefinitions.map(({ memory }) => memory ?? 0))),
    message: 'a container may use more memory than the task has: raise spec.memory, or lower memory of the container',
    examples: {
      base: { memory: '512' },
      refused: one({ memory: 513, memoryReservation: 256 }),
      accepted: one({ memory: 512, memoryReservation: 256 }),
    },
  }),
  rule({
    id: 'memory-is-stated',
    source: 'SDK: ContainerDefinition.memoryReservation',
    at: '',
    cel: 'has(self.memory) || self.containerDefinitions.all(c, c.?memory.orValue(0) > 0 || c.?memoryReservation.orValue(0) > 0)',
    holds: ({ memory, containerDefinitions }) =>
      memory !== undefined ||
      containerDefinitions.every((container) => (container.memory ?? 0) > 0 || (container.memoryReservation ?? 0) > 0),
    message: 'without spec.memory every container needs memory or memoryReservation: set one of them',
    examples: {
      refused: { containerDefinitions: [{ name: 'app', image: 'busybox' }] },
      accepted: { containerDefinitions: [{ name: 'app', image: 'busybox', memoryReservation: 64 }] },
    },
  }),
  rule({
    id: 'memory-is-at-least-its-reservation',
    source: 'SDK: ContainerDefinition.memory',
    at: 'containerDefinitions[]',
    cel: 'self.?memory.orValue(0) == 0 || self.?memoryReservation.orValue(0) <= self.memory',
    holds: ({ memory = 0, memoryReservation = 0 }) => memory === 0 || memoryReservation <= memory,
    message: 'memoryReservation is more than memory: lower it, as memory is where the container is killed',
    examples: {
      refused: one({ memory: 128, memoryReservation: 129 }),
      accepted: one({ memory: 129, memoryReservation: 128 }),
    },
  }),
  rule({
    id: 'memory-is-at-least-four',
    source: 'SDK: ContainerDefinition.memory (Docker takes no less)',
    at: 'containerDefinitions[]',
    cel: 'self.?memory.orValue(0) == 0 || self.memory >= 4',
    holds: ({ memory = 0 }) => memory === 0 || memory >= 4,
    message: 'a container needs at least 4 MiB of memory (6 with newer Docker): raise memory',
    examples: { refused: one({ memory: 3 }), accepted: one({ memory: 4 }) },
  }),
  rule({
    id: 'soft-limit-is-within-the-hard-one',
    source: 'setrlimit(2): a soft limit cannot pass the hard one; negative is no limit',
    at: 'containerDefinitions[].ulimits[]',
    cel: 'self.hardLimit < 0 || self.softLimit <= self.hardLimit',
    holds: ({ softLimit, hardLimit }) => hardLimit < 0 || softLimit <= hardLimit,
    message: 'softLimit is more than hardLimit: lower it, or raise the other',
    examples: {
      refused: one({ ulimits: [{ name: 'nofile', softLimit: 2048, hardLimit: 1024 }] }),
      accepted: one({ ulimits: [{ name: 'nofile', softLimit: 1024, hardLimit: 1024 }] }),
    },
  }),
  rule({
    id: 'gpu-is-counted-or-shared',
    source: 'SDK: ResourceRequirement.value and .sharingStrategy',
    at: 'containerDefinitions[].resourceRequirements[]',
    cel: "self.type == 'GPU' ? has(self.value) != has(self.sharingStrategy) : has(self.value) && !has(self.sharingStrategy)",
    holds: ({ type, value, sharingStrategy }) =>
      type === 'GPU'
        ? (value === undefined) !== (sharingStrategy === undefined)
        : value !== undefined && sharingStrategy === undefined,
    message: 'state value, or for a GPU either value or sharingStrategy',
    examples: {
      refused: one({
        resourceRequirements: [{ type: 'GPU', value: '1', sharingStrategy: { nvidiaMps: { memory: 1 } } }],
      }),
      accepted: one({ resourceRequirements: [{ type: 'GPU', sharingStrategy: { nvidiaMps: { memory: 1 } } }] }),
    },
  }),
  rule({
    id: 'device-value-is-known',
    source: 'SDK: ResourceRequirement.value',
    at: 'containerDefinitions[].resourceRequirements[]',
    cel: "!has(self.value) || (self.type == 'GPU' ? self.value.matches('^([1-9][0-9]*|ALL)$') : self.type != 'NeuronDevice' || self.value == 'ALL')",
    holds: ({ type, value }) => {
      if (value === undefined) return true;
      return type === 'GPU' ? /^([1-9][0-9]*|ALL)$/.test(value) : type !== 'NeuronDevice' || value === 'ALL';
    },
    message: 'value must be a number of GPUs or ALL, and ALL for Neuron devices',
    examples: {
      refused: one({ resourceRequirements: [{ type: 'GPU', value: '0' }] }),
      accepted: one({ resourceRequirements: [{ type: 'GPU', value: '1' }] }),
    },
  }),
  rule({
    id: 'accelerator-is-declared',
    source: 'SDK: ResourceRequirement.value',
    at: '',
    holds: ({ containerDefinitions, inferenceAccelerators = [] }) =>
      containerDefinitions
        .flatMap(({ resourceRequirements = [] }) => resourceRequirements)
        .filter(({ type }) => type === 'InferenceAccelerator')
        .every(({ value }) => inferenceAccelerators.some(({ deviceName }) => deviceName === value)),
    message: 'a container needs an accelerator that inferenceAccelerators does not list: add its deviceName there',
    examples: {
      base: { inferenceAccelerators: [{ deviceName: 'device_1', deviceType: 'eia1.medium' }] },
      refused: one({ resourceRequirements: [{ type: 'InferenceAccelerator', value: 'device_2' }] }),
      accepted: one({ resourceRequirements: [{ type: 'InferenceAccelerator', value: 'device_1' }] }),
    },
  }),
  rule({
    id: 'arm64-is-linux',
    source: 'SDK: RuntimePlatform.cpuArchitecture',
    at: 'runtimePlatform',
    cel: "self.?cpuArchitecture.orValue('X86_64') != 'ARM64' || !self.?operatingSystemFamily.orValue('LINUX').startsWith('WINDOWS')",
    holds: ({ cpuArchitecture, operatingSystemFamily = 'LINUX' }) =>
      cpuArchitecture !== 'ARM64' || !operatingSystemFamily.startsWith('WINDOWS'),
    message: 'ARM64 is for Linux only: choose LINUX, or X86_64 for Windows',
    examples: {
      refused: { runtimePlatform: { cpuArchitecture: 'ARM64', operatingSystemFamily: WINDOWS } },
      accepted: { runtimePlatform: { cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' } },
    },
  }),
];

function fits(spec: Spec, limit: number | undefined, needed: number): boolean {
  return limit === undefined || isOnWindows(spec) || needed <= limit;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
