import { COST_BOUNDS } from '../../../api/cost-bounds.ts';
import { flag, group, integer, list, oneOf, text } from '../../../api/field.ts';
import { LogConfiguration } from '../../../api/log-configuration.ts';

const TestTrafficRules = group('Which requests count as test traffic in blue/green deployments.', {
  header: group('A header that they have.', {
    name: text('Name of the header.'),
    value: group('Its value.', { exact: text('The value, exactly.') }).optional(),
  }),
});

const ClientAlias = group('Where clients find the service.', {
  port: integer("Port in the clients' tasks.", { min: 0, max: 65_535 }),
  dnsName: text('Name in DNS. discoveryName and namespace where absent.', { min: 1, max: 127 }).optional(),
  testTrafficRules: TestTrafficRules.optional(),
});

const SECONDS = { min: 0 };

const ServiceConnectService = group('One port that others can find.', {
  portName: text('Name of the port mapping.', { min: 1, max: 64 }),
  discoveryName: text('Name in Cloud Map. The port name where absent.', { min: 1, max: 64 }).optional(),
  clientAliases: list('Where clients find it.', ClientAlias, { max: 1 }).optional(),
  ingressPortOverride: integer('Port on which the proxy listens.', { min: 0, max: 65_535 }).optional(),
  timeout: group('How long connections may last.', {
    idleTimeoutSeconds: integer('Seconds without traffic; 0 for no end.', SECONDS).optional(),
    perRequestTimeoutSeconds: integer('Seconds until a whole answer; 0 for no end. Not for TCP.', SECONDS).optional(),
  }).optional(),
  tls: group('Encryption between the proxies.', {
    issuerCertificateAuthority: group('Who signs the certificates.', {
      awsPcaAuthorityArn: text('ARN of the AWS Private CA.').optional(),
    }),
    kmsKey: text('KMS key.').optional(),
    roleArn: text('Role by which ECS uses them.').optional(),
  }).optional(),
});

export const ServiceConnectConfiguration = group('Service Connect.', {
  enabled: flag('Whether the service takes part.'),
  namespace: text("Name or ARN of the Cloud Map namespace. The cluster's default where absent.", { min: 1 }).optional(),
  services: list('Ports that others can find. None for a mere client.', ServiceConnectService, {
    max: COST_BOUNDS.serviceConnectServices,
  }).optional(),
  logConfiguration: LogConfiguration.optional(),
  accessLogConfiguration: group('Access log. Needs logConfiguration.', {
    format: oneOf('Format.', ['JSON', 'TEXT']),
    includeQueryParameters: oneOf('Whether query parameters are logged. DISABLED where absent.', [
      'DISABLED',
      'ENABLED',
    ]).optional(),
  }).optional(),
  containerConfigurations: list(
    "Settings of the proxy's container, each at most once.",
    group('One setting.', { logLevel: oneOf('Log level. info where absent.', ['debug', 'info']).optional() }),
    { max: 10 },
  ).optional(),
});
