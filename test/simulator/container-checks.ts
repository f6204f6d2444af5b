import type { ContainerDefinition, HealthCheck, RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import { clientException } from './refusals.ts';

// SDK documentation of ContainerDefinition.image and environmentFiles.
const MAX_IMAGE = 255;
const MAX_ENVIRONMENT_FILES = 10;
/** The smallest memory that Docker takes (SDK documentation of ContainerDefinition.memory), in MiB. */
const MIN_MEMORY = 6;

/** What a container says of itself, by the documentation of `ContainerDefinition` in the SDK. Wordings are unknown unless said. */
export function checkContainer(
  container: ContainerDefinition,
  { networkMode }: Pick<RegisterTaskDefinitionRequest, 'networkMode'>,
): void {
  const { name, image = '', memory, memoryReservation } = container;
  if (image === '') throw clientException('Container.image should not be null or empty.'); // AWS's wording
  if (image.length > MAX_IMAGE || /\s/.test(image)) throw clientException(`Container '${name}' has an invalid image.`);
  if (memory !== undefined && memory < MIN_MEMORY) {
    throw clientException(`Container '${name}' needs at least ${MIN_MEMORY} MiB of memory.`);
  }
  // SDK documentation of memoryReservation.
  if (memory !== undefined && memoryReservation !== undefined && memoryReservation >= memory) {
    throw clientException(`Container '${name}' must have more memory than memoryReservation.`);
  }
  if (container.healthCheck !== undefined) checkHealthCheck(name, container.healthCheck);
  checkEnvironment(container);
  checkAwsvpc(container, networkMode);
  for (const { softLimit = 0, hardLimit = 0 } of container.ulimits ?? []) {
    if (softLimit > hardLimit) throw clientException(`Container '${name}' has a soft limit above its hard limit.`);
  }
  const { swappiness } = container.linuxParameters ?? {};
  if (swappiness !== undefined && (swappiness < 0 || swappiness > 100)) {
    throw clientException(`Container '${name}' has a swappiness out of 0 to 100.`);
  }
  checkRestartPolicy(container);
}

/** SDK documentation of HealthCheck. */
function checkHealthCheck(name: string | undefined, check: HealthCheck): void {
  const { command = [], interval, timeout, retries, startPeriod } = check;
  if (command.length === 0) throw clientException(`Container '${name}' has a health check without a command.`);
  if (!isWithin(interval, 5, 300)) throw clientException(`Container '${name}': interval must be 5 to 300 seconds.`);
  // SDK: `HealthCheck.timeout` says 2 to 60. Up to 120 is let through: it is not known that ECS refuses it.
  if (!isWithin(timeout, 2, 120)) throw clientException(`Container '${name}': timeout must be 2 to 120 seconds.`);
  if (!isWithin(retries, 1, 10)) throw clientException(`Container '${name}': retries must be 1 to 10.`);
  if (!isWithin(startPeriod, 0, 300))
    throw clientException(`Container '${name}': startPeriod must be 0 to 300 seconds.`);
}

function isWithin(value: number | undefined, least: number, most: number): boolean {
  return value === undefined || (value >= least && value <= most);
}

/** SDK documentation of environment, secrets and environmentFiles. */
function checkEnvironment({ name, environment = [], secrets = [], environmentFiles = [] }: ContainerDefinition): void {
  const stated = new Set(environment.map((each) => each.name));
  for (const secret of secrets) {
    if (stated.has(secret.name)) {
      // AWS's
      throw clientException(
        `The secret name must be unique and not shared with any new or existing environment variables set on the container, such as '${secret.name}'.`,
      );
    }
  }
  if (environmentFiles.length > MAX_ENVIRONMENT_FILES) {
    throw clientException(`Container '${name}' has more than ${MAX_ENVIRONMENT_FILES} environment files.`);
  }
}

/** SDK documentation of hostname and extraHosts; those of DNS speak of Windows only. */
function checkAwsvpc(container: ContainerDefinition, networkMode: string | undefined): void {
  if (networkMode !== 'awsvpc') return;
  const { hostname, extraHosts = [], name } = container;
  if (hostname || extraHosts.length > 0) {
    throw clientException(
      `Container '${name}' states hostname or extraHosts, which networkMode=awsvpc does not support.`,
    );
  }
}

/** SDK documentation of ContainerRestartPolicy. */
function checkRestartPolicy({ name, restartPolicy }: ContainerDefinition): void {
  const { restartAttemptPeriod: period, ignoredExitCodes = [] } = restartPolicy ?? {};
  if (period !== undefined && (period < 60 || period > 1_800)) {
    throw clientException(`Container '${name}': restartAttemptPeriod must be 60 to 1800 seconds.`);
  }
  if (ignoredExitCodes.length > 50) throw clientException(`Container '${name}' ignores more than 50 exit codes.`);
}
