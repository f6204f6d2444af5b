import type {
  CapacityProvider,
  CreateCapacityProviderRequest,
  DeleteCapacityProviderRequest,
  DescribeCapacityProvidersRequest,
  DescribeCapacityProvidersResponse,
  UpdateCapacityProviderRequest,
} from '@aws-sdk/client-ecs';
import { findCluster } from './addresses.ts';
import { capacityProviderArn } from './arn.ts';
import { pageOf } from './paging.ts';
import { clientException, clusterNotFound, invalidParameter } from './refusals.ts';
import { SimulatedError } from './simulated-error.ts';
import type { Operation, World } from './world.ts';

// SDK documentation of CreateCapacityProvider.name and DescribeCapacityProviders.
const NAME = /^(?!aws|ecs|fargate)[A-Za-z0-9_-]{1,255}$/i;
const MAX_DESCRIBED = 100;
const LIST = { usual: 10, most: 10 };

export const CAPACITY_PROVIDER_OPERATIONS: Record<string, Operation> = {
  CreateCapacityProvider: createCapacityProvider,
  DescribeCapacityProviders: describeCapacityProviders,
  UpdateCapacityProvider: updateCapacityProvider,
  DeleteCapacityProvider: deleteCapacityProvider,
};

interface Answer {
  capacityProvider: CapacityProvider;
}

function createCapacityProvider(world: World, input: CreateCapacityProviderRequest): Answer {
  const { name = '', cluster, autoScalingGroupProvider, managedInstancesProvider, tags = [] } = input;
  if (!NAME.test(name)) throw invalidParameter('Invalid capacity provider name.'); // wording unknown
  if ((autoScalingGroupProvider === undefined) === (managedInstancesProvider === undefined)) {
    throw invalidParameter('State either autoScalingGroupProvider or managedInstancesProvider.'); // wording unknown
  }
  if (world.capacityProviders.get(name)?.provider.status === 'ACTIVE') {
    throw clientException('The specified capacity provider already exists.'); // wording unknown
  }
  // SDK documentation of CreateCapacityProvider.cluster: Managed Instances belong to one cluster.
  if ((cluster !== undefined) !== (managedInstancesProvider !== undefined)) {
    throw invalidParameter('A cluster is stated for Managed Instances, and only for them.'); // wording unknown
  }
  if (cluster !== undefined && findCluster(world, cluster)?.cluster.status !== 'ACTIVE') throw clusterNotFound();
  const provider: CapacityProvider = {
    capacityProviderArn: capacityProviderArn(world, name),
    name,
    status: 'ACTIVE',
    type: managedInstancesProvider === undefined ? 'EC2_AUTOSCALING' : 'MANAGED_INSTANCES',
    ...(cluster === undefined ? {} : { cluster: findCluster(world, cluster)?.cluster.clusterName }),
    ...(autoScalingGroupProvider && { autoScalingGroupProvider: filledGroup(autoScalingGroupProvider) }),
    ...(managedInstancesProvider && {
      // AWS's CloudFormation schema of AWS::ECS::CapacityProvider: ManagedInstancesProvider.PropagateTags.
      managedInstancesProvider: { propagateTags: 'NONE', ...managedInstancesProvider },
    }),
  };
  world.capacityProviders.set(name, { provider, tags });
  return { capacityProvider: { ...provider, tags } };
}

function describeCapacityProviders(
  world: World,
  input: DescribeCapacityProvidersRequest,
): DescribeCapacityProvidersResponse {
  const asked = input.capacityProviders ?? [];
  if (asked.length > MAX_DESCRIBED) throw invalidParameter(`At most ${MAX_DESCRIBED} capacity providers.`); // wording unknown
  const names = asked.length === 0 ? namesOf(world, input.cluster) : asked.map((each) => each.split('/').at(-1) ?? '');
  const { items, nextToken } = pageOf(names, input, LIST);
  const capacityProviders: CapacityProvider[] = [];
  const missing: string[] = [];
  for (const name of items) {
    const record = world.capacityProviders.get(name);
    if (record === undefined) missing.push(capacityProviderArn(world, name));
    else capacityProviders.push({ ...record.provider, tags: input.include?.includes('TAGS') ? record.tags : [] });
  }
  return { capacityProviders, failures: missing.map((arn) => ({ arn, reason: 'MISSING' })), nextToken };
}

function updateCapacityProvider(world: World, input: UpdateCapacityProviderRequest): Answer {
  const provider = ownProvider(world, input.name ?? '');
  if (input.autoScalingGroupProvider !== undefined) {
    const current = provider.autoScalingGroupProvider;
    if (current === undefined) throw invalidParameter('This capacity provider has no Auto Scaling group.'); // wording unknown
    const { managedScaling, ...rest } = input.autoScalingGroupProvider;
    provider.autoScalingGroupProvider = {
      ...current,
      ...rest,
      managedScaling: { ...current.managedScaling, ...managedScaling },
    };
  }
  if (input.managedInstancesProvider !== undefined) {
    Object.assign(provider, {
      managedInstancesProvider: { ...provider.managedInstancesProvider, ...input.managedInstancesProvider },
    });
  }
  return { capacityProvider: provider };
}

/** SDK documentation of DeleteCapacityProvider: it must be out of every cluster first. */
function deleteCapacityProvider(world: World, input: DeleteCapacityProviderRequest): Answer {
  const provider = ownProvider(world, input.capacityProvider?.split('/').at(-1) ?? '');
  const name = provider.name ?? '';
  for (const { cluster } of world.clusters.values()) {
    if (cluster.status === 'INACTIVE' || cluster.capacityProviders?.includes(name) !== true) continue;
    throw new SimulatedError(
      'ResourceInUseException',
      'The specified capacity provider is in use and cannot be removed.', // wording unknown
    );
  }
  Object.assign(provider, { status: 'INACTIVE', updateStatus: 'DELETE_COMPLETE' });
  world.later(world.timings.inactiveVisibleMs, () => {
    if (world.capacityProviders.get(name)?.provider === provider) world.capacityProviders.delete(name);
  });
  return { capacityProvider: provider };
}

/** Fargate's capacity providers are AWS's: they can be neither changed nor deleted (SDK: DeleteCapacityProviderCommand). */
function ownProvider(world: World, name: string): CapacityProvider {
  const found = world.capacityProviders.get(name)?.provider;
  if (found === undefined || found.status !== 'ACTIVE') {
    throw invalidParameter('The specified capacity provider was not found. Specify a valid name or ARN and try again.');
  }
  if (/^FARGATE(?:_SPOT)?$/.test(name)) throw invalidParameter('FARGATE and FARGATE_SPOT are reserved.'); // wording unknown
  return found;
}

/** SDK: `ManagedScaling`, `AutoScalingGroupProvider`; as live capacity providers show them. */
function filledGroup(
  stated: NonNullable<CapacityProvider['autoScalingGroupProvider']>,
): NonNullable<CapacityProvider['autoScalingGroupProvider']> {
  return {
    managedTerminationProtection: 'DISABLED',
    managedDraining: 'ENABLED',
    ...stated,
    managedScaling: {
      status: 'DISABLED',
      targetCapacity: 100,
      minimumScalingStepSize: 1,
      maximumScalingStepSize: 10_000,
      instanceWarmupPeriod: 300,
      ...stated.managedScaling,
    },
  };
}

function namesOf(world: World, cluster: string | undefined): string[] {
  if (cluster === undefined) return [...world.capacityProviders.keys()];
  const found = findCluster(world, cluster)?.cluster;
  if (found === undefined || found.status === 'INACTIVE') throw clusterNotFound();
  return found.capacityProviders ?? [];
}
