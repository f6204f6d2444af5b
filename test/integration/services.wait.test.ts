import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type EcsAccount, isRolledOut, lookIntoAccount } from '../support/ecs-account.ts';
import { connectCluster } from '../support/kubectl.ts';
import { asFile, clusterNamed, definitionOf, serviceNamed } from '../support/shop-objects.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { type Story, tellStory } from '../support/story.ts';

/** So many services take turns at the same time, as most of a roll is waiting. */
const SERVICES = 10;
const ROUNDS = 10;
/** What a script does between `kubectl apply` and `kubectl wait`. */
const PAUSE_MS = 500;

const kubernetes = connectCluster(inject('cluster'));
let stack: Stack;
let story: Story;
let account: EcsAccount;

beforeAll(async () => {
  // A roll takes longer than the pause, so that a wait which returns too early finds it under way.
  const timings = { taskStartMs: 1_000, taskStopMs: 200, steadyMs: 200 };
  stack = await startStack({ cluster: kubernetes, simulator: { timings } });
  story = tellStory(kubernetes, stack);
  account = lookIntoAccount(stack.ecs);
});

afterAll(async () => {
  await stack[Symbol.asyncDispose]();
});

async function waitAsAScriptWould(name: string): Promise<void> {
  await story.kubectl('wait', '--for=condition=Ready', `ecsservice/${name}`, '--timeout=60s');
}

test(`kubectl wait half a second after the apply returns only after the roll, ${SERVICES * ROUNDS} times`, async () => {
  const names = Array.from({ length: SERVICES }, (_, index) => `turn-${index}`);
  await story.apply(clusterNamed('shop'));
  const file = names.flatMap((name) => [definitionOf(name, `shop/${name}:1`), serviceNamed(name)]);
  await story.apply(asFile(...file));
  await Promise.all(names.map(waitAsAScriptWould));
  stack.simulator.forgetCalls();

  const tooEarly: string[] = [];
  await Promise.all(
    names.map(async (name) => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const wanted = round % 2 === 0 ? 2 : 1;
        await story.apply(definitionOf(name, `shop/${name}:${wanted}`));
        await sleep(PAUSE_MS);
        await waitAsAScriptWould(name);
        const live = await account.service(name);
        if (!isRolledOut(live, `${name}:${wanted}`)) tooEarly.push(`${name} in round ${round}`);
      }
    }),
  );

  expect(tooEarly).toEqual([]);
  expect(stack.simulator.writes().filter(({ action }) => action === 'UpdateService')).toHaveLength(SERVICES * ROUNDS);
  expect(stack.simulator.writes().filter(({ action }) => action === 'RegisterTaskDefinition')).toHaveLength(SERVICES);
});
