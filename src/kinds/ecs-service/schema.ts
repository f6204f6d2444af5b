import type { z } from 'zod';
import { capacityProviderStrategy } from '../../api/capacity-provider-strategy.ts';
import { COMMON_SPEC } from '../../api/common-spec.ts';
import { flag, group, integer, list, oneOf, text } from '../../api/field.ts';
import { ecsName } from '../../api/names.ts';
import { referenceTo } from '../../api/reference.ts';
import { Tags } from '../../api/tags.ts';
import { Scaling } from './scaling/schema.ts';
import { DeploymentConfiguration, DeploymentController } from './schema/deployment.ts';
import {
  GatewayConnectors,
  LoadBalancers,
  NetworkConfiguration,
  ServiceRegistries,
  VpcLatticeConfigurations,
} from './schema/network.ts';
import { PlacementConstraints, PlacementStrategy } from './schema/placement.ts';
import { ServiceConnectConfiguration } from './schema/service-connect.ts';
import { VolumeConfigurations } from './schema/volumes.ts';

export { EcsServiceStatus } from './schema/status.ts';

const MonitoringConfiguration = group('Resolution of the metrics of the service. 60 seconds where absent.', {
  metricConfigurations: list(
    'Metrics.',
    group('Some metrics of one resolution.', {
      metricNames: list('CPUUtilization, MemoryUtilization.', text('One metric.', { min: 1, max: 255 }), {
        min: 1,
        max: 5,
      }),
      resolutionSeconds: integer('20 or 60.', { min: 20, max: 60 }),
    }),
    { max: 5 },
  ).optional(),
});

/** CreateService and UpdateService in one: what is left out is not ours. */
export const EcsServiceSpec = group('The service as it is wished. What is left out is left alone.', {
  ...COMMON_SPEC,
  clusterRef: referenceTo('EcsCluster', 'The EcsCluster that the service runs on. Cannot be changed.').optional(),
  taskDefinitionRef: referenceTo(
    'EcsTaskDefinition',
    'The EcsTaskDefinition that the service runs; it rolls as soon as that changes.',
  ).optional(),
  forceDelete: flag('Whether deletion stops the tasks at once. May be set while deleting.').optional(),
  serviceName: ecsName("Name in ECS. Defaults to the object's name. Cannot be changed.").optional(),
  cluster: text(
    'Name or ARN of a cluster that is no EcsCluster; the cluster named default where neither is given. Cannot be changed.',
    { min: 1, max: 2048 },
  ).optional(),
  taskDefinition: text('ARN, family:revision or family, instead of taskDefinitionRef.', {
    min: 1,
    max: 2048,
  }).optional(),
  desiredCount: integer('Tasks to run. Where absent 1 at creation, and whatever it is later.', { min: 0 }).optional(),
  scaling: Scaling.optional(),
  launchType: oneOf('Capacity. Either this or capacityProviderStrategy.', [
    'EC2',
    'EXTERNAL',
    'FARGATE',
    'MANAGED_INSTANCES',
  ]).optional(),
  capacityProviderStrategy: capacityProviderStrategy('How tasks are spread over capacity providers.').optional(),
  platformVersion: text('Platform version of Fargate. LATEST where absent.', { min: 1, max: 255 }).optional(),
  role: text('Role by which ECS changes a load balancer, where the service-linked role cannot be used.').optional(),
  schedulingStrategy: oneOf('REPLICA (default) runs a count of tasks, DAEMON one on each instance.', [
    'DAEMON',
    'REPLICA',
  ]).optional(),
  deploymentController: DeploymentController.optional(),
  deploymentConfiguration: DeploymentConfiguration.optional(),
  availabilityZoneRebalancing: oneOf('Whether tasks move to keep the zones even.', ['DISABLED', 'ENABLED']).optional(),
  networkConfiguration: NetworkConfiguration.optional(),
  loadBalancers: LoadBalancers.optional(),
  serviceRegistries: ServiceRegistries.optional(),
  healthCheckGracePeriodSeconds: integer('Seconds after the start in which failed checks do not count.', {
    min: 0,
  }).optional(),
  placementConstraints: PlacementConstraints.optional(),
  placementStrategy: PlacementStrategy.optional(),
  enableECSManagedTags: flag('Whether ECS tags the tasks with cluster and service.').optional(),
  propagateTags: oneOf('Whose tags are copied to the tasks. NONE where absent.', [
    'NONE',
    'SERVICE',
    'TASK_DEFINITION',
  ]).optional(),
  enableExecuteCommand: flag('Whether commands can be run inside the containers.').optional(),
  serviceConnectConfiguration: ServiceConnectConfiguration.optional(),
  volumeConfigurations: VolumeConfigurations.optional(),
  vpcLatticeConfigurations: VpcLatticeConfigurations.optional(),
  gatewayConnectors: GatewayConnectors.optional(),
  monitoring: MonitoringConfiguration.optional(),
  tags: Tags.optional(),
});

export type EcsServiceSpec = z.infer<typeof EcsServiceSpec>;
