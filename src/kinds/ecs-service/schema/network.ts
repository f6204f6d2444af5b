import { group, integer, list, oneOf, text } from '../../../api/field.ts';

/** How tasks are reached: interfaces, load balancers, registries, VPC Lattice, gateways. */
export const NetworkConfiguration = group('Network of the tasks. Needed with awsvpc, and only there.', {
  awsvpcConfiguration: group('The network interface of each task.', {
    subnets: list('Subnets.', text('Id of a subnet.', { max: 255 }), { min: 1, max: 16 }),
    securityGroups: list("Security groups; the VPC's default one where absent.", text('Id of a group.', { max: 255 }), {
      max: 5,
    }).optional(),
    assignPublicIp: oneOf('Whether tasks get a public address. DISABLED where absent.', [
      'DISABLED',
      'ENABLED',
    ]).optional(),
  }).optional(),
});

const PORT = { min: 0, max: 65_535 };

const LISTENERS = {
  alternateTargetGroupArn: text('Target group that blue/green deployments alternate with.').optional(),
  productionListenerRule: text('Listener or rule that carries production traffic.').optional(),
  testListenerRule: text('Listener or rule that carries test traffic.').optional(),
};

export const LoadBalancers = list(
  'Load balancers of the service.',
  group('One target group, or one Classic Load Balancer.', {
    targetGroupArn: text('ARN of the target group.').optional(),
    loadBalancerName: text('Name of the Classic Load Balancer.').optional(),
    containerName: text('Container that receives the traffic.', { max: 255 }).optional(),
    containerPort: integer('Its port.', PORT).optional(),
    advancedConfiguration: group('What deployments that shift traffic need.', {
      ...LISTENERS,
      roleArn: text('Role by which ECS changes the load balancer.').optional(),
    }).optional(),
  }),
  { max: 5 },
);

export const ServiceRegistries = list(
  'Cloud Map registry of the service.',
  group('One registry.', {
    registryArn: text('ARN of the Cloud Map service.').optional(),
    port: integer('Port for SRV records, instead of a container and its port.', PORT).optional(),
    containerName: text('Container whose port is registered.', { max: 255 }).optional(),
    containerPort: integer('Its port.', PORT).optional(),
  }),
  { max: 1 },
);

export const VpcLatticeConfigurations = list(
  'Target groups of VPC Lattice.',
  group('One target group.', {
    roleArn: text('Role by which ECS changes VPC Lattice.'),
    targetGroupArn: text('ARN of the target group.'),
    portName: text('Name of the port mapping that is registered.', { max: 64 }),
    advancedConfiguration: group('What deployments that shift traffic need.', LISTENERS).optional(),
  }),
);

const GatewayConnectorHealthCheck = group('How the gateway finds out whether a task is healthy.', {
  healthCheckProtocol: oneOf('Protocol.', ['HTTP', 'HTTPS']).optional(),
  healthCheckPort: integer('Port.', PORT).optional(),
  healthCheckPath: text('Path.').optional(),
  healthCheckTimeoutSeconds: integer('Seconds without an answer that make a failure.').optional(),
  healthCheckIntervalSeconds: integer('Seconds between checks.').optional(),
  healthyThresholdCount: integer('Successes in a row that make it healthy.').optional(),
  unhealthyThresholdCount: integer('Failures in a row that make it unhealthy.').optional(),
  matcher: group('Answers that are a success.', {
    httpCode: text('HTTP codes, such as 200-299.').optional(),
    grpcCode: text('gRPC codes, such as 0.').optional(),
  }).optional(),
});

export const GatewayConnectors = list(
  'Connector to a gateway.',
  group('One connector.', {
    portName: text('Name of the port mapping that receives the traffic.', { max: 64 }),
    healthCheck: GatewayConnectorHealthCheck.optional(),
    filters: group('Which paths of the gateway it applies to.', {
      accessTypes: list('Kinds of access.', oneOf('One kind.', ['PRIVATE', 'PUBLIC']), { max: 2 }).optional(),
    }).optional(),
  }),
  { max: 1 },
);
