import type { CapacityProviderStrategyItem } from '@aws-sdk/client-ecs';
import { invalidParameter } from './refusals.ts';
import type { World } from './world.ts';

// Quota "Capacity providers per cluster" (general reference, ECS endpoints and quotas).
const MAX_PROVIDERS = 20;

/** The names as ECS keeps them: by name and in an order of its own (EcsCluster rule C2). Each must exist and be ACTIVE. */
export function sortedProviders(world: World, references: readonly string[]): string[] {
  const names = new Set(references.map((reference) => reference.split('/').at(-1) ?? ''));
  if (names.size > MAX_PROVIDERS) throw invalidParameter(`A cluster has at most ${MAX_PROVIDERS} capacity providers.`); // wording unknown
  for (const name of names) {
    // The message is AWS's; both names of the state are in the SDK documentation of PutClusterCapacityProviders.
    if (world.capacityProviders.get(name)?.provider.status !== 'ACTIVE') {
      throw invalidParameter(
        'The specified capacity provider was not found. Specify a valid name or ARN and try again.',
      );
    }
  }
  return [...names].toSorted();
}

/** SDK documentation of CreateCluster.defaultCapacityProviderStrategy. Wordings unknown. */
export function checkStrategy(strategy: readonly CapacityProviderStrategyItem[], providers: readonly string[]): void {
  const names = strategy.map(({ capacityProvider = '' }) => capacityProvider);
  if (new Set(names).size < names.length) throw invalidParameter('A capacity provider is in the strategy twice.');
  if (!names.every((name) => providers.includes(name))) {
    throw invalidParameter('The specified capacity provider strategy holds a provider that the cluster does not have.');
  }
  if (strategy.filter(({ base = 0 }) => base > 0).length > 1) {
    throw invalidParameter('Only one capacity provider in a strategy can have a base defined.');
  }
  if (strategy.length > 0 && strategy.every(({ weight = 0 }) => weight === 0)) {
    throw invalidParameter('A capacity provider strategy needs one provider with a weight greater than zero.');
  }
  if (new Set(names.map((name) => /^FARGATE(?:_SPOT)?$/.test(name))).size > 1) {
    throw invalidParameter('A capacity provider strategy cannot mix Fargate with other capacity providers.');
  }
}

/** Base and weight are 0 where they are not stated; the order stays (EcsCluster rule C3). */
export function filledStrategy(strategy: readonly CapacityProviderStrategyItem[]): CapacityProviderStrategyItem[] {
  return strategy.map(({ capacityProvider, weight = 0, base = 0 }) => ({ capacityProvider, weight, base }));
}
