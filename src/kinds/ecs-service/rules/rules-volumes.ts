import type { Rule } from '../../../api/rule.ts';
import { rule, type Spec } from './rule.ts';

type EbsVolume = NonNullable<NonNullable<Spec['volumeConfigurations']>[number]['managedEBSVolume']>;

const ROLE = { roleArn: 'arn:aws:iam::1:role/ecsInfrastructureRole' };

export const VOLUME_RULES: readonly Rule[] = [
  rule({
    id: 'ebs-has-a-size-or-a-snapshot',
    source: 'SDK: ServiceManagedEBSVolumeConfiguration.sizeInGiB',
    at: 'volumeConfigurations[].managedEBSVolume',
    cel: 'has(self.sizeInGiB) || has(self.snapshotId)',
    holds: ({ sizeInGiB, snapshotId }) => sizeInGiB !== undefined || snapshotId !== undefined,
    message: 'a volume needs a size, or a snapshot: set sizeInGiB or snapshotId',
    examples: { refused: ebs({}), accepted: ebs({ sizeInGiB: 10 }) },
  }),
  rule({
    id: 'ebs-initialization-needs-a-snapshot',
    source: 'SDK: ServiceManagedEBSVolumeConfiguration.volumeInitializationRate',
    at: 'volumeConfigurations[].managedEBSVolume',
    cel: 'self.?volumeInitializationRate.orValue(0) == 0 || has(self.snapshotId)',
    holds: ({ volumeInitializationRate = 0, snapshotId }) => volumeInitializationRate === 0 || snapshotId !== undefined,
    message: 'volumeInitializationRate is for a snapshot: take it out, or set snapshotId',
    examples: {
      refused: ebs({ sizeInGiB: 10, volumeInitializationRate: 100 }),
      accepted: ebs({ snapshotId: 'snap-1', volumeInitializationRate: 100 }),
    },
  }),
  rule({
    id: 'ebs-provisioned-types-need-iops',
    source: 'SDK: ServiceManagedEBSVolumeConfiguration.iops',
    at: 'volumeConfigurations[].managedEBSVolume',
    cel: "!(self.?volumeType.orValue('gp3') in ['io1', 'io2']) || self.?iops.orValue(0) > 0",
    holds: ({ volumeType, iops = 0 }) => (volumeType !== 'io1' && volumeType !== 'io2') || iops > 0,
    message: 'volume types io1 and io2 need iops: set it',
    examples: {
      refused: ebs({ sizeInGiB: 10, volumeType: 'io2' }),
      accepted: ebs({ sizeInGiB: 10, volumeType: 'io2', iops: 100 }),
    },
  }),
  rule({
    id: 'ebs-magnetic-types-have-no-iops',
    source: 'SDK: ServiceManagedEBSVolumeConfiguration.iops',
    at: 'volumeConfigurations[].managedEBSVolume',
    cel: "!(self.?volumeType.orValue('gp3') in ['sc1', 'st1', 'standard']) || self.?iops.orValue(0) == 0",
    holds: ({ volumeType = 'gp3', iops = 0 }) => !['sc1', 'st1', 'standard'].includes(volumeType) || iops === 0,
    message: 'volume types sc1, st1 and standard have no iops: take it out',
    examples: {
      refused: ebs({ sizeInGiB: 125, volumeType: 'st1', iops: 100 }),
      accepted: ebs({ sizeInGiB: 125, volumeType: 'st1' }),
    },
  }),
  rule({
    id: 'ebs-throughput-is-for-gp3',
    source: 'SDK: ServiceManagedEBSVolumeConfiguration.throughput',
    at: 'volumeConfigurations[].managedEBSVolume',
    cel: "self.?volumeType.orValue('gp3') == 'gp3' || self.?throughput.orValue(0) == 0",
    holds: ({ volumeType = 'gp3', throughput = 0 }) => volumeType === 'gp3' || throughput === 0,
    message: 'throughput is for volume type gp3 only: take it out',
    examples: {
      refused: ebs({ sizeInGiB: 10, volumeType: 'gp2', throughput: 200 }),
      accepted: ebs({ sizeInGiB: 10, volumeType: 'gp3', throughput: 200 }),
    },
  }),
];

function ebs(part: Partial<EbsVolume>): Pick<Spec, 'volumeConfigurations'> {
  return { volumeConfigurations: [{ name: 'data', managedEBSVolume: { ...ROLE, ...part } }] };
}
