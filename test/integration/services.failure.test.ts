import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { killAt, type Write } from '../support/crash.ts';
import { type EcsAccount, isRolledOut, lookIntoAccount } from '../support/ecs-account.ts';
import { connectCluster } from '../support/kubectl.ts';
import { asFile, BREAKER, clusterNamed, definitionOf, serviceNamed } from '../support/shop-objects.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { condition, type Story, type StoryObject, tellStory } from '../support/story.ts';
import { waitFor } from '../support/wait-for.ts';
import { passLooks, writesAbout } from '../support/witness.ts';

const RESTART_AT = 'ecs-operator.dev/restart-at';

const kubernetes = connectCluster(inject('cluster'));
let stack: Stack;
let story: Story;
let account: EcsAccount;

beforeAll(async () => {
  const environment = { ECS_OPERATOR_RESYNC_INTERVAL: '2s', ECS_OPERATOR_LEADER_ELECTION: 'false' };
  stack = await startStack({ cluster: kubernetes, speed: 20, environment });
  stack.simulator.world.behaviours.add({ image: /broken/, becomes: 'cannot-pull', afterMs: 500 });
  story = tellStory(kubernetes, stack);
  account = lookIntoAccount(stack.ecs);
  await story.apply(clusterNamed('shop'));
});

afterAll(async () => {
  await stack[Symbol.asyncDispose]();
});

async function running(name: string, spec: object = {}): Promise<StoryObject> {
  await story.apply(asFile(definitionOf(name, `shop/${name}:1`), serviceNamed(name, { ...spec })));
  return await story.ready(`ecsservice/${name}`);
}

/** Waits until it is Ready with that revision. */
async function readyAt(name: string, revision: string): Promise<StoryObject> {
  await story.until(`ecsservice/${name}`, `at ${revision}`, ({ status }) => status['revision'] === revision);
  return await story.ready(`ecsservice/${name}`);
}

async function wipeStatus(...names: readonly string[]): Promise<void> {
  for (const name of names) await story.patch(name, { status: null }, '--subresource=status');
}

function isForced(name: string): (write: Write) => boolean {
  return ({ action, input }) =>
    action === 'UpdateService' &&
    Reflect.get(input, 'service') === name &&
    Reflect.get(input, 'forceNewDeployment') === true;
}

function forcedDeployments(name: string): number {
  return stack.simulator.writes().filter((write) => write.effect && isForced(name)(write)).length;
}

async function deploymentOf(name: string): Promise<string | undefined> {
  return (await account.service(name))?.deployments?.[0]?.id;
}

async function replaced(name: string, before: string | undefined): Promise<void> {
  await waitFor(
    `a new deployment of ${name}`,
    () => deploymentOf(name),
    (id) => id !== before,
    { timeoutMs: 60_000, operator: stack.operator },
  );
  await story.ready(`ecsservice/${name}`);
}

describe('a service that ECS refuses', () => {
  test('is Stalled with its words, and is made once they are heeded', async () => {
    const service = serviceNamed('odd', { platformVersion: '9.9.9' });
    await story.apply(asFile(definitionOf('odd', 'shop/odd:1'), service));

    const stalled = await story.stalled('ecsservice/odd', 'Rejected');
    await story.apply(serviceNamed('odd', { platformVersion: 'LATEST' }));

    expect(condition(stalled, 'Stalled')?.message).toMatch(/CreateService.*platform does not exist/);
    await story.ready('ecsservice/odd');
  });
});

describe('an image that cannot be pulled', () => {
  test("is Stalled with ECS's and the tasks' reasons where a circuit breaker answers, and not tried again by an operator that has lost all memory", async () => {
    await running('breaker', BREAKER);
    await story.apply(definitionOf('breaker', 'shop/breaker:broken'));
    const stalled = await story.stalled('ecsservice/breaker', 'DeploymentFailed');
    const afterRollback = await account.service('breaker');

    await stack.operator.kill();
    await wipeStatus('ecsservice/breaker', 'ecstaskdefinition/breaker', 'ecscluster/shop');
    stack.simulator.forgetCalls();
    await stack.restartOperator();
    const again = await story.stalled('ecsservice/breaker', 'DeploymentFailed');
    await passLooks(stack, 3, 'breaker');
    const written = writesAbout(stack, 'breaker', 'shop');

    expect(condition(stalled, 'Stalled')?.message).toMatch(/breaker:2.*circuit breaker.*CannotPullContainerError/s);
    expect(condition(stalled, 'Stalled')?.message).toContain(
      `Fix the image in EcsTaskDefinition ${stack.namespace}/breaker`,
    );
    expect(condition(stalled, 'Ready')).toMatchObject({ status: 'False', reason: 'DeploymentFailed' });
    expect(isRolledOut(afterRollback, 'breaker:1')).toBe(true);
    expect(condition(again, 'Stalled')?.message).toBe(condition(stalled, 'Stalled')?.message);
    expect(written).toEqual([]);

    await story.apply(definitionOf('breaker', 'shop/breaker:3'));
    await readyAt('breaker', 'breaker:3');

    expect(isRolledOut(await account.service('breaker'), 'breaker:3')).toBe(true);
    expect(writesAbout(stack, 'breaker')).toEqual(['RegisterTaskDefinition', 'UpdateService']);
    expect(await story.eventReasons('ecsservice/breaker')).toEqual(
      expect.arrayContaining(['DeploymentFailed', 'TaskStopped']),
    );
  });

  test('is told to get nowhere, with the reasons, where no circuit breaker ends it; mended, it rolls on', async () => {
    await running('endless');
    await story.apply(definitionOf('endless', 'shop/endless:broken'));
    const stuck = await story.until('ecsservice/endless', 'not progressing', (object) =>
      /CannotPullContainerError/.test(condition(object, 'Reconciling')?.message ?? ''),
    );
    await story.apply(definitionOf('endless', 'shop/endless:3'));
    await readyAt('endless', 'endless:3');

    expect(condition(stuck, 'Ready')).toMatchObject({ status: 'False', reason: 'DeploymentNotProgressing' });
    expect(condition(stuck, 'Stalled')).toBeUndefined();
    expect(isRolledOut(await account.service('endless'), 'endless:3')).toBe(true);
  });

  test('is tried again when that is asked for, and only then', async () => {
    const push = stack.simulator.world.behaviours.add({ image: /unpushed/, becomes: 'cannot-pull', afterMs: 500 });
    await running('retried', BREAKER);
    await story.apply(definitionOf('retried', 'shop/retried:unpushed'));
    await story.stalled('ecsservice/retried', 'DeploymentFailed');
    push();
    await passLooks(stack, 3, 'retried');
    const untried = await account.service('retried');

    await story.annotate('ecsservice/retried', { [RESTART_AT]: 'try-again' });
    await readyAt('retried', 'retried:2');

    expect(isRolledOut(untried, 'retried:1')).toBe(true);
    expect(isRolledOut(await account.service('retried'), 'retried:2')).toBe(true);
  });
});

describe('a restart that is asked for by annotation', () => {
  test('is one forced deployment, also when the operator is killed before or after ECS has heard of it', async () => {
    const names = ['calm', 'unheard', 'unanswered'];
    for (const name of names) await running(name);
    const before = new Map<string, string | undefined>();
    for (const name of names) before.set(name, await deploymentOf(name));
    stack.simulator.forgetCalls();

    await story.annotate('ecsservice/calm', { [RESTART_AT]: 'once' });
    await replaced('calm', before.get('calm'));
    for (const [name, phase] of [
      ['unheard', 'before'],
      ['unanswered', 'after'],
    ] as const) {
      const killed = killAt(stack, phase, isForced(name));
      await story.annotate(`ecsservice/${name}`, { [RESTART_AT]: 'once' });
      await killed;
      await stack.restartOperator();
    }
    await replaced('unanswered', before.get('unanswered'));
    await replaced('unheard', before.get('unheard'));
    await passLooks(stack, 3, ...names);

    expect(names.map((name) => [name, forcedDeployments(name)])).toEqual(names.map((name) => [name, 1]));
    for (const name of names) expect(await account.revisions(name)).toEqual([`${name}:1`]);
  });
});
