import { expect, test } from 'vitest';
import { conditionOf } from '../../src/runtime/reconcile/conditions.ts';
import { openStage, RESYNC_MS } from '../support/operator-stage.ts';
import type { ExampleObject } from '../support/rule-examples.ts';

const API_VERSION = 'ecs-operator.dev/v1alpha1';

const CLUSTER: ExampleObject = {
  apiVersion: API_VERSION,
  kind: 'EcsCluster',
  metadata: { name: 'shop' },
  spec: { capacityProviders: ['FARGATE', 'FARGATE_SPOT'] },
};
const DEFINITION: ExampleObject = {
  apiVersion: API_VERSION,
  kind: 'EcsTaskDefinition',
  metadata: { name: 'web' },
  spec: {
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    containerDefinitions: [{ name: 'web', image: 'shop/web:1' }],
  },
};
const SERVICE: ExampleObject = {
  apiVersion: API_VERSION,
  kind: 'EcsService',
  metadata: { name: 'web' },
  spec: {
    clusterRef: { name: 'shop' },
    taskDefinitionRef: { name: 'web' },
    capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }],
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
  },
};

test('a capacity provider that is taken away while a service runs on it is told at once, and goes once none does', async () => {
  const stage = await openStage();
  const { clock, simulator } = stage;
  const providers = (): unknown => simulator.world.clusters.get('shop')?.cluster.capacityProviders;
  stage.apply(CLUSTER, DEFINITION, SERVICE);
  stage.start();
  await clock.runUntil(() => stage.areReady('EcsCluster/shop', 'EcsService/web'), { limitMs: RESYNC_MS });

  stage.change('EcsCluster/shop', { capacityProviders: ['FARGATE'] });
  await clock.advance(1_000);
  const ready = conditionOf(stage.object('EcsCluster/shop')?.status.conditions, 'Ready');
  const stalled = stage.stalledBy('EcsCluster/shop');
  stage.change('EcsService/web', { capacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1 }] });
  await clock.advance(60_000);

  expect(ready).toMatchObject({
    status: 'False',
    reason: 'InUse',
    message: 'PutClusterCapacityProviders: The specified capacity provider is in use and cannot be removed.',
  });
  expect(stalled).toBeUndefined();
  expect([stage.areReady('EcsCluster/shop', 'EcsService/web'), providers()]).toEqual([true, ['FARGATE']]);
  stage.crash();
});
