import type { Rule } from '../../../api/rule.ts';
import { one, rule, type Volume } from './rule.ts';

const EFS = { fileSystemId: 'fs-1' };

export const VOLUME_RULES: readonly Rule[] = [
  rule({
    id: 'mounted-volume-exists',
    source: 'SDK: MountPoint.sourceVolume',
    at: '',
    cel: 'self.containerDefinitions.all(c, !has(c.mountPoints) || sets.contains(has(self.volumes) ? self.volumes.map(v, v.name) : [], c.mountPoints.filter(m, has(m.sourceVolume)).map(m, m.sourceVolume)))',
    holds: ({ containerDefinitions, volumes = [] }) =>
      containerDefinitions
        .flatMap(({ mountPoints = [] }) => mountPoints)
        .every(({ sourceVolume }) => sourceVolume === undefined || volumes.some(({ name }) => name === sourceVolume)),
    message: 'a container mounts a volume that spec.volumes does not have: add it, or correct sourceVolume',
    examples: {
      base: one({ mountPoints: [{ sourceVolume: 'data', containerPath: '/data' }] }),
      refused: { volumes: [{ name: 'cache' }] },
      accepted: { volumes: [{ name: 'data' }] },
    },
  }),
  rule({
    id: 'shared-mounts-are-of-a-container',
    source: 'SDK: VolumeFrom.sourceContainer',
    at: 'containerDefinitions',
    cel: 'self.all(c, (!has(c.volumesFrom) || c.volumesFrom.all(v, !has(v.sourceContainer) || self.exists(o, o.name == v.sourceContainer))))',
    holds: (all) =>
      all
        .flatMap(({ volumesFrom = [] }) => volumesFrom)
        .every(
          ({ sourceContainer }) => sourceContainer === undefined || all.some(({ name }) => name === sourceContainer),
        ),
    message: 'volumesFrom names a container that this definition does not have: correct sourceContainer',
    examples: {
      refused: {
        containerDefinitions: [
          { name: 'app', image: 'busybox', memory: 128, volumesFrom: [{ sourceContainer: 'db' }] },
          { name: 'data', image: 'busybox', memory: 128 },
        ],
      },
      accepted: {
        containerDefinitions: [
          { name: 'app', image: 'busybox', memory: 128, volumesFrom: [{ sourceContainer: 'data' }] },
          { name: 'data', image: 'busybox', memory: 128 },
        ],
      },
    },
  }),
  rule({
    id: 'volume-is-of-one-kind',
    source: 'SDK: Volume',
    at: 'volumes[]',
    cel: `[${[
      'has(self.host) && has(self.host.sourcePath)',
      'has(self.dockerVolumeConfiguration)',
      'has(self.efsVolumeConfiguration)',
      'has(self.s3filesVolumeConfiguration)',
      'has(self.fsxWindowsFileServerVolumeConfiguration)',
      'self.?configuredAtLaunch.orValue(false)',
    ].join(', ')}].filter(stated, stated).size() <= 1`,
    holds: (volume) => kindsOf(volume).length <= 1,
    message: 'a volume has one configuration: split it into two volumes',
    examples: {
      refused: { volumes: [{ name: 'data', host: { sourcePath: '/data' }, efsVolumeConfiguration: EFS }] },
      accepted: { volumes: [{ name: 'data', efsVolumeConfiguration: EFS }] },
    },
  }),
  rule({
    id: 'one-volume-is-left-to-launch',
    source: 'SDK: Volume.configuredAtLaunch',
    at: 'volumes',
    cel: 'self.filter(v, v.?configuredAtLaunch.orValue(false)).size() <= 1',
    holds: (volumes) => volumes.filter(({ configuredAtLaunch }) => configuredAtLaunch).length <= 1,
    message: 'only one volume can be configured at launch: take configuredAtLaunch off the others',
    examples: {
      refused: {
        volumes: [
          { name: 'data', configuredAtLaunch: true },
          { name: 'cache', configuredAtLaunch: true },
        ],
      },
      accepted: { volumes: [{ name: 'data', configuredAtLaunch: true }, { name: 'cache' }] },
    },
  }),
  rule({
    id: 'efs-authorization-is-encrypted',
    source: 'SDK: EFSAuthorizationConfig',
    at: 'volumes[].efsVolumeConfiguration',
    cel: "self.?transitEncryption.orValue('DISABLED') == 'ENABLED' || !has(self.authorizationConfig) || (self.authorizationConfig.?iam.orValue('DISABLED') == 'DISABLED' && self.authorizationConfig.?accessPointId.orValue('') == '')",
    holds: ({ transitEncryption, authorizationConfig: { iam, accessPointId = '' } = {} }) =>
      transitEncryption === 'ENABLED' || (iam !== 'ENABLED' && accessPointId === ''),
    message: 'an access point or iam needs encryption on the way: set transitEncryption to ENABLED',
    examples: {
      refused: efs({ authorizationConfig: { iam: 'ENABLED' } }),
      accepted: efs({ authorizationConfig: { iam: 'ENABLED' }, transitEncryption: 'ENABLED' }),
    },
  }),
  rule({
    id: 'efs-access-point-is-the-root',
    source: 'SDK: EFSAuthorizationConfig.accessPointId',
    at: 'volumes[].efsVolumeConfiguration',
    cel: "self.?authorizationConfig.accessPointId.orValue('') == '' || self.?rootDirectory.orValue('/') in ['', '/']",
    holds: ({ authorizationConfig, rootDirectory = '/' }) =>
      (authorizationConfig?.accessPointId ?? '') === '' || rootDirectory === '' || rootDirectory === '/',
    message: 'an access point says which directory is mounted: leave rootDirectory out',
    examples: {
      refused: efs({
        authorizationConfig: { accessPointId: 'fsap-1' },
        transitEncryption: 'ENABLED',
        rootDirectory: '/data',
      }),
      accepted: efs({ authorizationConfig: { accessPointId: 'fsap-1' }, transitEncryption: 'ENABLED' }),
    },
  }),
  rule({
    id: 's3files-access-point-is-the-root',
    source: 'SDK: S3FilesVolumeConfiguration.accessPointArn',
    at: 'volumes[].s3filesVolumeConfiguration',
    cel: "self.?accessPointArn.orValue('') == '' || self.?rootDirectory.orValue('/') in ['', '/']",
    holds: ({ accessPointArn = '', rootDirectory = '/' }) =>
      accessPointArn === '' || rootDirectory === '' || rootDirectory === '/',
    message: 'an access point says which directory is mounted: leave rootDirectory out',
    examples: {
      refused: s3files({ accessPointArn: 'arn:aws:s3files:::access-point/1', rootDirectory: '/data' }),
      accepted: s3files({ accessPointArn: 'arn:aws:s3files:::access-point/1', rootDirectory: '/' }),
    },
  }),
];

function kindsOf(volume: Volume): readonly unknown[] {
  return [
    volume.host?.sourcePath,
    volume.dockerVolumeConfiguration,
    volume.efsVolumeConfiguration,
    volume.s3filesVolumeConfiguration,
    volume.fsxWindowsFileServerVolumeConfiguration,
    volume.configuredAtLaunch || undefined,
  ].filter((kind) => kind !== undefined);
}

type EfsPart = Partial<NonNullable<Volume['efsVolumeConfiguration']>>;

function efs(part: EfsPart): { volumes: Volume[] } {
  return { volumes: [{ name: 'data', efsVolumeConfiguration: { ...EFS, ...part } }] };
}

type S3FilesPart = Partial<NonNullable<Volume['s3filesVolumeConfiguration']>>;

function s3files(part: S3FilesPart): { volumes: Volume[] } {
  const fileSystemArn = 'arn:aws:s3files:::file-system/fs-1';
  return { volumes: [{ name: 'data', s3filesVolumeConfiguration: { fileSystemArn, ...part } }] };
}
