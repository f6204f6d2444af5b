import type {
  GatewayConnector,
  GatewayConnectorHealthCheck,
  VpcLatticeAdvancedConfiguration,
  VpcLatticeConfiguration,
} from '@aws-sdk/client-ecs';
import { asRecord, type Form, keyed, leaf, members, set } from '../../../api/canonical-form.ts';

/** S27. */
export const vpcLatticeConfigurations = keyed(
  'portName',
  members<VpcLatticeConfiguration>({
    roleArn: leaf(),
    targetGroupArn: leaf(),
    portName: leaf(),
    advancedConfiguration: members<VpcLatticeAdvancedConfiguration>({
      alternateTargetGroupArn: leaf(),
      productionListenerRule: leaf(),
      testListenerRule: leaf(),
    }),
  }),
);

const connector = members<GatewayConnector>({
  portName: leaf(),
  healthCheck: members<GatewayConnectorHealthCheck>({
    healthCheckProtocol: leaf(),
    healthCheckPort: leaf(),
    healthCheckPath: leaf(),
    healthCheckTimeoutSeconds: leaf(),
    healthCheckIntervalSeconds: leaf(),
    healthyThresholdCount: leaf(),
    unhealthyThresholdCount: leaf(),
    matcher: members({ httpCode: leaf(), grpcCode: leaf() }),
  }),
  filters: members({ accessTypes: set() }),
});

/**
 * S28. AWS does not say which health check it fills in where none is stated. So that a filled one never counts as a
 * difference, the connector is compared by what is stated of it (`KEYED` in compare.ts); there is one at most.
 */
export const gatewayConnectors: Form = (value, mode) => {
  if (!Array.isArray(value)) return mode === 'fill' ? [] : undefined;
  return value.map((one) => asRecord(connector(one, 'keep')));
};
