import { describe, expect, test } from 'vitest';
import { readGuides, readKindExamples } from '../../../test/support/examples.ts';
import { beginStory, type ServiceStory } from '../../../test/support/service-story.ts';
import { EcsServiceSpec } from './schema.ts';

type Spec = Readonly<Record<string, unknown>>;

/** What an operator knows and ECS does not. */
const OPERATOR_FIELDS =
  /^(?:region|accountRef|adoptionPolicy|deletionPolicy|managementPolicy|suspend|revision(?:HistoryLimit|Cleanup))$/;

const objects = [...readKindExamples('*'), ...readGuides()].flatMap((example) =>
  example.objects.map((object) => ({ ...object, path: example.path, all: example.objects })),
);
const services = objects.filter(({ kind }) => kind === 'EcsService');

function specsOf(kind: string, path: string): readonly { readonly name: string; readonly spec: Spec }[] {
  const folder = path.replace('ecs-service', kind === 'EcsCluster' ? 'ecs-cluster' : 'ecs-task-definition');
  return objects
    .filter((object) => object.kind === kind && object.path === folder)
    .map(({ metadata, spec }) => ({ name: metadata.name, spec }));
}

/** The objects beside it, as ECS has them. */
async function prepare(story: ServiceStory, spec: Spec, path: string): Promise<void> {
  const { call, world } = story.simulator;
  const clusterRef = nameIn(spec, 'clusterRef');
  const cluster = specsOf('EcsCluster', path).find(({ name }) => name === clusterRef);
  for (const name of namesIn(cluster?.spec['capacityProviders'])) {
    if (!world.capacityProviders.has(name)) {
      world.capacityProviders.set(name, { provider: { name, status: 'ACTIVE' }, tags: [] });
    }
  }
  await call('CreateCluster', { ...withoutOperatorFields(cluster?.spec ?? {}), clusterName: clusterRef ?? 'default' });
  await call('CreateCluster', { clusterName: 'shop-shared' });
  const wanted = nameIn(spec, 'taskDefinitionRef');
  const definition = specsOf('EcsTaskDefinition', path).find(({ name }) => name === wanted);
  if (definition !== undefined) {
    await call('RegisterTaskDefinition', { family: definition.name, ...withoutOperatorFields(definition.spec) });
  }
  for (let count = 0; count < 12; count += 1) await story.define('worker', 'shop-worker');
  await story.pass(10_000);
}

function withoutOperatorFields(spec: Spec): Spec {
  return Object.fromEntries(Object.entries(spec).filter(([name]) => !OPERATOR_FIELDS.test(name)));
}

function namesIn(list: unknown): readonly string[] {
  return Array.isArray(list) ? list.map(String) : [];
}

function nameIn(spec: Spec, member: string): string | undefined {
  const reference = spec[member];
  const name: unknown =
    typeof reference === 'object' && reference !== null ? Reflect.get(reference, 'name') : undefined;
  return typeof name === 'string' ? name : undefined;
}

function familyOf(path: string, name: string | undefined): unknown {
  return specsOf('EcsTaskDefinition', path).find((one) => one.name === name)?.spec['family'] ?? name;
}

/** One for the target, and one for each policy and action on it. */
function scalingWrites(scaling: EcsServiceSpec['scaling']): readonly string[] {
  if (scaling === undefined) return [];
  const { policies = [], scheduledActions = [] } = scaling;
  return [
    'RegisterScalableTarget',
    ...policies.map(() => 'PutScalingPolicy'),
    ...scheduledActions.map(() => 'PutScheduledAction'),
  ];
}

describe('the examples', () => {
  test('are there', () => {
    expect(services.length).toBeGreaterThan(5);
  });

  test.for(services.map((object) => ({ name: `${object.path} ${object.metadata.name}`, object })))(
    '$name is made, and then silent, also with answers in another order and status lost',
    async ({ object }) => {
      const { clusterRef: _, taskDefinitionRef: __, ...stated } = EcsServiceSpec.parse(object.spec);
      const wanted = nameIn(object.spec, 'taskDefinitionRef');
      const story = await beginStory(
        {
          ...stated,
          serviceName: stated.serviceName ?? object.metadata.name,
          cluster: nameIn(object.spec, 'clusterRef') ?? stated.cluster ?? 'default',
          taskDefinition: wanted === undefined ? stated.taskDefinition : String(familyOf(object.path, wanted)),
        },
        { shuffleAnswers: true },
      );
      await prepare(story, object.spec, object.path);
      story.writes();

      expect(await story.look()).toMatchObject({ verdict: 'change' });
      const first = await story.lookUntil(stated.deploymentConfiguration?.lifecycleHooks ? 'wait' : 'in-sync');
      expect(story.writes()).toEqual(['CreateService', ...scalingWrites(stated.scaling)]);
      for (let count = 0; count < 3; count += 1) {
        story.forget();
        await story.pass(60_000);
        expect((await story.look()).verdict).not.toBe('change');
      }

      expect(first.verdict).not.toBe('change');
      expect(story.writes()).toEqual([]);
    },
  );
});
