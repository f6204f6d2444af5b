import { z } from 'zod';
import { COMMON_SPEC } from '../../api/common-spec.ts';
import { APPLIED_TAG_KEYS, COMMON_STATUS, lastApplied } from '../../api/common-status.ts';
import { COST_BOUNDS } from '../../api/cost-bounds.ts';
import { flag, group, integer, keyedList, list, oneOf, text, timestamp } from '../../api/field.ts';
import { ecsName } from '../../api/names.ts';
import { Tags } from '../../api/tags.ts';
import { ContainerDefinition } from './schema/container.ts';
import { NameValue } from './schema/container-data.ts';
import { Volumes } from './schema/volumes.ts';

const PlacementConstraint = group('One constraint.', {
  type: oneOf('Kind of constraint.', ['memberOf']).optional(),
  expression: text('Expression of the cluster query language.', { max: 2000 }).optional(),
});

const ProxyConfiguration = group('The proxy of App Mesh.', {
  type: oneOf('Kind of proxy.', ['APPMESH']).optional(),
  containerName: text('Container that is the proxy.', { max: 255 }),
  properties: list('Settings of the network plugin.', NameValue, { max: COST_BOUNDS.proxyProperties }).optional(),
});

const RuntimePlatform = group('What the task runs on.', {
  cpuArchitecture: oneOf('Architecture.', ['ARM64', 'X86_64']).optional(),
  operatingSystemFamily: oneOf('Operating system.', [
    'LINUX',
    'WINDOWS_SERVER_2004_CORE',
    'WINDOWS_SERVER_2016_FULL',
    'WINDOWS_SERVER_2019_CORE',
    'WINDOWS_SERVER_2019_FULL',
    'WINDOWS_SERVER_2022_CORE',
    'WINDOWS_SERVER_2022_FULL',
    'WINDOWS_SERVER_2025_CORE',
    'WINDOWS_SERVER_2025_FULL',
    'WINDOWS_SERVER_20H2_CORE',
  ]).optional(),
});

const InferenceAccelerator = group('One accelerator.', {
  deviceName: text('Name that containers refer to.'),
  deviceType: text('Type of the accelerator.'),
});

const Compatibility = oneOf('One kind of capacity.', ['EC2', 'EXTERNAL', 'FARGATE', 'MANAGED_INSTANCES']);

/** RegisterTaskDefinition. Its content is compared as a whole: what is left out is not there. */
export const EcsTaskDefinitionSpec = group('The task definition as it is wished. A change registers a revision.', {
  ...COMMON_SPEC,
  revisionHistoryLimit: integer('Revisions of ours to keep beside those in use. 10 where absent.', {
    min: 0,
    max: 1000,
  }).optional(),
  revisionCleanup: oneOf('What becomes of older ones: Deregister (default) or Delete.', [
    'Deregister',
    'Delete',
  ]).optional(),
  family: ecsName("Family in ECS. Defaults to the object's name. Cannot be changed.").optional(),
  taskRoleArn: text("Name or ARN of the role of the task's containers.").optional(),
  executionRoleArn: text(
    'Name or ARN of the role by which ECS pulls images, reads secrets and writes logs.',
  ).optional(),
  networkMode: oneOf('Network of the containers. bridge where absent; Fargate needs awsvpc.', [
    'awsvpc',
    'bridge',
    'host',
    'none',
  ]).optional(),
  containerDefinitions: keyedList('Containers of the task, by name.', 'name', ContainerDefinition, {
    min: 1,
    max: 10,
  }),
  volumes: Volumes.optional(),
  placementConstraints: list('Where tasks may be placed. Not on Fargate.', PlacementConstraint, {
    max: 10,
  }).optional(),
  requiresCompatibilities: list('Kinds of capacity that the definition must fit.', Compatibility, {
    max: COST_BOUNDS.requiresCompatibilities,
  }).optional(),
  cpu: text('CPU of the task: units such as "1024", or "1 vCPU". Needed for Fargate.', { max: 32 }).optional(),
  memory: text('Memory of the task: MiB such as "2048", or "2 GB". Needed for Fargate.', { max: 32 }).optional(),
  pidMode: oneOf('Whose processes the containers see.', ['host', 'task']).optional(),
  ipcMode: oneOf('With whom the containers share IPC.', ['host', 'none', 'task']).optional(),
  proxyConfiguration: ProxyConfiguration.optional(),
  inferenceAccelerators: list(
    'Elastic Inference accelerators. AWS has ended the service.',
    InferenceAccelerator,
  ).optional(),
  ephemeralStorage: group('Ephemeral storage of a Fargate task.', {
    sizeInGiB: integer('Size in GiB, 21 to 200.', { min: 21, max: 200 }),
  }).optional(),
  runtimePlatform: RuntimePlatform.optional(),
  enableFaultInjection: flag('Whether the containers may ask for faults to be injected.').optional(),
  tags: Tags.optional(),
});

export type EcsTaskDefinitionSpec = z.infer<typeof EcsTaskDefinitionSpec>;

const Revision = group('One revision of the family that this object uses or has used.', {
  arn: text('ARN of the revision.'),
  revision: integer('Number of the revision.'),
  contentHash: text('Hash of its content.').optional(),
  registeredAt: timestamp('When it was registered.').optional(),
  tagKeys: list('Keys of the tags of the spec that were put on it.', z.string()).optional(),
  adopted: flag('True where it was found and not made: it is never deregistered by the operator.').optional(),
});

export const EcsTaskDefinitionStatus = group('The task definition as ECS has it.', {
  ...COMMON_STATUS,
  arn: text('ARN of the revision that holds the wished content.').optional(),
  family: text('Family in ECS.').optional(),
  revision: text('Family and revision, such as web:4.').optional(),
  contentHash: text('Hash of the content of that revision.').optional(),
  revisions: list('Revisions that are kept, newest first.', Revision).optional(),
  registering: group('A registration that is under way. Written before AWS is.', {
    hash: text('Hash of the content.'),
    at: timestamp('Since when.'),
  }).optional(),
  lastApplied: lastApplied({ tagKeys: APPLIED_TAG_KEYS.optional() }),
});

export type EcsTaskDefinitionStatus = z.infer<typeof EcsTaskDefinitionStatus>;
