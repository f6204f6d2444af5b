import { describe, expect, test } from 'vitest';
import { isRead } from '../simulator/recording.ts';
import { openStage, type Stage } from '../support/operator-stage.ts';
import { clusterNamed, definitionOf, serviceNamed } from '../support/shop-objects.ts';

const ADOPT = { adoptionPolicy: 'Adopt' };
const CLUSTER = clusterNamed('shop', ADOPT);
const DEFINITION = definitionOf('web', 'shop/web:1', ADOPT);
const SERVICE = serviceNamed('web', ADOPT);
const ALL = ['EcsCluster/shop', 'EcsTaskDefinition/web', 'EcsService/web'] as const;

/** What somebody made by hand: so many equal revisions, and a service that runs one of them. */
async function openWithStack({ revisions, runs }: { readonly revisions: number; readonly runs: string }) {
  const stage = await openStage();
  const { simulator, clock } = stage;
  await simulator.call('CreateCluster', { clusterName: 'shop' });
  for (let made = 0; made < revisions; made += 1) {
    await simulator.call('RegisterTaskDefinition', { family: 'web', ...withoutPolicy(DEFINITION.spec) });
  }
  const { clusterRef: _cluster, taskDefinitionRef: _definition, ...service } = withoutPolicy(SERVICE.spec);
  await simulator.call('CreateService', { ...service, cluster: 'shop', serviceName: 'web', taskDefinition: runs });
  await clock.advance(300_000);
  simulator.forgetCalls();
  return stage;
}

function withoutPolicy(stated: Readonly<Record<string, unknown>>) {
  const { adoptionPolicy: _policy, ...spec } = stated;
  return spec;
}

function writesOf({ simulator }: Stage): readonly string[] {
  const writes = simulator.calls.filter(({ action }) => !isRead(action)).map(({ action }) => action);
  return [...new Set(writes)];
}

describe('adopting a stack that equals its objects', () => {
  test.for([
    { order: 'in the order of their references', objects: [CLUSTER, DEFINITION, SERVICE] },
    { order: 'the other way round', objects: [SERVICE, DEFINITION, CLUSTER] },
  ])('tags and does nothing else, $order, whichever equal revision runs', async ({ objects }) => {
    const stage = await openWithStack({ revisions: 3, runs: 'web:2' });
    stage.start();

    for (const object of objects) {
      stage.apply(object);
      await stage.clock.advance(200);
    }
    await stage.clock.runUntil(() => stage.areReady(...ALL));

    expect(writesOf(stage)).toEqual(['TagResource']);
    expect(stage.object('EcsTaskDefinition/web')?.status['revision']).toBe('web:2');
    stage.crash();
  });

  test('finds a revision that runs beyond the newest ones', async () => {
    const stage = await openWithStack({ revisions: 9, runs: 'web:2' });
    stage.start();

    stage.apply(CLUSTER, DEFINITION, SERVICE);
    await stage.clock.runUntil(() => stage.areReady(...ALL));

    expect(writesOf(stage)).toEqual(['TagResource']);
    expect(stage.object('EcsService/web')?.status['revision']).toBe('web:2');
    stage.crash();
  });

  test('does not wait for long where no service comes', async () => {
    const stage = await openWithStack({ revisions: 3, runs: 'web:2' });
    stage.start();

    stage.apply(DEFINITION);
    await stage.clock.runUntil(() => stage.areReady('EcsTaskDefinition/web'), { limitMs: 15_000 });

    expect(stage.object('EcsTaskDefinition/web')?.status['revision']).toBe('web:3');
    stage.crash();
  });

  test('waits for nothing where there is one revision', async () => {
    const stage = await openWithStack({ revisions: 1, runs: 'web:1' });
    stage.start();

    stage.apply(CLUSTER, DEFINITION);
    await stage.clock.runUntil(() => stage.areReady('EcsTaskDefinition/web'), { limitMs: 3_000 });

    expect(writesOf(stage)).toEqual(['TagResource']);
    stage.crash();
  });
});
