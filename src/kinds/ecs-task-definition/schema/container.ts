import type { z } from 'zod';
import { flag, group, integer, list, oneOf, text, textMap } from '../../../api/field.ts';
import { LogConfiguration } from '../../../api/log-configuration.ts';
import { ecsName } from '../../../api/names.ts';
import { Environment, EnvironmentFiles, MountPoints, Secrets, VolumesFrom } from './container-data.ts';
import { DependsOn, HealthCheck, RestartPolicy } from './lifecycle.ts';
import { LinuxParameters } from './linux-parameters.ts';
import { PortMappings } from './ports.ts';
import { ResourceRequirements, SystemControls, Ulimits } from './resources.ts';

/** 255 for repository and tag; a digest of 72 characters with its @ comes on top. */
const MAX_IMAGE = 255 + 72;

/** Spelt out, as JavaScript and the API server differ in what \s is. */
const NO_SPACE = /^[^ \t\n\f\r]+$/;

const WORDS = text('One word.');

const HostEntry = group('One line of /etc/hosts.', {
  hostname: text('Host name.'),
  ipAddress: text('Its address.'),
});

const FirelensConfiguration = group('Makes this container the log router of the task.', {
  type: oneOf('Which log router.', ['fluentbit', 'fluentd']),
  options: textMap('Options: enable-ecs-log-metadata, config-file-type and config-file-value.').optional(),
});

export const ContainerDefinition = group('One container.', {
  name: ecsName('Name of the container.'),
  image: text('Image, with tag or digest.', { min: 1, max: MAX_IMAGE, pattern: NO_SPACE }),
  repositoryCredentials: group('Credentials of a private registry other than ECR.', {
    credentialsParameter: text('ARN or name of the secret.'),
  }).optional(),
  cpu: integer('CPU units that are reserved; 1024 are one vCPU.', { min: 0 }).optional(),
  memory: integer('Memory in MiB beyond which the container is killed.', { min: 0 }).optional(),
  memoryReservation: integer('Memory in MiB that is reserved.', { min: 0 }).optional(),
  links: list('Containers that can be reached by name, as name:alias. With bridge only.', WORDS).optional(),
  portMappings: PortMappings.optional(),
  essential: flag('Whether the task ends with this container. True where absent.').optional(),
  restartPolicy: RestartPolicy.optional(),
  entryPoint: list('Entry point.', WORDS).optional(),
  command: list('Command.', WORDS).optional(),
  environment: Environment.optional(),
  environmentFiles: EnvironmentFiles.optional(),
  mountPoints: MountPoints.optional(),
  volumesFrom: VolumesFrom.optional(),
  linuxParameters: LinuxParameters.optional(),
  secrets: Secrets.optional(),
  dependsOn: DependsOn.optional(),
  startTimeout: integer('Seconds that others wait for this container. Fargate: 2 to 120.', { min: 0 }).optional(),
  stopTimeout: integer('Seconds from the stop signal to the kill. Fargate: 2 to 120.', { min: 0 }).optional(),
  versionConsistency: oneOf('Whether all tasks of a deployment run the digest that the tag had at first.', [
    'disabled',
    'enabled',
  ]).optional(),
  hostname: text('Host name. Not with awsvpc.').optional(),
  user: text('User, as user, uid, user:group or uid:gid. Not on Windows.').optional(),
  workingDirectory: text('Directory in which the command starts.').optional(),
  disableNetworking: flag('Whether the container has no network. Not on Windows.').optional(),
  privileged: flag('Whether the container has the rights of root on the host. Not on Fargate or Windows.').optional(),
  readonlyRootFilesystem: flag('Whether its root file system cannot be written to. Not on Windows.').optional(),
  dnsServers: list('DNS servers.', WORDS).optional(),
  dnsSearchDomains: list('DNS search domains.', WORDS).optional(),
  extraHosts: list('Lines for /etc/hosts. Not with awsvpc or on Windows.', HostEntry).optional(),
  dockerSecurityOptions: list('Options of SELinux, AppArmor or credential specs. Not on Fargate.', WORDS).optional(),
  interactive: flag('Whether stdin stays open.').optional(),
  pseudoTerminal: flag('Whether a terminal is allocated.').optional(),
  dockerLabels: textMap('Labels of the container.').optional(),
  ulimits: Ulimits.optional(),
  logConfiguration: LogConfiguration.optional(),
  healthCheck: HealthCheck.optional(),
  systemControls: SystemControls.optional(),
  resourceRequirements: ResourceRequirements.optional(),
  firelensConfiguration: FirelensConfiguration.optional(),
  credentialSpecs: list(
    'Credential spec for Active Directory, as credentialspec:ARN or credentialspecdomainless:ARN.',
    text('One credential spec.', { max: 2048 }),
    { max: 1 },
  ).optional(),
});

export type ContainerDefinition = z.infer<typeof ContainerDefinition>;
