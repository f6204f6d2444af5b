import type {
  EBSTagSpecification,
  ServiceManagedEBSVolumeConfiguration,
  ServiceVolumeConfiguration,
  Tag,
} from '@aws-sdk/client-ecs';
import { keyed, leaf, members, set } from '../../../api/canonical-form.ts';

const tagSpecification = members<EBSTagSpecification>({
  resourceType: leaf(),
  tags: keyed('key', members<Tag>({ key: leaf(), value: leaf() })),
  propagateTags: leaf('NONE'),
});

const managedEBSVolume = members<ServiceManagedEBSVolumeConfiguration>({
  encrypted: leaf(true),
  kmsKeyId: leaf(),
  volumeType: leaf('gp3'),
  sizeInGiB: leaf(),
  snapshotId: leaf(),
  volumeInitializationRate: leaf(0),
  iops: leaf(),
  throughput: leaf(),
  tagSpecifications: set(tagSpecification),
  roleArn: leaf(),
  filesystemType: leaf('xfs'),
});

/** S26. */
export const volumeConfigurations = keyed(
  'name',
  members<ServiceVolumeConfiguration>({ name: leaf(), managedEBSVolume }),
);
