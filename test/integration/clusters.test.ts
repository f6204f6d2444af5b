import { CreateClusterCommand, DescribeClustersCommand, UpdateClusterCommand } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { connectCluster } from '../support/kubectl.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { condition, type Story, tellStory } from '../support/story.ts';
import { waitFor } from '../support/wait-for.ts';

const API = { apiVersion: 'ecs-operator.dev/v1alpha1', kind: 'EcsCluster' };

let stack: Stack;
let story: Story;

function cluster(name: string, spec: object = {}): object {
  return { ...API, metadata: { name }, spec };
}

async function live(name: string) {
  const include = ['TAGS', 'SETTINGS'] as const;
  const { clusters } = await stack.ecs.send(new DescribeClustersCommand({ clusters: [name], include: [...include] }));
  return clusters?.[0];
}

/** The writes since the last `forgetCalls` that were about a cluster of this name. */
function writesAbout(name: string): readonly string[] {
  return stack.simulator
    .writes()
    .filter(({ input }) => JSON.stringify(input).includes(name))
    .map(({ action }) => action);
}

beforeAll(async () => {
  const kubernetes = connectCluster(inject('cluster'));
  stack = await startStack({ cluster: kubernetes, speed: 20 });
  story = tellStory(kubernetes, stack);
});

afterAll(async () => {
  await stack[Symbol.asyncDispose]();
});

describe('an EcsCluster', () => {
  test('becomes a cluster in ECS with our tags, and says so', async () => {
    await story.apply(cluster('made', { settings: [{ name: 'containerInsights', value: 'enabled' }] }));

    const object = await story.ready('ecscluster/made');

    expect(object.status).toMatchObject({ state: 'ACTIVE', arn: expect.stringMatching(/:cluster\/made$/) });
    expect(object.status['location']).toEqual({ accountId: '123456789012', region: 'eu-central-1' });
    expect(await live('made')).toMatchObject({ settings: [{ name: 'containerInsights', value: 'enabled' }] });
    expect((await live('made'))?.tags).toContainEqual({ key: 'ecs-operator.dev/cluster-id', value: stack.clusterId });
  });

  test('is changed by one call when the object changes, and by none when it is applied again', async () => {
    await story.apply(cluster('changed'));
    await story.ready('ecscluster/changed');
    stack.simulator.forgetCalls();

    await story.apply(cluster('changed', { settings: [{ name: 'containerInsights', value: 'enhanced' }] }));
    const before = await story.ready('ecscluster/changed');
    await story.apply(cluster('changed', { settings: [{ name: 'containerInsights', value: 'enhanced' }] }));
    await story.look('ecscluster/changed');
    const after = await story.get('ecscluster/changed');

    expect(writesAbout('changed')).toEqual(['UpdateCluster']);
    expect(after?.metadata.generation).toBe(before.metadata.generation);
  });

  test('is mended when somebody changes it in ECS, with an Event', async () => {
    await story.apply(cluster('mended', { settings: [{ name: 'containerInsights', value: 'enabled' }] }));
    await story.ready('ecscluster/mended');

    const settings = [{ name: 'containerInsights', value: 'disabled' } as const];
    await stack.ecs.send(new UpdateClusterCommand({ cluster: 'mended', settings }));
    await story.look('ecscluster/mended');
    await waitFor(
      'the setting to be back',
      () => live('mended'),
      (found) => found?.settings?.[0]?.value === 'enabled',
    );

    await waitFor(
      'the Event',
      () => story.eventReasons('ecscluster/mended'),
      (all) => all.includes('DriftCorrected'),
    );
    expect(condition(await story.ready('ecscluster/mended'), 'Ready')?.reason).toBe('InSync');
  });

  test('is left alone where a stranger has one of that name, and adopted by its tags where that is asked for', async () => {
    await stack.ecs.send(new CreateClusterCommand({ clusterName: 'strange' }));
    stack.simulator.forgetCalls();

    await story.apply(cluster('strange'));
    const refused = await story.stalled('ecscluster/strange', 'NotOwned');
    const untouched = writesAbout('strange');
    await story.apply(cluster('strange', { adoptionPolicy: 'Adopt' }));
    await story.ready('ecscluster/strange');

    expect(condition(refused, 'Stalled')?.message).toContain('adoptionPolicy');
    expect(untouched).toEqual([]);
    expect(writesAbout('strange')).toEqual(['TagResource']);
  });

  test('is only looked at under Observe: no finalizer, no write, the difference told', async () => {
    await stack.ecs.send(new CreateClusterCommand({ clusterName: 'watched' }));
    stack.simulator.forgetCalls();
    const settings = [{ name: 'containerInsights', value: 'enabled' }];

    await story.apply(cluster('watched', { managementPolicy: 'Observe', settings }));
    const drifted = await story.stalled('ecscluster/watched', 'Drifted');
    await story.apply(cluster('watched', { managementPolicy: 'Observe' }));
    const equal = await story.ready('ecscluster/watched');
    await story.apply(cluster('unseen', { managementPolicy: 'Observe' }));
    await story.stalled('ecscluster/unseen', 'NotFound');

    expect(drifted.status['drift']).toHaveLength(1);
    expect(equal.metadata.finalizers).toEqual([]);
    expect([...writesAbout('watched'), ...writesAbout('unseen')]).toEqual([]);
  });

  test('stays, without our tags, where it is retained', async () => {
    await story.apply(cluster('retained', { deletionPolicy: 'Retain', tags: [{ key: 'team', value: 'shop' }] }));
    await story.ready('ecscluster/retained');

    await story.remove('ecscluster/retained');
    await story.gone('ecscluster/retained');

    expect(await live('retained')).toMatchObject({ status: 'ACTIVE', tags: [{ key: 'team', value: 'shop' }] });
  });

  test('is not touched while suspended, deletion included', async () => {
    await story.apply(cluster('suspended'));
    await story.ready('ecscluster/suspended');
    await story.patch('ecscluster/suspended', { spec: { suspend: true } });
    const isSuspended = (): Promise<unknown> =>
      story.until('ecscluster/suspended', 'Suspended', (object) => condition(object, 'Suspended')?.status === 'True');
    await isSuspended();
    stack.simulator.forgetCalls();

    await story.remove('ecscluster/suspended');
    const waiting = await story.until('ecscluster/suspended', 'told that deletion waits', (object) =>
      /being deleted/.test(condition(object, 'Suspended')?.message ?? ''),
    );
    const callsWhileSuspended = writesAbout('suspended');
    await story.patch('ecscluster/suspended', { spec: { suspend: null } });
    await story.gone('ecscluster/suspended');

    expect(waiting.metadata['deletionTimestamp']).toBeDefined();
    expect(callsWhileSuspended).toEqual([]);
    expect((await live('suspended'))?.status ?? 'MISSING').toMatch(/^(?:INACTIVE|MISSING)$/);
  });

  test('is gone from ECS when its object is deleted', async () => {
    await story.apply(cluster('deleted'));
    await story.ready('ecscluster/deleted');

    await story.remove('ecscluster/deleted');
    await story.gone('ecscluster/deleted');

    expect((await live('deleted'))?.status ?? 'MISSING').toMatch(/^(?:INACTIVE|MISSING)$/);
  });

  test('that ECS refuses is Stalled with its words, and is made once they are heeded', async () => {
    await story.apply(cluster('refused', { capacityProviders: ['nowhere'] }));

    const stalled = await story.stalled('ecscluster/refused', 'Rejected');
    await story.apply(cluster('refused', { capacityProviders: ['FARGATE'] }));

    expect(condition(stalled, 'Stalled')?.message).toMatch(/CreateCluster.*capacity provider was not found/);
    await story.ready('ecscluster/refused');
  });

  test('has its region and name fixed, refused with the reason when changed', async () => {
    await story.apply(cluster('fixed', { clusterName: 'fixed-name' }));

    await expect(story.apply(cluster('fixed', { clusterName: 'other' }))).rejects.toThrow(/cannot be changed/);
  });
});
