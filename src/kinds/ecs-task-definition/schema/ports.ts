import { COST_BOUNDS } from '../../../api/cost-bounds.ts';
import { group, integer, list, oneOf, text } from '../../../api/field.ts';

const PortMapping = group('One port, or one range of ports.', {
  containerPort: integer('Port in the container.', { min: 0, max: 65_535 }).optional(),
  hostPort: integer(
    'Port on the host: with awsvpc and host equal to containerPort, with bridge 0 chooses a free one.',
    {
      min: 0,
      max: 65_535,
    },
  ).optional(),
  protocol: oneOf('Transport. Defaults to tcp.', ['tcp', 'udp']).optional(),
  name: text('Name by which Service Connect and VPC Lattice find the port.', { max: 64 }).optional(),
  appProtocol: oneOf('What is spoken, for Service Connect. Plain TCP where absent.', [
    'grpc',
    'http',
    'http2',
  ]).optional(),
  containerPortRange: text('Range of ports such as 8000-8010, instead of containerPort.', { max: 11 }).optional(),
});

export const PortMappings = list('Ports that the container opens.', PortMapping, { max: COST_BOUNDS.portMappings });
