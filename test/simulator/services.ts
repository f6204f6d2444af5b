import type {
  DeleteServiceRequest,
  DeleteServiceResponse,
  DescribeServicesRequest,
  DescribeServicesResponse,
  ListServicesRequest,
  ListServicesResponse,
  Service,
} from '@aws-sdk/client-ecs';
import { findCluster, findService, serviceArnOf } from './addresses.ts';
import { pageOf } from './paging.ts';
import { clusterNotFound, invalidParameter, serviceNotActive, serviceNotFound } from './refusals.ts';
import { wakeService } from './service-rollout.ts';
import type { ServiceRecord, World } from './world.ts';

// SDK documentation of DescribeServices and ListServices.
const MAX_DESCRIBED = 10;
const LIST = { usual: 10, most: 100 };

export function describeServices(world: World, input: DescribeServicesRequest): DescribeServicesResponse {
  const references = input.services ?? [];
  if (references.length === 0) throw invalidParameter('Services cannot be empty.');
  if (references.length > MAX_DESCRIBED) {
    throw invalidParameter(`Services can have at most ${MAX_DESCRIBED} items.`); // wording unknown
  }
  const clusterArn = clusterArnOf(world, input.cluster);
  const services: Service[] = [];
  const missing: string[] = [];
  for (const reference of references) {
    const record = findService(world, clusterArn, reference);
    if (record === undefined) missing.push(serviceArnOf(clusterArn, reference));
    else services.push(shown(record, input.include?.includes('TAGS') === true));
  }
  return { services, failures: missing.map((arn) => ({ arn, reason: 'MISSING' })) };
}

/** INACTIVE services are described but not listed (SDK documentation of DeleteService). */
export function listServices(world: World, input: ListServicesRequest): ListServicesResponse {
  const clusterArn = clusterArnOf(world, input.cluster);
  const arns: string[] = [];
  for (const [arn, { service }] of world.services) {
    if (service.clusterArn !== clusterArn || service.status === 'INACTIVE') continue;
    if (input.launchType !== undefined && service.launchType !== input.launchType) continue;
    if (input.schedulingStrategy !== undefined && service.schedulingStrategy !== input.schedulingStrategy) continue;
    if (input.resourceManagementType !== undefined && service.resourceManagementType !== input.resourceManagementType) {
      continue;
    }
    arns.push(arn);
  }
  const { items, nextToken } = pageOf(arns, input, LIST);
  return { serviceArns: items, nextToken };
}

/** DRAINING while its tasks stop, then INACTIVE for a while; the name is free only then. */
export function deleteService(world: World, input: DeleteServiceRequest): DeleteServiceResponse {
  const clusterArn = clusterArnOf(world, input.cluster);
  const record = findService(world, clusterArn, input.service ?? '');
  if (record === undefined) throw serviceNotFound();
  const { service } = record;
  if (service.status === 'INACTIVE') throw serviceNotActive();
  if (input.force !== true && service.status === 'ACTIVE') checkDeletable(service);
  service.status = 'DRAINING';
  service.desiredCount = 0;
  wakeService(world, record);
  return { service };
}

/** The service as it is answered; tags only where they are asked for. */
function shown({ service, tags }: ServiceRecord, hasTags: boolean): Service {
  return hasTags ? { ...service, tags } : service;
}

function checkDeletable(service: Service): void {
  // SDK documentation of DeleteService: scale to zero first, unless forced or DAEMON. Both messages are AWS's.
  if (service.schedulingStrategy !== 'DAEMON' && (service.desiredCount ?? 0) > 0) {
    throw invalidParameter('The service cannot be stopped while it is scaled above 0.');
  }
  if ((service.taskSets ?? []).length > 0) {
    throw invalidParameter('The service cannot be stopped while deployments are active.');
  }
}

function clusterArnOf(world: World, reference: string | undefined): string {
  const cluster = findCluster(world, reference)?.cluster;
  if (cluster === undefined || cluster.status === 'INACTIVE') throw clusterNotFound();
  return cluster.clusterArn ?? '';
}
