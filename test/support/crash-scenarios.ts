import { crashAtEveryWrite, pointOf } from './crash.ts';
import { lookIntoAccount, revisionOf } from './ecs-account.ts';
import type { Cluster } from './kubectl.ts';
import { BUNDLE } from './operator-process.ts';
import { asFile, BREAKER, clusterNamed, definitionOf, serviceNamed } from './shop-objects.ts';
import { type Stack, startStack } from './stack.ts';
import { condition, type Story, type StoryObject, tellStory } from './story.ts';

/** A start for each write; and a registration that may have been lost is looked for during a minute before it is repeated. */
const PATIENCE_MS = 300_000;
const NAMES = ['ecscluster/shop', 'ecstaskdefinition/web', 'ecsservice/web'] as const;

export interface CrashScenario {
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

export const CRASH_SCENARIOS: readonly CrashScenario[] = [
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

interface CrashRun {
  readonly cluster: Cluster;
  /** Undisturbed unless stated. */
  readonly phase?: 'before' | 'after';
  /** Whether it is killed at its writes to Kubernetes as well. */
  readonly hasProxy?: boolean;
}

/** Plays the scenario, and tells what there is in the end, and at which writes the operator was killed. */
export async function runCrashScenario(
  { prepare, act }: CrashScenario,
  { cluster, phase, hasProxy = false }: CrashRun,
) {
  const environment = { ECS_OPERATOR_LEADER_ELECTION: 'false' };
  await using stack = await startStack({ cluster, speed: 20, environment, hasProxy, entry: BUNDLE });
  stack.simulator.world.behaviours.add({ image: /broken/, becomes: 'cannot-pull', afterMs: 500 });
  const story = tellStory(cluster, stack);
  await prepare(story);
  stack.simulator.forgetCalls();
  const work = (): Promise<void> => act(story);
  const tried = phase === undefined ? await work().then(() => []) : await crashAtEveryWrite(stack, phase, work);
  const made = new Set(stack.simulator.writes().map(pointOf));
  return { end: await endOf(stack, story), tried: tried.toSorted(), made: [...made].toSorted() };
}
