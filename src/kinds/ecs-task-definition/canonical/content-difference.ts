import { diff } from '../../../core/diff.ts';
import type { Difference } from '../../../core/plan.ts';
import { stableHash } from '../../../lib/stable-json.ts';
import { type CanonicalContent, type Content, canonicalContent } from './canonical.ts';

/** Changes with the canonical form: a hash of another version says nothing about equality. */
const VERSION = 'v1';

/** What the content tag and status hold: an index that helps to find a revision, never the reason to register one. */
export function contentHash(content: Content): string {
  return `${VERSION}-${stableHash(canonicalContent(content))}`;
}

/** True where both hashes are of the present version and differ: then the contents do. Otherwise nobody knows. */
export function isOtherContent(hash: string | undefined, wanted: string): boolean {
  return hash !== undefined && hash !== wanted && hash.startsWith(`${VERSION}-`);
}

/** Lists that are compared item by item. */
const KEYED = {
  containerDefinitions: 'name',
  'containerDefinitions.environment': 'name',
  'containerDefinitions.secrets': 'name',
  'containerDefinitions.mountPoints': 'containerPath',
  'containerDefinitions.volumesFrom': 'sourceContainer',
  'containerDefinitions.dependsOn': 'containerName',
  'containerDefinitions.ulimits': 'name',
  'containerDefinitions.systemControls': 'namespace',
  'containerDefinitions.logConfiguration.secretOptions': 'name',
  volumes: 'name',
  'proxyConfiguration.properties': 'name',
  inferenceAccelerators: 'deviceName',
};

/**
 * Paths whose values may be told: those that cannot hold a secret. All others are hidden, so that a member that is new,
 * or that nobody thought of, never shows one (G7). References to secrets are names and no secrets.
 */
const SHOWN: ReadonlySet<string> = new Set([
  'taskRoleArn',
  'executionRoleArn',
  'networkMode',
  'placementConstraints',
  'requiresCompatibilities',
  'cpu',
  'memory',
  'pidMode',
  'ipcMode',
  'ephemeralStorage.sizeInGiB',
  'runtimePlatform.cpuArchitecture',
  'runtimePlatform.operatingSystemFamily',
  'enableFaultInjection',
  ...[
    'image',
    'repositoryCredentials.credentialsParameter',
    'cpu',
    'memory',
    'memoryReservation',
    'portMappings',
    'essential',
    'restartPolicy.enabled',
    'restartPolicy.ignoredExitCodes',
    'restartPolicy.restartAttemptPeriod',
    'mountPoints.sourceVolume',
    'mountPoints.readOnly',
    'volumesFrom.readOnly',
    'secrets.valueFrom',
    'dependsOn.condition',
    'startTimeout',
    'stopTimeout',
    'versionConsistency',
    'disableNetworking',
    'privileged',
    'readonlyRootFilesystem',
    'interactive',
    'pseudoTerminal',
    'ulimits.softLimit',
    'ulimits.hardLimit',
    'linuxParameters.capabilities.add',
    'linuxParameters.capabilities.drop',
    'linuxParameters.initProcessEnabled',
    'linuxParameters.sharedMemorySize',
    'linuxParameters.maxSwap',
    'linuxParameters.swappiness',
    'logConfiguration.logDriver',
    'healthCheck.interval',
    'healthCheck.timeout',
    'healthCheck.retries',
    'healthCheck.startPeriod',
    'resourceRequirements',
    'firelensConfiguration.type',
  ].map((name) => `containerDefinitions.${name}`),
  'volumes.host.sourcePath',
  'volumes.efsVolumeConfiguration.fileSystemId',
  'volumes.efsVolumeConfiguration.rootDirectory',
  'volumes.efsVolumeConfiguration.transitEncryption',
  'volumes.efsVolumeConfiguration.transitEncryptionPort',
  'volumes.configuredAtLaunch',
]);

/** Where two canonical contents differ; both were made with the same account. */
export function diffContent(wanted: CanonicalContent, found: CanonicalContent): readonly Difference[] {
  return diff(wanted, found, { mode: 'whole', keyed: KEYED, isHidden: (path) => !SHOWN.has(path) });
}
