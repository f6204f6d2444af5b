import type {
  LogConfiguration,
  Secret,
  ServiceConnectAccessLogConfiguration,
  ServiceConnectClientAlias,
  ServiceConnectConfiguration,
  ServiceConnectService,
  ServiceConnectTlsConfiguration,
  TimeoutConfiguration,
} from '@aws-sdk/client-ecs';
import { asRecord, type Form, keyed, leaf, members, set, textMap, whole } from '../../../api/canonical-form.ts';
import { isSameNamespace } from '../../../api/namespace-memory.ts';

const clientAlias = members<ServiceConnectClientAlias>({
  port: leaf(),
  dnsName: leaf(),
  testTrafficRules: members({ header: members({ name: leaf(), value: members({ exact: leaf() }) }) }),
});

const tls = members<ServiceConnectTlsConfiguration>({
  issuerCertificateAuthority: members({ awsPcaAuthorityArn: leaf() }),
  kmsKey: leaf(),
  roleArn: leaf(),
});

const serviceForms = members<ServiceConnectService>({
  portName: leaf(),
  discoveryName: leaf(),
  clientAliases: set(clientAlias),
  ingressPortOverride: leaf(0),
  // 0 means without end here, so it is no default (SDK: TimeoutConfiguration).
  timeout: members<TimeoutConfiguration>({ idleTimeoutSeconds: leaf(), perRequestTimeoutSeconds: leaf() }),
  tls,
});

/** S25: the name in Cloud Map is the port's unless it is stated. */
const service: Form = (value, mode) => {
  const item = asRecord(value);
  return serviceForms({ ...item, discoveryName: item['discoveryName'] || item['portName'] }, mode);
};

const logConfiguration = whole(
  members<LogConfiguration>({
    logDriver: leaf(),
    options: textMap(),
    secretOptions: keyed('name', members<Secret>({ name: leaf(), valueFrom: leaf() })),
  }),
);

const accessLogConfiguration = whole(
  members<ServiceConnectAccessLogConfiguration>({ format: leaf(), includeQueryParameters: leaf('DISABLED') }),
);

/** Paths of what is compared whole once it is stated: an option that is taken out is to go. */
export const WHOLE = [
  'serviceConnectConfiguration.logConfiguration',
  'serviceConnectConfiguration.accessLogConfiguration',
];

/** S25: compared member by member, its services and logs whole; absent is as disabled. */
export const serviceConnectConfiguration = members<ServiceConnectConfiguration>({
  enabled: leaf(false),
  namespace: leaf(),
  services: keyed('portName', service),
  logConfiguration,
  accessLogConfiguration,
  containerConfigurations: set(members({ logLevel: leaf() })),
});

/** The path at which the ARN of the namespace is remembered. */
export const NAMESPACE = 'serviceConnectConfiguration.namespace';

/**
 * What ECS shows, as far as it can be compared with the wish (S25): the ARN of a namespace has an id in place of the
 * name, so a memory tells which name it was shown for; and a DNS name that was not stated is ECS's to choose.
 */
export function alignServiceConnect(wanted: unknown, found: unknown, memory: readonly string[]): unknown {
  const [wish, live] = [asRecord(wanted), asRecord(found)];
  const services = listOf(live['services']).map((one) => {
    const counterpart = listOf(wish['services']).find((other) => other['portName'] === one['portName']);
    return counterpart === undefined ? one : withoutChosenNames(counterpart, one);
  });
  const isSame = isTheNamespace(wish['namespace'], live['namespace'], memory);
  return { ...live, services, ...(isSame ? { namespace: wish['namespace'] } : {}) };
}

function isTheNamespace(wanted: unknown, found: unknown, memory: readonly string[]): boolean {
  if (typeof wanted !== 'string' || typeof found !== 'string') return false;
  const isNameOfArn = wanted.startsWith('arn:') && !found.startsWith('arn:');
  return isNameOfArn || isSameNamespace(NAMESPACE, { wanted, found }, memory);
}

type Item = Readonly<Record<string, unknown>>;

function withoutChosenNames(wish: Item, live: Item): Item {
  if (live['clientAliases'] === undefined) return live;
  const wished = listOf(wish['clientAliases']);
  const clientAliases = listOf(live['clientAliases']).map(({ dnsName, ...rest }) => {
    const isOpen = wished.some(({ port, dnsName: stated }) => port === rest['port'] && stated === undefined);
    return isOpen && isChosen(dnsName, live) ? rest : { ...rest, dnsName };
  });
  return { ...live, clientAliases };
}

/** "The default value of discoveryName.namespace is used" (SDK: ServiceConnectClientAlias.dnsName). */
function isChosen(dnsName: unknown, { discoveryName }: Item): boolean {
  return typeof dnsName !== 'string' || `${dnsName}.`.startsWith(`${String(discoveryName)}.`);
}

function listOf(value: unknown): readonly Item[] {
  return Array.isArray(value) ? value.map(asRecord) : [];
}
