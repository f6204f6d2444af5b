import { asFile, BREAKER, clusterNamed, definitionOf, serviceNamed } from './shop-objects.ts';
import { condition, type Story, type StoryObject } from './story.ts';

/** A start for each write; and a registration that may have been lost is looked for during a minute before it is repeated. */
const PATIENCE_MS = 300_000;
export const NAMES = ['ecscluster/shop', 'ecstaskdefinition/web', 'ecsservice/web'] as const;

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

async function removeShop(story: Story): Promise<void> {
  await story.remove(...NAMES);
  for (const name of NAMES) await story.gone(name, PATIENCE_MS);
}

/** The same change to each object, until it has come true for all of them. */
async function changeAll(story: Story, spec: object): Promise<void> {
  for (const name of NAMES) await story.patch(name, { spec });
  await allReady(story);
}

async function allReady(story: Story): Promise<void> {
  for (const name of NAMES) await story.until(name, 'Ready', isReady, PATIENCE_MS);
}

function isReady(object: StoryObject): boolean {
  const isCurrent = object.status.observedGeneration === object.metadata.generation;
  return isCurrent && condition(object, 'Ready')?.status === 'True';
}

function isSuspended(object: StoryObject): boolean {
  return condition(object, 'Suspended')?.status === 'True';
}

function teamTag(team: string): object {
  return { tags: [{ key: 'team', value: team }] };
}

function scaling(targetValue: number): object {
  const predefinedMetricSpecification = { predefinedMetricType: 'ECSServiceAverageCPUUtilization' };
  const targetTrackingScalingPolicyConfiguration = { targetValue, predefinedMetricSpecification };
  const policies = [{ name: 'cpu', policyType: 'TargetTrackingScaling', targetTrackingScalingPolicyConfiguration }];
  return { minCapacity: 2, maxCapacity: 6, policies };
}

/** Those of `make test`. */
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
    act: removeShop,
  },
];

/** Those of `make soak`. */
export const ALL_CRASH_SCENARIOS: readonly CrashScenario[] = [
  ...CRASH_SCENARIOS,
  {
    name: 'tags are put, changed and taken off',
    prepare: makeShop,
    async act(story) {
      await changeAll(story, teamTag('a'));
      await changeAll(story, teamTag('b'));
      await changeAll(story, { tags: null });
    },
  },
  {
    name: 'scaling is put, changed and taken out',
    prepare: makeShop,
    async act(story) {
      await story.patch('ecsservice/web', { spec: { desiredCount: null, scaling: scaling(50) } });
      await allReady(story);
      await story.patch('ecsservice/web', { spec: { scaling: scaling(60) } });
      await allReady(story);
      await story.patch('ecsservice/web', { spec: { desiredCount: 2, scaling: null } });
      await allReady(story);
    },
  },
  {
    name: 'deleted, and made again by the same names',
    prepare: makeShop,
    async act(story) {
      await removeShop(story);
      await story.apply(SHOP);
      await settled(story, 'Ready', 'web:2');
    },
  },
  {
    name: 'a retained shop is deleted',
    prepare: makeShop,
    async act(story) {
      await changeAll(story, { deletionPolicy: 'Retain' });
      await removeShop(story);
    },
  },
  {
    name: 'suspended, changed and resumed',
    prepare: makeShop,
    async act(story) {
      for (const name of NAMES) await story.patch(name, { spec: { suspend: true } });
      for (const name of NAMES) await story.until(name, 'suspended', isSuspended, PATIENCE_MS);
      await story.apply(image('2'));
      await changeAll(story, { suspend: false });
      await settled(story, 'Ready', 'web:2');
    },
  },
];
