import { describe, expect, test } from 'vitest';
import { openStage, type Stage } from '../../support/operator-stage.ts';
import { cluster, DEFINITION, definition } from '../scenarios/acts.ts';
import { busiestOf, isHot, isRestless, leftoversOf, unrestIn } from './calm.ts';

async function openCluster(): Promise<Stage> {
  const stage = await openStage();
  stage.start();
  stage.apply(cluster);
  await stage.clock.runUntil(() => stage.areReady('EcsCluster/shop'), { limitMs: 60_000 });
  await stage.clock.advance(30_000);
  return stage;
}

describe('what is calm', () => {
  test('is the most within ten seconds, at most twice as much and forty more than undisturbed', () => {
    const calls = [0, 1_000, 10_000, 10_500, 60_000];

    expect(busiestOf({ calls })).toBe(3);
    expect([isHot(46, 3), isHot(47, 3)]).toEqual([false, true]);
  });

  test('reads at rest no more than half as much again and twenty', () => {
    expect([isRestless(35, 10), isRestless(36, 10)]).toEqual([false, true]);
  });

  test('leaves nothing open', async () => {
    expect(await leftoversOf(await openCluster())).toEqual([]);
  });

  test('is not where a timer or a watch is left', async () => {
    const stage = await openCluster();
    stage.clock.schedule(3_600_000, () => undefined);
    const resource = { group: 'ecs-operator.dev', version: 'v1alpha1', plural: 'ecsclusters' };
    const options = { resourceVersion: '1', timeoutSeconds: 3_600 };
    const watch = stage.api.watch(resource, options, new AbortController().signal)[Symbol.asyncIterator]();
    await watch.next();

    expect(await leftoversOf(stage)).toEqual([
      expect.stringMatching(/timers are left/),
      expect.stringMatching(/watches are left/),
    ]);
  });

  test('is not where keys wait, or something is announced that nobody does', async () => {
    const stage = await openCluster();
    const before = unrestIn(stage);
    stage.apply(definition());
    await stage.clock.settle();
    stage.crash();
    stage.writeStatus(DEFINITION, { registering: { hash: 'a', at: '2026-01-01T00:00:00Z' } });

    expect(before).toEqual([]);
    expect(unrestIn(stage)).toEqual([`${DEFINITION} is registering at rest`]);
    expect(unrestIn({ ...stage, objects: () => [], operators: [{ depth: 2 }] })).toEqual([
      '2 keys are in the queues at rest',
    ]);
  });
});
