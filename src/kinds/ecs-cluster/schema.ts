import type { z } from 'zod';
import { capacityProviderStrategy } from '../../api/capacity-provider-strategy.ts';
import { COMMON_SPEC } from '../../api/common-spec.ts';
import { APPLIED_FIELDS, APPLIED_TAG_KEYS, COMMON_STATUS, lastApplied } from '../../api/common-status.ts';
import { COST_BOUNDS } from '../../api/cost-bounds.ts';
import { flag, group, integer, keyedList, list, oneOf, text, timestamp } from '../../api/field.ts';
import { ecsName } from '../../api/names.ts';
import { Tags } from '../../api/tags.ts';

const ExecuteCommandLogConfiguration = group('Where the sessions are logged. Needed with OVERRIDE.', {
  cloudWatchLogGroupName: text('CloudWatch log group, which must exist.').optional(),
  cloudWatchEncryptionEnabled: flag('Whether the CloudWatch logs are encrypted.').optional(),
  s3BucketName: text('S3 bucket, which must exist.').optional(),
  s3EncryptionEnabled: flag('Whether the logs in S3 are encrypted.').optional(),
  s3KeyPrefix: text('Folder in the bucket.').optional(),
});

const ExecuteCommandConfiguration = group('How commands run inside containers are encrypted and logged.', {
  kmsKeyId: text('KMS key that encrypts the session.').optional(),
  logging: oneOf("NONE logs nothing, DEFAULT uses the task's awslogs, OVERRIDE uses logConfiguration.", [
    'DEFAULT',
    'NONE',
    'OVERRIDE',
  ]).optional(),
  logConfiguration: ExecuteCommandLogConfiguration.optional(),
});

const ManagedStorageConfiguration = group('Keys for the storage that ECS manages.', {
  kmsKeyId: text('KMS key of one region for data volumes (Amazon EBS).').optional(),
  fargateEphemeralStorageKmsKeyId: text('KMS key of one region for ephemeral storage on Fargate.').optional(),
});

const ClusterConfiguration = group('Settings of command execution and managed storage.', {
  executeCommandConfiguration: ExecuteCommandConfiguration.optional(),
  managedStorageConfiguration: ManagedStorageConfiguration.optional(),
});

const ClusterSetting = group('One setting.', {
  name: oneOf('Name of the setting.', ['containerInsights']),
  value: text('For containerInsights: disabled, enabled or enhanced.').optional(),
});

/** CreateCluster, UpdateCluster and PutClusterCapacityProviders in one: what is left out is not ours. */
export const EcsClusterSpec = group('The cluster as it is wished. What is left out is left alone.', {
  ...COMMON_SPEC,
  clusterName: ecsName("Name in ECS. Defaults to the object's name. Cannot be changed.").optional(),
  settings: keyedList('Settings of the cluster, by name.', 'name', ClusterSetting, {
    max: COST_BOUNDS.clusterSettings,
  }).optional(),
  configuration: ClusterConfiguration.optional(),
  serviceConnectDefaults: group('The namespace that Service Connect uses unless a service says otherwise.', {
    namespace: text('Name or ARN of a Cloud Map namespace; one is made for a new name. Empty takes the default away.'),
  }).optional(),
  capacityProviders: list(
    'Capacity providers of the cluster, by name.',
    text('Name of a capacity provider.', { min: 1, max: 255 }),
    { max: 20 },
  ).optional(),
  defaultCapacityProviderStrategy: capacityProviderStrategy(
    'How tasks are spread where neither launch type nor strategy is given.',
  ).optional(),
  tags: Tags.optional(),
});

export type EcsClusterSpec = z.infer<typeof EcsClusterSpec>;

const Attachment = group('Something that ECS attached to the cluster for a capacity provider.', {
  id: text('Id of the attachment.').optional(),
  type: text('What it is.').optional(),
  status: text('How far it is.').optional(),
});

export const EcsClusterStatus = group('The cluster as ECS reports it.', {
  ...COMMON_STATUS,
  arn: text('ARN of the cluster.').optional(),
  state: text("ECS's status of the cluster: ACTIVE, PROVISIONING, DEPROVISIONING, FAILED or INACTIVE.").optional(),
  activeServicesCount: integer('Services that are ACTIVE.').optional(),
  runningTasksCount: integer('Tasks that run.').optional(),
  pendingTasksCount: integer('Tasks that are about to run.').optional(),
  registeredContainerInstancesCount: integer('Container instances that are registered.').optional(),
  attachments: list('What ECS attached for the capacity providers.', Attachment).optional(),
  attachmentsStatus: text('How far the attachments are as a whole.').optional(),
  creating: group('A creation that is under way. Written before AWS is, and dropped once the cluster is seen.', {
    at: timestamp('When ECS was asked.'),
  }).optional(),
  lastApplied: lastApplied({ fields: APPLIED_FIELDS.optional(), tagKeys: APPLIED_TAG_KEYS.optional() }),
});

export type EcsClusterStatus = z.infer<typeof EcsClusterStatus>;
