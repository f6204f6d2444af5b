import { isPlainObject } from '../../../src/lib/stable-json.ts';
import { type Example, readGuides, readKindExamples } from '../../support/examples.ts';
import { openStage, type Stage } from '../../support/operator-stage.ts';
import type { ExampleObject } from '../../support/rule-examples.ts';

/** Where a walk begins: a cluster, a definition, and the service that refers to both. */
export type Story = readonly ExampleObject[];

/** A walk waits for rest, which this one never comes to. */
const RESTLESS = ['full-linear'];

/** By where they are from and the name of the service. */
export const STORIES: Readonly<Record<'guides' | 'minimal' | 'full', ReadonlyMap<string, Story>>> = {
  guides: new Map(readGuides().flatMap(storiesIn)),
  minimal: new Map(storiesIn(allOf('minimal'))),
  full: new Map(storiesIn(allOf('full'))),
};

/** What the examples of the kinds refer to is in the folder of another kind. */
function allOf(name: 'minimal' | 'full'): Example {
  return { path: name, objects: readKindExamples(name).flatMap(({ objects }) => objects) };
}

function storiesIn({ path, objects }: Example): readonly (readonly [string, Story])[] {
  const find = (kind: string, reference: unknown): ExampleObject | undefined =>
    objects.find((one) => one.kind === kind && isPlainObject(reference) && one.metadata.name === reference['name']);
  return objects
    .filter(
      ({ kind, metadata, spec }) =>
        kind === 'EcsService' && !('accountRef' in spec) && !RESTLESS.includes(metadata.name),
    )
    .flatMap((service) => {
      const cluster = find('EcsCluster', service.spec['clusterRef']);
      const definition = find('EcsTaskDefinition', service.spec['taskDefinitionRef']);
      if (cluster === undefined || definition === undefined) return [];
      return [[`${path} ${service.metadata.name}`, [cluster, definition, service]] as const];
    });
}

/** An operator beside an ECS that has no more than the capacity providers that the story takes for granted. */
export async function openFor(story: Story): Promise<Stage> {
  const stage = await openStage({ containerInstances: 1 });
  const { capacityProviders } = stage.simulator.world;
  for (const name of story.flatMap(({ spec }) => (spec['capacityProviders'] ?? []) as readonly string[])) {
    if (!capacityProviders.has(name)) capacityProviders.set(name, { provider: { name, status: 'ACTIVE' }, tags: [] });
  }
  stage.start();
  return stage;
}
