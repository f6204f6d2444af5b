import { beforeEach, describe, expect, test } from 'vitest';
import { openStage, type Stage } from '../../support/operator-stage.ts';
import { BREAKER, serviceNamed } from '../../support/shop-objects.ts';
import { cluster, definition, STACK } from '../scenarios/acts.ts';
import { leaksIn } from './canary.ts';
import { liesIn } from './truth.ts';

let stage: Stage;

/** A stack that says Ready, and whose operator is gone. */
beforeEach(async () => {
  stage = await openStage();
  stage.start();
  stage.apply(cluster, definition(), serviceNamed('web', BREAKER));
  await stage.clock.runUntil(() => stage.areReady(...STACK), { limitMs: 600_000 });
  await stage.clock.advance(60_000);
  stage.crash();
});

describe('an object that says Ready', () => {
  test('tells no lie where all is as stated', () => {
    expect(liesIn(stage)).toEqual([]);
  });

  test('lies beside other settings of its cluster', () => {
    const record = stage.simulator.world.clusters.get('shop');
    Object.assign(record?.cluster ?? {}, { settings: [{ name: 'containerInsights', value: 'disabled' }] });

    expect(liesIn(stage)).toEqual(['EcsCluster/shop says Ready, and its settings is not as it is stated']);
  });

  test('lies beside another container of its revision', () => {
    for (const { definition: found } of stage.simulator.world.taskDefinitions.values())
      if (found.family === 'web') Object.assign(found.containerDefinitions?.[0] ?? {}, { environment: [] });

    expect(liesIn(stage)).toEqual([
      'EcsTaskDefinition/web says Ready, and the containerDefinitions of its revision is not as it is stated',
    ]);
  });

  test('lies beside another way of deploying', () => {
    for (const { service } of stage.simulator.world.services.values())
      Object.assign(service.deploymentConfiguration ?? {}, { deploymentCircuitBreaker: { enable: false } });

    expect(liesIn(stage)).toEqual([
      'EcsService/web says Ready, and its deploymentConfiguration is not as it is stated',
    ]);
  });
});

test('a metric that tells a secret is found', () => {
  expect(leaksIn(stage, [], 'a_total{name="canary-7f3a"} 1')).toEqual([
    expect.stringMatching(/^a metric tells a secret/),
  ]);
});
