import type { Stage } from './operator-stage.ts';
import type { ExampleObject } from './rule-examples.ts';

/** `full-foreign` runs revision 12 of a family that somebody else registers. */
const FOREIGN_REVISIONS = 12;

/** What the examples take for granted, as they do not make it. */
export async function furnish({ simulator }: Stage, objects: readonly ExampleObject[]): Promise<void> {
  const { capacityProviders } = simulator.world;
  for (const name of objects.flatMap(
    ({ spec }) => (spec['capacityProviders'] as readonly string[] | undefined) ?? [],
  )) {
    if (!capacityProviders.has(name)) capacityProviders.set(name, { provider: { name, status: 'ACTIVE' }, tags: [] });
  }
  await simulator.call('CreateCluster', { clusterName: 'shop-shared' });
  for (let revision = 1; revision <= FOREIGN_REVISIONS; revision += 1) {
    await simulator.call('RegisterTaskDefinition', {
      family: 'shop-worker',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '256',
      memory: '512',
      containerDefinitions: [{ name: 'worker', image: `shop/worker:${revision}` }],
    });
  }
  simulator.forgetCalls();
}
