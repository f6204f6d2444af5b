import { COST_BOUNDS } from '../../../api/cost-bounds.ts';
import { flag, group, integer, keyedList, oneOf, text, textMap } from '../../../api/field.ts';
import { ecsName } from '../../../api/names.ts';

const DockerVolumeConfiguration = group('A Docker volume. Not on Fargate.', {
  scope: oneOf('task: lives with the task. shared: outlives it.', ['shared', 'task']).optional(),
  autoprovision: flag('Whether a shared volume is made where it is missing.').optional(),
  driver: text('Volume driver.').optional(),
  driverOpts: textMap('Options of the driver.').optional(),
  labels: textMap('Labels of the volume.').optional(),
});

const ENABLED_OR_NOT = ['DISABLED', 'ENABLED'] as const;

const TRANSIT_PORT = integer('Port for encrypted traffic. Chosen by the mount helper where absent.', {
  min: 0,
  max: 65_535,
});

const EFSVolumeConfiguration = group('A file system of Amazon EFS.', {
  fileSystemId: text('Id of the file system.'),
  rootDirectory: text('Directory that is mounted. / where absent, and with an access point.', {
    max: 4096,
  }).optional(),
  transitEncryption: oneOf('Whether traffic is encrypted. Needed with IAM and with an access point.', [
    ...ENABLED_OR_NOT,
  ]).optional(),
  transitEncryptionPort: TRANSIT_PORT.optional(),
  authorizationConfig: group('Who the task is to EFS.', {
    accessPointId: text('Id of the access point.').optional(),
    iam: oneOf("Whether the task's role counts.", [...ENABLED_OR_NOT]).optional(),
  }).optional(),
});

const S3FilesVolumeConfiguration = group('A file system of Amazon S3 Files.', {
  fileSystemArn: text('ARN of the file system.'),
  rootDirectory: text('Directory that is mounted. / where absent, and with an access point.', {
    max: 4096,
  }).optional(),
  transitEncryptionPort: TRANSIT_PORT.optional(),
  accessPointArn: text('ARN of the access point.').optional(),
});

const FSxWindowsFileServerVolumeConfiguration = group('A file system of Amazon FSx for Windows File Server.', {
  fileSystemId: text('Id of the file system.'),
  rootDirectory: text('Directory that is mounted.'),
  authorizationConfig: group('Who the task is to the file system.', {
    credentialsParameter: text('ARN of the secret or parameter with the credentials.'),
    domain: text('Domain of the Active Directory.'),
  }),
});

const Volume = group('One volume; at most one of its configurations.', {
  name: ecsName('Name by which containers mount it.'),
  host: group('A directory of the host, or of the task where empty.', {
    sourcePath: text('Path on the host. Not on Fargate.').optional(),
  }).optional(),
  dockerVolumeConfiguration: DockerVolumeConfiguration.optional(),
  efsVolumeConfiguration: EFSVolumeConfiguration.optional(),
  s3filesVolumeConfiguration: S3FilesVolumeConfiguration.optional(),
  fsxWindowsFileServerVolumeConfiguration: FSxWindowsFileServerVolumeConfiguration.optional(),
  configuredAtLaunch: flag("Whether the service's volumeConfigurations say what it is (Amazon EBS).").optional(),
});

export const Volumes = keyedList('Volumes of the task, by name.', 'name', Volume, { max: COST_BOUNDS.volumes });
