import type {
  DockerVolumeConfiguration,
  EFSAuthorizationConfig,
  EFSVolumeConfiguration,
  FSxWindowsFileServerAuthorizationConfig,
  FSxWindowsFileServerVolumeConfiguration,
  HostVolumeProperties,
  S3FilesVolumeConfiguration,
  Volume,
} from '@aws-sdk/client-ecs';
import { asRecord, type Form, leaf, members, presence, textMap } from '../../../api/canonical-form.ts';

const DOCKER_VOLUME = presence<DockerVolumeConfiguration>({
  scope: leaf('task'),
  autoprovision: leaf(false),
  driver: leaf('local'),
  driverOpts: textMap(),
  labels: textMap(),
});

/** T36. A volume of the scope `task` is always made: ECS ignores `autoprovision` there. */
const dockerVolume: Form = (value, mode) => {
  const { autoprovision: _, ...given } = asRecord(value);
  return DOCKER_VOLUME(given['scope'] === 'shared' ? value : given, mode);
};

export const VOLUME = members<Volume>({
  name: leaf(),
  host: members<HostVolumeProperties>({ sourcePath: leaf() }), // T32
  dockerVolumeConfiguration: dockerVolume,
  efsVolumeConfiguration: members<EFSVolumeConfiguration>({
    fileSystemId: leaf(),
    rootDirectory: leaf('/'), // T33
    transitEncryption: leaf('DISABLED'), // T34
    transitEncryptionPort: leaf(0),
    authorizationConfig: members<EFSAuthorizationConfig>({ accessPointId: leaf(), iam: leaf('DISABLED') }),
  }),
  s3filesVolumeConfiguration: members<S3FilesVolumeConfiguration>({
    fileSystemArn: leaf(),
    rootDirectory: leaf('/'), // T35
    transitEncryptionPort: leaf(0),
    accessPointArn: leaf(),
  }),
  fsxWindowsFileServerVolumeConfiguration: members<FSxWindowsFileServerVolumeConfiguration>({
    fileSystemId: leaf(),
    rootDirectory: leaf(),
    authorizationConfig: members<FSxWindowsFileServerAuthorizationConfig>({
      credentialsParameter: leaf(),
      domain: leaf(),
    }),
  }),
  configuredAtLaunch: leaf(false), // T37
});
