import { ECS } from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { realClock } from './clock.ts';
import { type ServedSimulator, serveSimulator } from './http.ts';
import { createSimulator, type Simulator } from './simulator.ts';

let simulator: Simulator;
let served: ServedSimulator;
let ecs: ECS;

beforeEach(async () => {
  simulator = createSimulator({ clock: realClock() });
  served = await serveSimulator(simulator, { port: 0 });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  ecs = new ECS({ endpoint: served.url, region: 'eu-central-1', credentials, maxAttempts: 1 });
});

afterEach(async () => {
  ecs.destroy();
  await served.close();
});

describe('the simulator over HTTP', () => {
  test('answers as in process, because both fronts have one engine', async () => {
    const { cluster, $metadata } = await ecs.createCluster({ clusterName: 'shop' });
    const { taskDefinition } = await ecs.registerTaskDefinition({
      family: 'web',
      containerDefinitions: [{ name: 'web', image: 'web:1', memory: 64 }],
    });

    expect(cluster?.clusterArn).toBe('arn:aws:ecs:eu-central-1:123456789012:cluster/shop');
    expect(taskDefinition?.registeredAt).toBeInstanceOf(Date);
    expect($metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('answers an exception with its class and status, because clients act upon them', async () => {
    await expect(ecs.deleteCluster({ cluster: 'none' })).rejects.toMatchObject({
      name: 'ClusterNotFoundException',
      message: 'Cluster not found.',
      $metadata: { httpStatusCode: 400 },
    });
  });

  test('ends the connection for a reset after the effect, because the effect stays', async () => {
    simulator.faults.add({ action: 'CreateCluster', nth: 1, when: 'after', error: 'reset' });

    await expect(ecs.createCluster({ clusterName: 'shop' })).rejects.toMatchObject({ code: 'ECONNRESET' });

    expect((await ecs.listClusters({})).clusterArns).toHaveLength(1);
  });

  test.for([
    ['an unknown target', 'it is not ours', 'Other.Thing', '{}', 'UnknownOperationException'],
    ['no JSON', 'it cannot be read', 'AmazonEC2ContainerServiceV20141113.ListClusters', '{', 'SerializationException'],
    [
      'an unknown member',
      'the SDK would have dropped it',
      'AmazonEC2ContainerServiceV20141113.ListClusters',
      '{"many":1}',
      'SerializationException',
    ],
  ] as const)('refuses %s, because %s', async ([, , target, body, type]) => {
    const answer = await fetch(served.url, { method: 'POST', headers: { 'x-amz-target': target }, body });

    expect(answer.status).toBe(400);
    expect(answer.headers.get('x-amzn-errortype')).toBe(type);
    expect(await answer.json()).toMatchObject({ __type: type });
  });

  test('takes null for absent, because some clients send it', async () => {
    const answer = await fetch(served.url, {
      method: 'POST',
      headers: { 'x-amz-target': 'AmazonEC2ContainerServiceV20141113.CreateCluster' },
      body: '{"clusterName":"shop","tags":null}',
    });

    expect(answer.status).toBe(200);
  });
});
