import type { ContainerDefinition, RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import { checkContainer } from './container-checks.ts';
import { checkDependencies } from './dependency-checks.ts';
import { clientException } from './refusals.ts';
import { cpuUnits, mebibytes } from './task-definition-defaults.ts';

type Stated = Omit<RegisterTaskDefinitionRequest, 'tags'>;

// SDK documentation of family, name of a container and of a volume.
const NAME = /^[A-Za-z0-9_-]{1,255}$/;
// Quotas "Containers per task definition" and "Task definition size limit" (general reference, ECS quotas).
const MAX_CONTAINERS = 10;
const MAX_BYTES = 64 * 1024;

/**
 * The checks that hold wherever the tasks run, as `RegisterTaskDefinitionRequest` is documented in the SDK. A wording
 * is AWS's where it says so, and otherwise unknown.
 */
export function checkDefinition(stated: Stated): void {
  const { family = '', containerDefinitions: containers = [], volumes = [] } = stated;
  if (family === '') throw clientException('Family should not be null or empty.'); // AWS's
  if (!NAME.test(family)) throw clientException('Invalid family: letters, numbers, hyphens and underscores only.');
  if (containers.length === 0) throw clientException('Container list cannot be empty.'); // AWS's wording
  if (containers.length > MAX_CONTAINERS) {
    throw clientException(`A task definition has at most ${MAX_CONTAINERS} containers.`);
  }
  if (JSON.stringify(stated).length > MAX_BYTES) {
    throw clientException('Actual length of the task definition exceeds the limit of 65536 bytes.');
  }
  if (containers.every(({ essential }) => essential === false)) {
    throw clientException('Task definition should have at least one essential container.');
  }
  checkUnique(
    containers.map(({ name = '' }) => name),
    'container',
  );
  checkUnique(
    volumes.map(({ name = '' }) => name),
    'volume',
  );
  for (const container of containers) checkContainer(container, stated);
  checkDependencies(containers);
  checkSize(stated, containers);
  checkVolumes(stated, containers);
  checkPorts(stated, containers);
}

function checkUnique(names: readonly string[], what: string): void {
  for (const [at, name] of names.entries()) {
    if (name === '')
      throw clientException(`${what === 'container' ? 'Container' : 'Volume'}.name should not be null or empty.`);
    if (!NAME.test(name)) throw clientException(`Invalid ${what} name ${name}.`);
    if (names.indexOf(name) !== at) throw clientException(`The ${what} name ${name} is not unique.`);
  }
}

/** SDK documentation of ContainerDefinition.cpu, memory and memoryReservation. */
function checkSize(stated: Stated, containers: readonly ContainerDefinition[]): void {
  const [cpu, memory] = [wholeNumber(stated.cpu, cpuUnits, 'cpu'), wholeNumber(stated.memory, mebibytes, 'memory')];
  if (cpu !== undefined && sum(containers, (each) => each.cpu) > cpu) {
    throw clientException('The total cpu of the containers is more than the cpu of the task.');
  }
  if (memory !== undefined && sum(containers, (each) => each.memoryReservation ?? each.memory) > memory) {
    throw clientException('The total memory of the containers is more than the memory of the task.');
  }
  for (const { name, memory: hard, memoryReservation } of containers) {
    if (memory === undefined && !hard && !memoryReservation) {
      // AWS's
      throw clientException(
        `Invalid setting for container '${name}'. At least one of 'memory' or 'memoryReservation' must be specified.`,
      );
    }
    if (memory !== undefined && (hard ?? 0) > memory) {
      throw clientException(`The memory of container '${name}' is more than the memory of the task.`);
    }
  }
}

function wholeNumber(text: string | undefined, canonical: (text: string) => string, what: string): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(canonical(text));
  if (!Number.isInteger(number) || number <= 0) throw clientException(`Invalid '${what}' setting for task.`); // AWS's
  return number;
}

function sum(
  containers: readonly ContainerDefinition[],
  of: (each: ContainerDefinition) => number | undefined,
): number {
  return containers.reduce((total, each) => total + (of(each) ?? 0), 0);
}

/** SDK documentation of Volume and MountPoint. */
function checkVolumes({ volumes = [] }: Stated, containers: readonly ContainerDefinition[]): void {
  const known = new Set(volumes.map(({ name }) => name));
  for (const { mountPoints = [] } of containers) {
    for (const { sourceVolume } of mountPoints) {
      if (!known.has(sourceVolume)) throw clientException(`Unknown volume '${sourceVolume}'.`); // AWS's
    }
  }
  for (const volume of volumes) {
    // An empty `host` says no more than none does: a directory of the task (SDK documentation of HostVolumeProperties).
    const stated = { ...volume, host: volume.host?.sourcePath };
    const kinds = Object.entries(stated).filter(
      ([name, value]) => value && (name.endsWith('Configuration') || name === 'host' || name === 'configuredAtLaunch'),
    );
    if (kinds.length > 1) throw clientException(`Volume '${volume.name}' has more than one configuration.`);
    const efs = volume.efsVolumeConfiguration;
    const needsTransit = efs?.authorizationConfig?.iam === 'ENABLED' || efs?.authorizationConfig?.accessPointId;
    if (needsTransit && efs?.transitEncryption !== 'ENABLED') {
      throw clientException(`Volume '${volume.name}' needs transit encryption for its authorization.`);
    }
  }
  if (volumes.filter(({ configuredAtLaunch }) => configuredAtLaunch === true).length > 1) {
    throw clientException('Only one volume can be configured at launch.');
  }
}

/** SDK documentation of PortMapping, networkMode and links. */
function checkPorts({ networkMode }: Stated, containers: readonly ContainerDefinition[]): void {
  const taken = new Set<string>();
  const names = new Set<string>();
  for (const { name: container, portMappings = [], links = [] } of containers) {
    if (networkMode === 'none' && portMappings.length > 0) throw clientException('Network mode none has no ports.');
    if (links.length > 0 && networkMode !== undefined && networkMode !== 'bridge') {
      throw clientException(`Links are not supported when networkMode=${networkMode}.`);
    }
    for (const { hostPort, containerPort, protocol = 'tcp', name } of portMappings) {
      if (networkMode === 'awsvpc' && hostPort && hostPort !== containerPort) {
        // AWS's
        throw clientException(
          'When networkMode=awsvpc, the host ports and container ports in port mappings must match.',
        );
      }
      if (name !== undefined && names.has(name)) throw clientException(`The port name ${name} is not unique.`);
      if (name !== undefined) names.add(name);
      const host = networkMode === 'awsvpc' || networkMode === 'host' ? hostPort || containerPort : hostPort;
      if (host && taken.has(`${host}/${protocol}`)) {
        throw clientException(`Container '${container}' maps host port ${host}/${protocol}, which is taken.`);
      }
      if (host) taken.add(`${host}/${protocol}`);
    }
  }
}
