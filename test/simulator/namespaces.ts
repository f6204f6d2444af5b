import { createHash } from 'node:crypto';
import type { ServiceConnectConfiguration } from '@aws-sdk/client-ecs';
import { namespaceArn } from './arn.ts';
import { clientException } from './refusals.ts';
import type { World } from './world.ts';

/**
 * The ARN of a Cloud Map namespace that was named, or the ARN itself. A name that is new makes one; its id follows from
 * the name.
 */
export function namespaceArnOf(world: World, stated: string): string {
  if (stated.startsWith('arn:')) return stated;
  // SDK documentation of ClusterServiceConnectDefaultsRequest.namespace.
  if (stated.length > 1024 || /[<>"/]/.test(stated)) throw clientException('Invalid namespace name.'); // wording unknown
  const id = createHash('sha256').update(stated).digest('hex').slice(0, 16);
  const arn = namespaceArn(world, `ns-${id}`);
  world.namespaces.set(arn, stated);
  return arn;
}

/**
 * Service Connect as a deployment shows it (EcsService rule S25): the namespace by its ARN, also where it was named or is the
 * cluster's default, and the names that were not said follow from the port and the namespace.
 */
export function resolvedConnect(
  world: World,
  stated: ServiceConnectConfiguration,
  clusterDefault: string | undefined,
): ServiceConnectConfiguration {
  if (stated.enabled !== true) return stated;
  const wanted = stated.namespace ?? clusterDefault;
  const namespace = wanted === undefined ? undefined : namespaceArnOf(world, wanted);
  const name = namespace === undefined ? undefined : (world.namespaces.get(namespace) ?? namespace.split('/').at(-1));
  return {
    ...stated,
    ...(namespace === undefined ? {} : { namespace }),
    ...(stated.services && { services: stated.services.map((service) => named(service, name)) }),
  };
}

type ConnectService = NonNullable<ServiceConnectConfiguration['services']>[number];

function named(service: ConnectService, namespace: string | undefined): ConnectService {
  const discoveryName = service.discoveryName ?? service.portName;
  const dnsName = namespace === undefined ? discoveryName : `${discoveryName}.${namespace}`;
  return {
    ...service,
    discoveryName,
    ...(service.clientAliases && {
      clientAliases: service.clientAliases.map((alias) => ({ ...alias, dnsName: alias.dnsName ?? dnsName })),
    }),
  };
}
