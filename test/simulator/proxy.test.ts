import { ECS } from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CallPath } from './call-path.ts';
import { createManualClock, realClock } from './clock.ts';
import { type ServedSimulator, serveSimulator } from './http.ts';
import { createProxy } from './proxy.ts';
import { createSimulator, type Simulator } from './simulator.ts';

let behind: Simulator;
let proxy: CallPath;
let served: AsyncDisposableStack;
let endpoint: string;
let ecs: ECS;

beforeEach(async () => {
  served = new AsyncDisposableStack();
  behind = createSimulator({ clock: createManualClock(Date.UTC(2026, 0, 1)) });
  endpoint = (await serve(behind)).url;
  proxy = createProxy({ endpoint, clock: realClock() });
  ecs = connectTo(await serve(proxy));
});

afterEach(() => served.disposeAsync());

async function serve(path: CallPath): Promise<ServedSimulator> {
  const server = await serveSimulator(path, { port: 0 });
  served.defer(() => server.close());
  return server;
}

function connectTo({ url }: ServedSimulator): ECS {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new ECS({ endpoint: url, region: 'eu-central-1', credentials, maxAttempts: 1 });
  served.defer(() => client.destroy());
  return client;
}

describe('a proxy before another ECS', () => {
  test('answers as the ECS behind it, because it adds nothing where nothing is asked for', async () => {
    const { cluster } = await ecs.createCluster({ clusterName: 'shop', tags: [{ key: 'team', value: 'shop' }] });
    const { taskDefinition } = await ecs.registerTaskDefinition({
      family: 'web',
      containerDefinitions: [{ name: 'web', image: 'web:1', memory: 64 }],
    });

    expect(cluster?.clusterArn).toBe('arn:aws:ecs:eu-central-1:123456789012:cluster/shop');
    expect(taskDefinition?.registeredAt).toEqual(new Date(Date.UTC(2026, 0, 1)));
    expect(behind.world.clusters.get('shop')?.tags).toEqual([{ key: 'team', value: 'shop' }]);
  });

  test('passes exceptions on with class, message and status, because clients act upon them', async () => {
    await expect(ecs.deleteCluster({ cluster: 'none' })).rejects.toMatchObject({
      name: 'ClusterNotFoundException',
      message: 'Cluster not found.',
      $metadata: { httpStatusCode: 400 },
    });
  });

  test('passes the signature on, because emulators read account and Region from it', async () => {
    const seen: string[] = [];
    const witness = await serve({
      ...behind,
      call(action, input, headers = {}) {
        seen.push(headers['authorization'] ?? '');
        return behind.call(action, input);
      },
    });
    const before = createProxy({ endpoint: witness.url, clock: realClock(), region: 'eu-north-1' });

    await connectTo(await serve(before)).listClusters({});
    await before.call('ListClusters', {});

    expect(seen).toEqual([
      expect.stringContaining('/eu-central-1/ecs/aws4_request'),
      expect.stringContaining('/eu-north-1/ecs/aws4_request'),
    ]);
  });

  test('puts a refusal before the call, which then does not arrive', async () => {
    const error = { name: 'ServerException', message: 'again', status: 500 };
    proxy.faults.add({ action: 'CreateCluster', nth: 1, when: 'before', error });

    await expect(ecs.createCluster({ clusterName: 'shop' })).rejects.toMatchObject({ name: 'ServerException' });

    expect(behind.calls).toEqual([]);
    expect(proxy.writes()).toMatchObject([{ action: 'CreateCluster', outcome: 'ServerException', effect: false }]);
  });

  test('loses an answer after the effect, because the ECS behind has heard of nothing', async () => {
    proxy.faults.add({ action: 'CreateCluster', nth: 1, when: 'after', error: 'reset' });

    await expect(ecs.createCluster({ clusterName: 'shop' })).rejects.toMatchObject({ code: 'ECONNRESET' });

    expect(behind.calls).toMatchObject([{ action: 'CreateCluster', outcome: 'ok' }]);
    expect(proxy.writes()).toMatchObject([{ action: 'CreateCluster', outcome: 'ConnectionReset', effect: true }]);
  });

  test('counts calls against the documented quotas, whatever the ECS behind allows', async () => {
    const throttling = createProxy({ endpoint, clock: createManualClock(0), throttle: true });

    const names = await Promise.all(
      Array.from({ length: 21 }, (_, index) =>
        throttling.call('CreateCluster', { clusterName: `c${index}` }).then(
          () => 'ok',
          (error: Error) => error.name,
        ),
      ),
    );

    expect(names.filter((name) => name === 'ok')).toHaveLength(20);
    expect(names.filter((name) => name === 'ThrottlingException')).toHaveLength(1);
  });

  test('takes its time, by its own clock', async () => {
    const clock = createManualClock(0);
    const slow = createProxy({ endpoint, clock, latencyMs: 500 });

    const answer = slow.call('ListClusters', {});
    await clock.advance(499);
    const callsBefore = behind.calls.length;
    await clock.advance(1);

    await expect(answer).resolves.toEqual({ clusterArns: [] });
    expect(callsBefore).toBe(0);
  });

  test('tells what comes before and after the effect, because a test may act in between', async () => {
    const seen: string[] = [];
    proxy.onCall(({ action, phase }) => void seen.push(`${phase} ${action}, ${behind.world.clusters.size} clusters`));

    await ecs.createCluster({ clusterName: 'shop' });

    expect(seen).toEqual(['before CreateCluster, 0 clusters', 'after CreateCluster, 1 clusters']);
  });

  test('refuses faults that ask for old answers, because it keeps no world', () => {
    expect(() => proxy.faults.add({ when: 'before', stale: true })).toThrow('a proxy cannot answer as the world was');
  });

  test('loses the connection where no ECS is behind it, as one that is down would', async () => {
    const gone = await serveSimulator(behind, { port: 0 });
    await gone.close();
    const nowhere = createProxy({ endpoint: gone.url, clock: realClock() });

    await expect(nowhere.call('ListClusters', {})).rejects.toMatchObject({ name: 'ConnectionReset' });
  });
});
