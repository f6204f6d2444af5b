import type { Deployment, Service, ServiceRevision } from '@aws-sdk/client-ecs';
import type { Configuration, ServiceState } from './model.ts';

/** The newest deployment: what the service runs, or is on its way to. */
export function primaryOf(service: Service): Deployment | undefined {
  return service.deployments?.find(({ status }) => status === 'PRIMARY');
}

export function controllerOf(of: Pick<Configuration, 'deploymentController'>): string | undefined {
  return of.deploymentController?.type;
}

export function isDaemon(service: Service): boolean {
  return service.schedulingStrategy === 'DAEMON';
}

/**
 * The configuration that a service has, read from where ECS shows it (SDK: `Service`, `Deployment`, `ServiceRevision`): some of it
 * only on the PRIMARY deployment, some only on its revision.
 */
export function configurationOf({ service, revision }: Pick<ServiceState, 'service' | 'revision'>): Configuration {
  const primary = primaryOf(service);
  return {
    desiredCount: service.desiredCount,
    taskDefinition: primary?.taskDefinition ?? service.taskDefinition,
    capacityProviderStrategy: service.capacityProviderStrategy,
    deploymentConfiguration: service.deploymentConfiguration,
    availabilityZoneRebalancing: service.availabilityZoneRebalancing,
    networkConfiguration: service.networkConfiguration,
    placementConstraints: service.placementConstraints,
    placementStrategy: service.placementStrategy,
    platformVersion: service.platformVersion,
    healthCheckGracePeriodSeconds: service.healthCheckGracePeriodSeconds,
    deploymentController: service.deploymentController,
    enableExecuteCommand: service.enableExecuteCommand,
    enableECSManagedTags: service.enableECSManagedTags,
    loadBalancers: service.loadBalancers,
    propagateTags: service.propagateTags,
    serviceRegistries: service.serviceRegistries,
    serviceConnectConfiguration: primary?.serviceConnectConfiguration,
    volumeConfigurations: primary?.volumeConfigurations,
    vpcLatticeConfigurations: primary?.vpcLatticeConfigurations,
    gatewayConnectors: revision?.gatewayConnectors,
    monitoring: revision?.monitoring,
  };
}

/** What a revision holds of it: all that a deployment rolls out. */
export function configurationOfRevision(revision: ServiceRevision): Configuration {
  return {
    taskDefinition: revision.taskDefinition,
    capacityProviderStrategy: revision.capacityProviderStrategy,
    networkConfiguration: revision.networkConfiguration,
    platformVersion: revision.platformVersion,
    loadBalancers: revision.loadBalancers,
    serviceRegistries: revision.serviceRegistries,
    serviceConnectConfiguration: revision.serviceConnectConfiguration,
    volumeConfigurations: revision.volumeConfigurations,
    vpcLatticeConfigurations: revision.vpcLatticeConfigurations,
    gatewayConnectors: revision.gatewayConnectors,
    monitoring: revision.monitoring,
  };
}

/** ARNs of the old format have no cluster in them, and cannot be tagged (SDK: `TagResourceRequest.resourceArn`). */
export function isTaggable({ serviceArn = '' }: Service): boolean {
  return serviceArn === '' || serviceArn.split('/').length >= 3;
}
