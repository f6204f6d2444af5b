import { COST_BOUNDS } from '../../../api/cost-bounds.ts';
import { flag, group, integer, list, oneOf, text } from '../../../api/field.ts';
import { Tag } from '../../../api/tags.ts';

const EBSTagSpecification = group('Tags of the volume.', {
  resourceType: oneOf('What is tagged.', ['volume']),
  tags: list('Tags.', Tag, { max: 50 }).optional(),
  propagateTags: oneOf('Whose tags are copied to it.', ['NONE', 'SERVICE', 'TASK_DEFINITION']).optional(),
});

const ManagedEBSVolume = group('A volume of Amazon EBS that ECS makes for each task.', {
  encrypted: flag('Whether it is encrypted. True where absent.').optional(),
  kmsKeyId: text('KMS key.').optional(),
  volumeType: text('gp2, gp3, io1, io2, sc1, st1 or standard.', { max: 64 }).optional(),
  sizeInGiB: integer('Size in GiB; that of the snapshot where absent.', { min: 1 }).optional(),
  snapshotId: text('Snapshot that it is made from.').optional(),
  volumeInitializationRate: integer('MiB a second at which the snapshot is read.', { min: 0 }).optional(),
  iops: integer('Operations a second. Needed for io1 and io2.', { min: 0 }).optional(),
  throughput: integer('MiB a second. For gp3 only.', { min: 0 }).optional(),
  tagSpecifications: list('Tags of the volume.', EBSTagSpecification, {
    max: COST_BOUNDS.tagSpecifications,
  }).optional(),
  roleArn: text('Role by which ECS manages the volume.'),
  filesystemType: oneOf('File system. xfs where absent.', ['ext3', 'ext4', 'ntfs', 'xfs']).optional(),
});

export const VolumeConfigurations = list(
  'What the volumes are that the task definition leaves to the service.',
  group('One volume.', {
    name: text('Name of the volume in the task definition.', { max: 255 }),
    managedEBSVolume: ManagedEBSVolume.optional(),
  }),
  { max: COST_BOUNDS.volumeConfigurations },
);
