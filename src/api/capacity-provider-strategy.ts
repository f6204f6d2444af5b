import type { z } from 'zod';
import { group, integer, list, text } from './field.ts';

/** Shared by a cluster's default and a service's own. Bounds: botocore's `CapacityProviderStrategyItem`. */
export const CapacityProviderStrategyItem = group('The share of one capacity provider.', {
  capacityProvider: text('Name of the capacity provider.', { min: 1, max: 255 }),
  weight: integer('Share of the tasks beyond the base, relative to the other weights.', {
    min: 0,
    max: 1000,
  }).optional(),
  base: integer('Tasks placed here before weights count. Only one item may have a base.', {
    min: 0,
    max: 100_000,
  }).optional(),
});

export type CapacityProviderStrategyItem = z.infer<typeof CapacityProviderStrategyItem>;

export function capacityProviderStrategy(description: string) {
  return list(description, CapacityProviderStrategyItem, { max: 20 });
}
