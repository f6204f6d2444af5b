import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { type EcsAccount, isRolledOut, lookIntoAccount } from '../support/ecs-account.ts';
import { connectCluster } from '../support/kubectl.ts';
import { asFile, BREAKER, clusterNamed, definitionOf, serviceNamed } from '../support/shop-objects.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { condition, type Story, tellStory } from '../support/story.ts';
import { writesAbout } from '../support/witness.ts';

const GUIDE = join(import.meta.dirname, '..', '..', 'docs', 'guides', 'reading-status.md');

const kubernetes = connectCluster(inject('cluster'));
let stack: Stack;
let story: Story;
let account: EcsAccount;

beforeAll(async () => {
  stack = await startStack({ cluster: kubernetes, speed: 20 });
  stack.simulator.world.behaviours.add({ image: /broken/, becomes: 'cannot-pull', afterMs: 500 });
  story = tellStory(kubernetes, stack);
  account = lookIntoAccount(stack.ecs);
  await story.apply(clusterNamed('shop'));
});

afterAll(async () => {
  await stack[Symbol.asyncDispose]();
});

beforeEach(() => {
  stack.simulator.forgetCalls();
});

/** A service and its definition, both Ready. */
async function running(name: string, spec: object = {}): Promise<void> {
  await story.apply(asFile(definitionOf(name, `shop/${name}:1`), serviceNamed(name, { ...spec })));
  await story.ready(`ecsservice/${name}`);
}

/** The question's command, as the page has it, for another service. */
async function askAsTheGuideSays(question: string, name: string): Promise<string> {
  const page = await readFile(GUIDE, 'utf8');
  const [, after = ''] = page.split(`**${question}**`);
  const command = /```sh\nkubectl (.+)\n```/.exec(after)?.[1];
  if (command === undefined) throw new Error(`the page does not answer ${question}`);
  return await story.kubectl(...command.replaceAll("'", '').replace('ecsservice/web', `ecsservice/${name}`).split(' '));
}

describe('the three kinds in one file', () => {
  const KINDS = ['cluster', 'definition', 'service'] as const;
  const ORDERS = KINDS.flatMap((first) =>
    KINDS.filter((kind) => kind !== first).map((second) => {
      const third = KINDS.find((kind) => kind !== first && kind !== second) ?? first;
      return [first, second, third] as const;
    }),
  );

  test('become Ready in every order, because references wait', async () => {
    const names = ORDERS.map((_, index) => `order-${index}`);

    for (const [index, order] of ORDERS.entries()) {
      const name = `order-${index}`;
      const objects = {
        cluster: clusterNamed(name),
        definition: definitionOf(name, 'shop/web:1'),
        service: serviceNamed(name, { clusterRef: { name } }),
      };
      await story.apply(asFile(...order.map((kind) => objects[kind])));
    }
    for (const name of names) {
      for (const kind of ['ecscluster', 'ecstaskdefinition', 'ecsservice']) await story.ready(`${kind}/${name}`);
    }

    for (const name of names) {
      expect(isRolledOut(await account.service(name, name), `${name}:1`)).toBe(true);
      expect(writesAbout(stack, name).toSorted()).toEqual(['CreateCluster', 'CreateService', 'RegisterTaskDefinition']);
    }
  });

  test('wait for one another when they come one by one, and say for whom', async () => {
    await story.apply(serviceNamed('early', { clusterRef: { name: 'late' } }));
    const waiting = await story.until('ecsservice/early', 'waiting', (object) =>
      /EcsCluster late/.test(condition(object, 'Reconciling')?.message ?? ''),
    );
    await story.apply(definitionOf('early', 'shop/early:1'));
    await story.apply(clusterNamed('late'));
    await story.ready('ecsservice/early');

    expect(condition(waiting, 'Ready')).toMatchObject({ status: 'False', reason: 'DependencyNotReady' });
    expect(isRolledOut(await account.service('early', 'late'), 'early:1')).toBe(true);
  });
});

describe('the guide to reading status', () => {
  test('answers its four questions by the commands that it shows', async () => {
    const startedAt = Date.now();
    await story.apply(asFile(definitionOf('asked', 'shop/asked:1'), serviceNamed('asked', BREAKER)));
    const done = await askAsTheGuideSays('Is it done?', 'asked');
    const revision = await askAsTheGuideSays('Which revision runs?', 'asked');

    await story.apply(definitionOf('asked', 'shop/asked:broken'));
    const stalled = await story.stalled('ecsservice/asked', 'DeploymentFailed');
    const why = await askAsTheGuideSays('Why is it stuck?', 'asked');
    const since = await askAsTheGuideSays('Since when?', 'asked');

    expect(done).toContain('condition met');
    expect(revision).toBe('asked:1');
    expect(why).toContain('CannotPullContainerError');
    expect(since).toBe(condition(stalled, 'Ready')?.lastTransitionTime);
    expect(Date.parse(since)).toBeGreaterThan(startedAt - 1_000);
  });
});

describe('a new image', () => {
  test('makes one revision and one UpdateService, and the service is not Ready from before the registration on', async () => {
    await running('rolled');
    stack.simulator.forgetCalls();
    let atRegistration: string | undefined;
    const stopWatching = stack.simulator.onCall(async ({ action, phase }) => {
      if (action !== 'RegisterTaskDefinition' || phase !== 'before') return;
      atRegistration = condition(await story.get('ecsservice/rolled'), 'Ready')?.status;
    });

    await story.apply(definitionOf('rolled', 'shop/rolled:2'));
    const object = await story.until('ecsservice/rolled', 'Ready at revision 2', (seen) => {
      return condition(seen, 'Ready')?.status === 'True' && seen.status['revision'] === 'rolled:2';
    });
    const live = await account.service('rolled');
    stopWatching();

    expect(atRegistration).toBe('False');
    expect(isRolledOut(live, 'rolled:2')).toBe(true);
    expect(object.status).toMatchObject({ rolloutState: 'COMPLETED', runningCount: 2 });
    expect(object.status['taskDefinition']).toBe(live?.taskDefinition);
    expect(writesAbout(stack, 'rolled')).toEqual(['RegisterTaskDefinition', 'UpdateService']);
  });

  test('that is taken back uses the old revision', async () => {
    await running('reverted');
    await story.apply(definitionOf('reverted', 'shop/reverted:2'));
    await story.until('ecsservice/reverted', 'at revision 2', (seen) => seen.status['revision'] === 'reverted:2');
    await story.ready('ecsservice/reverted');
    stack.simulator.forgetCalls();

    await story.apply(definitionOf('reverted', 'shop/reverted:1'));
    await story.until('ecsservice/reverted', 'at revision 1', (seen) => seen.status['revision'] === 'reverted:1');
    await story.ready('ecsservice/reverted');

    expect(isRolledOut(await account.service('reverted'), 'reverted:1')).toBe(true);
    expect(await account.revisions('reverted')).toEqual(['reverted:1', 'reverted:2']);
    expect(writesAbout(stack, 'reverted')).toEqual(['UpdateService']);
  });

  test('supersedes a rollout that is still going', async () => {
    stack.simulator.world.behaviours.add({ image: /slow/, becomes: 'stuck-pending', afterMs: 1_000 });
    await running('superseded');

    await story.apply(definitionOf('superseded', 'shop/superseded:slow'));
    await story.until(
      'ecsservice/superseded',
      'rolling to revision 2',
      (seen) => seen.status['revision'] === 'superseded:2',
    );
    await story.apply(definitionOf('superseded', 'shop/superseded:3'));
    await story.until('ecsservice/superseded', 'at revision 3', (seen) => seen.status['revision'] === 'superseded:3');
    await story.ready('ecsservice/superseded');

    expect(isRolledOut(await account.service('superseded'), 'superseded:3')).toBe(true);
  });
});
