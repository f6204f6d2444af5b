import { UpdateTaskProtectionCommand } from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { type EcsAccount, lookIntoAccount } from '../support/ecs-account.ts';
import { connectCluster } from '../support/kubectl.ts';
import { asFile, clusterNamed, definitionOf, serviceNamed } from '../support/shop-objects.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { condition, type Story, tellStory } from '../support/story.ts';
import { waitFor } from '../support/wait-for.ts';
import { writesAbout } from '../support/witness.ts';

const CLUSTER = 'ecscluster/shop';
const DEFINITION = 'ecstaskdefinition/web';
const SERVICE = 'ecsservice/web';

const kubernetes = connectCluster(inject('cluster'));
let stack: Stack;
let story: Story;
let account: EcsAccount;

/** Every story begins with a shop that runs. The operator lives apart, so that its rights do not go with the shop's namespace. */
beforeEach(async () => {
  const environment = { ECS_OPERATOR_LEADER_ELECTION: 'false' };
  stack = await startStack({ cluster: kubernetes, speed: 20, livesApart: true, environment });
  story = tellStory(kubernetes, stack);
  account = lookIntoAccount(stack.ecs);
  await story.apply(SHOP);
  await story.ready(SERVICE);
  stack.simulator.forgetCalls();
});

afterEach(async () => {
  await stack[Symbol.asyncDispose]();
});

const SHOP = asFile(clusterNamed('shop'), definitionOf('web', 'shop/web:1'), serviceNamed('web'));

/** What ECS still has of ours. */
async function remains(): Promise<readonly string[]> {
  const service = await account.service('web');
  const cluster = await account.cluster('shop');
  const tasks = [...stack.simulator.world.tasks.values()].filter(({ task }) => task.desiredStatus !== 'STOPPED');
  return [
    ...(service === undefined || service.status === 'INACTIVE' ? [] : [`service ${service.status}`]),
    ...(cluster === undefined || cluster.status === 'INACTIVE' ? [] : [`cluster ${cluster.status}`]),
    ...(await account.activeRevisions()),
    ...tasks.map(({ task }) => `task ${task.taskArn}`),
  ];
}

async function allGone(): Promise<void> {
  for (const name of [SERVICE, DEFINITION, CLUSTER]) await story.gone(name);
}

function waitingOf(name: string, reason: string) {
  return story.until(name, `waiting, ${reason}`, (object) => condition(object, 'Reconciling')?.reason === reason);
}

describe('a shop', () => {
  test('goes as a whole when its file is deleted, and kubectl delete returns', async () => {
    const { code, stderr } = await kubernetes.kubectl(
      ['delete', '--namespace', stack.namespace, '--timeout=60s', '-f', '-'],
      { input: SHOP },
    );

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    await allGone();
    expect(await remains()).toEqual([]);
    expect(writesAbout(stack, 'web', 'shop').toSorted()).toEqual([
      'DeleteCluster',
      'DeleteService',
      'DeleteTaskDefinitions',
      'DeregisterTaskDefinition',
      'UpdateService',
    ]);
  });

  test('goes with its namespace, which ends', async (context) => {
    context.skip(!kubernetes.access.hasControllers, 'no controller ends namespaces here');
    await kubernetes.kubectl(['delete', 'namespace', stack.namespace, '--wait=false']);

    await waitFor(
      'the namespace to end',
      () => kubernetes.get('namespace', undefined, stack.namespace),
      (found) => found === undefined,
      { timeoutMs: 120_000, operator: stack.operator },
    );
    // It is held to no rights: a namespace that ends refuses whatever is to be made in it, such as the last Events.
    await stack.operator.kill();

    expect(await remains()).toEqual([]);
  });

  test('goes when the cluster is deleted first: it waits for its service and names it', async () => {
    await story.remove(CLUSTER);
    const waiting = await story.until(CLUSTER, 'waiting for the service', (object) =>
      /\bweb\b/.test(condition(object, 'Reconciling')?.message ?? ''),
    );
    const isServing = (await account.service('web'))?.runningCount;
    await story.remove(SERVICE, DEFINITION);
    await allGone();

    expect(waiting.metadata['deletionTimestamp']).toBeDefined();
    expect(isServing).toBe(2);
    expect(await remains()).toEqual([]);
  });

  test('goes when the definition is deleted first: it is in use until the service goes', async () => {
    await story.remove(DEFINITION);
    const inUse = await waitingOf(DEFINITION, 'InUse');
    const meanwhile = await account.activeRevisions();
    await story.remove(SERVICE, CLUSTER);
    await allGone();

    expect(condition(inUse, 'Reconciling')?.message).toContain('EcsService web');
    expect(meanwhile).toEqual(['web:1']);
    expect(await remains()).toEqual([]);
  });

  test('is made again when its file comes again while it goes', async () => {
    await story.remove(SERVICE, DEFINITION, CLUSTER);
    await allGone();
    await story.apply(SHOP);
    await story.ready(SERVICE);

    expect((await account.service('web'))?.runningCount).toBe(2);
    expect(await account.activeRevisions()).toEqual(['web:2']);
  });
});

describe('a service that drains', () => {
  test('waits for a protected task; forceDelete, set meanwhile, has ECS delete it all the same', async () => {
    const [task = ''] = [...stack.simulator.world.tasks.keys()];
    await stack.ecs.send(new UpdateTaskProtectionCommand({ cluster: 'shop', tasks: [task], protectionEnabled: true }));
    await story.remove(SERVICE);
    const draining = await story.until(SERVICE, 'held by one task', (object) =>
      /\b1 running and 0 pending/.test(condition(object, 'Reconciling')?.message ?? ''),
    );

    await story.patch(SERVICE, { spec: { forceDelete: true } });
    const deleting = await waitFor(
      'ECS to be asked for the deletion',
      () => stack.simulator.writes().find(({ action }) => action === 'DeleteService'),
      (found) => found !== undefined,
      { operator: stack.operator },
    );
    await stack.ecs.send(new UpdateTaskProtectionCommand({ cluster: 'shop', tasks: [task], protectionEnabled: false }));
    await story.gone(SERVICE);

    expect(condition(draining, 'Reconciling')).toMatchObject({
      reason: 'Draining',
      message: expect.stringContaining('spec.forceDelete'),
    });
    expect(deleting?.input).toMatchObject({ service: 'web', force: true });
    expect(writesAbout(stack, 'web')).toEqual(['UpdateService', 'DeleteService']);
    expect((await account.service('web'))?.status).toBe('INACTIVE');
  });
});

describe('deletion', () => {
  test('of a service whose cluster is gone from ECS already is not held by that', async () => {
    await stack.operator.kill();
    stack.simulator.world.services.clear();
    stack.simulator.world.tasks.clear();
    stack.simulator.world.clusters.clear();
    await story.remove(CLUSTER, SERVICE, DEFINITION);
    await stack.restartOperator();

    await allGone();

    expect(await remains()).toEqual([]);
  });

  test('makes nothing again: a service that is gone from ECS stays gone', async () => {
    await stack.operator.kill();
    stack.simulator.world.services.clear();
    stack.simulator.world.tasks.clear();
    await story.remove(SERVICE);
    await stack.restartOperator();
    await story.gone(SERVICE);

    expect(writesAbout(stack, 'web')).toEqual([]);
  });
});
