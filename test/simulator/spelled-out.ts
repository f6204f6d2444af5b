/**
 * Defaults that ECS documents and need not answer: an answer that spells them out means the same. By the member in
 * which they stand, with the S and T rules of the READMEs of the kinds; the values are those of the SDK's documentation.
 */
const DEFAULTS: ReadonlyMap<string, Readonly<Record<string, unknown>>> = new Map<string, Record<string, unknown>>([
  [
    'containerDefinitions',
    {
      // T26, T28
      privileged: false,
      readonlyRootFilesystem: false,
      interactive: false,
      pseudoTerminal: false,
      disableNetworking: false,
      versionConsistency: 'enabled',
      // T19 to T21: no items
      links: [],
      dependsOn: [],
      secrets: [],
      ulimits: [],
      environmentFiles: [],
      dnsServers: [],
      dnsSearchDomains: [],
      extraHosts: [],
      dockerSecurityOptions: [],
      dockerLabels: {},
      resourceRequirements: [],
    },
  ],
  ['healthCheck', { startPeriod: 0 }], // T23
  ['volumes', { configuredAtLaunch: false }], // T37
  ['efsVolumeConfiguration', { transitEncryption: 'DISABLED' }], // T34
  ['authorizationConfig', { iam: 'DISABLED' }], // T34
  ['awsvpcConfiguration', { assignPublicIp: 'DISABLED', securityGroups: [] }], // S15, S16
  ['serviceRegistries', { port: 0, containerPort: 0 }], // S24
]);

/** A copy of an answer that says in so many words what its silence means. */
export function spelledOut(value: unknown, member = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => spelledOut(item, member));
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const parts = Object.entries(value)
    .filter(([, part]) => part !== undefined)
    .map(([name, part]) => [name, spelledOut(part, name)] as const);
  return { ...structuredClone(DEFAULTS.get(member)), ...Object.fromEntries(parts) };
}
