import { afterAll, describe, expect, inject, test } from 'vitest';
import { crashAtEveryWrite, pointOf } from '../support/crash.ts';
import { lookIntoAccount, revisionOf } from '../support/ecs-account.ts';
import { connectCluster } from '../support/kubectl.ts';
import { asFile, BREAKER, clusterNamed, definitionOf, serviceNamed } from '../support/shop-objects.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { condition, type Story, type StoryObject, tellStory } from '../support/story.ts';

/** A registration that may have been lost is looked for during a minute before it is repeated. */
const PATIENCE_MS = 150_000;
const NAMES = ['ecscluster/shop', 'ecstaskdefinition/web', 'ecsservice/web'] as const;

const kubernetes = connectCluster(inject('cluster'));
let points = 0;

interface Scenario {
  readonly name: string;
  /** Undisturbed, in every run. */
  prepare(story: Story): Promise<void>;
  /** With the operator killed at each write in turn. */
  act(story: Story): Promise<void>;
}

function settled(story: Story, type: 'Ready' | 'Stalled', revision: string): Promise<StoryObject> {
  function isSettled(object: StoryObject): boolean {
    const { metadata, status } = object;
    const isCurrent = status.observedGeneration === metadata.generation && status['revision'] === revision;
    return isCurrent && condition(object, type)?.status === 'True';
  }
  return story.until('ecsservice/web', `${type} with ${revision}`, isSettled, PATIENCE_MS);
}

function image(tag: string): object {
  return definitionOf('web', `shop/web:${tag}`);
}

const SHOP = asFile(clusterNamed('shop'), definitionOf('web', 'shop/web:1'), serviceNamed('web', BREAKER));

async function makeShop(story: Story): Promise<void> {
  await story.apply(SHOP);
  await settled(story, 'Ready', 'web:1');
}

const SCENARIOS: readonly Scenario[] = [
  { name: 'a shop is made', prepare: async () => undefined, act: makeShop },
  {
    name: 'a new image, and back',
    prepare: makeShop,
    async act(story) {
      await story.apply(image('2'));
      await settled(story, 'Ready', 'web:2');
      await story.apply(image('1'));
      await settled(story, 'Ready', 'web:1');
    },
  },
  {
    name: 'a bad image, and mended',
    async prepare(story) {
      await makeShop(story);
      await story.apply(image('2'));
      await settled(story, 'Ready', 'web:2');
    },
    async act(story) {
      await story.apply(image('broken'));
      await settled(story, 'Stalled', 'web:2');
      await story.apply(image('1'));
      await settled(story, 'Ready', 'web:1');
    },
  },
  {
    name: 'everything is deleted at once',
    async prepare(story) {
      await makeShop(story);
      await story.apply(image('2'));
      await settled(story, 'Ready', 'web:2');
    },
    async act(story) {
      await story.remove(...NAMES);
      for (const name of NAMES) await story.gone(name, PATIENCE_MS);
    },
  },
];

/** What there is in the end, in Kubernetes and in ECS. */
async function endOf(stack: Stack, story: Story) {
  const account = lookIntoAccount(stack.ecs);
  const service = await account.service('web');
  const record = [...stack.simulator.world.services.values()].at(-1);
  const objects = await Promise.all(NAMES.map((name) => story.get(name)));
  return {
    services: stack.simulator.world.services.size,
    service: service?.status,
    runs: (service?.deployments ?? []).map(({ taskDefinition }) => revisionOf(taskDefinition)),
    running: service?.runningCount,
    deployments: record?.deployments.map(({ status }) => status),
    clusters: [...stack.simulator.world.clusters.values()].map(({ cluster }) => cluster.status),
    active: await account.revisions('web', 'ACTIVE'),
    inactive: await account.revisions('web', 'INACTIVE'),
    objects: objects.map((object) => condition(object, 'Ready')?.reason ?? 'gone'),
  };
}

async function run({ prepare, act }: Scenario, phase?: 'before' | 'after') {
  const environment = { ECS_OPERATOR_LEADER_ELECTION: 'false' };
  await using stack = await startStack({ cluster: kubernetes, speed: 20, environment });
  stack.simulator.world.behaviours.add({ image: /broken/, becomes: 'cannot-pull', afterMs: 500 });
  const story = tellStory(kubernetes, stack);
  await prepare(story);
  stack.simulator.forgetCalls();
  const work = (): Promise<void> => act(story);
  const tried = phase === undefined ? await work().then(() => []) : await crashAtEveryWrite(stack, phase, work);
  const made = new Set(stack.simulator.writes().map(pointOf));
  return { end: await endOf(stack, story), tried: tried.toSorted(), made: [...made].toSorted() };
}

describe.concurrent('an operator that is killed at every write', () => {
  test.for(SCENARIOS)('comes to the same end: $name', { timeout: 400_000 }, async (scenario) => {
    const calm = await run(scenario);
    const before = await run(scenario, 'before');
    const after = await run(scenario, 'after');

    expect(calm.made.length).toBeGreaterThan(1);
    expect(before.tried).toEqual(calm.made);
    expect(after.tried).toEqual(calm.made);
    expect(before.end).toEqual(calm.end);
    expect(after.end).toEqual(calm.end);
    points += before.tried.length + after.tried.length;
  });
});

afterAll(() => {
  console.log(`killed at ${points} points: before and after the effect of each write`);
});
