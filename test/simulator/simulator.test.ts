import { ECS } from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import { createManualClock, type ManualClock } from './clock.ts';
import { createSimulator, type Simulator, type SimulatorOptions } from './simulator.ts';

const START_MS = Date.UTC(2026, 0, 1);

interface Ground {
  clock: ManualClock;
  simulator: Simulator;
  ecs: ECS;
}

function open(options: Partial<SimulatorOptions> = {}): Ground {
  const clock = createManualClock(START_MS);
  const simulator = createSimulator({ clock, ...options });
  return { clock, simulator, ecs: clientOf(simulator) };
}

function clientOf(simulator: Simulator): ECS {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return new ECS({ region: 'eu-central-1', credentials, maxAttempts: 1, requestHandler: simulator.requestHandler() });
}

const RESET = { action: 'CreateCluster', error: 'reset' } as const;

describe('faults', () => {
  test('a reset before the effect leaves nothing, because the request never arrived', async () => {
    const { simulator, ecs } = open();
    const fault = simulator.faults.add({ ...RESET, nth: 1, when: 'before' });

    await expect(ecs.createCluster({ clusterName: 'shop' })).rejects.toMatchObject({ code: 'ECONNRESET' });

    expect(simulator.world.clusters.size).toBe(0);
    expect(fault.fired).toBe(1);
    expect(simulator.calls).toMatchObject([{ action: 'CreateCluster', outcome: 'ConnectionReset', effect: false }]);
  });

  test('a reset after the effect loses only the answer, because that is what a client must survive', async () => {
    const { simulator, ecs } = open();
    simulator.faults.add({ ...RESET, nth: 1, when: 'after' });

    await expect(ecs.createCluster({ clusterName: 'shop' })).rejects.toMatchObject({ code: 'ECONNRESET' });

    expect([...simulator.world.clusters.keys()]).toEqual(['shop']);
    expect(simulator.calls).toMatchObject([{ outcome: 'ConnectionReset', effect: true }]);
  });

  test('an error comes as the exception that the SDK models, because the operator classifies by it', async () => {
    const { simulator, ecs } = open();
    const error = { name: 'ServerException', message: 'Service Unavailable. Please try again later.', status: 500 };
    simulator.faults.add({ when: 'before', error });

    await expect(ecs.listClusters({})).rejects.toMatchObject({
      name: 'ServerException',
      $fault: 'server',
      $metadata: { httpStatusCode: 500 },
    });
  });

  test('nth and times count calls of their action only, because a test aims at one of them', async () => {
    const { simulator, ecs } = open();
    const error = { name: 'ClientException', message: 'no' };
    const fault = simulator.faults.add({ action: /^Create/, nth: 2, times: 2, when: 'before', error });
    const outcomes: string[] = [];

    for (const clusterName of ['a', 'b', 'c', 'd']) {
      await ecs.listClusters({});
      outcomes.push(
        await ecs.createCluster({ clusterName }).then(
          () => 'ok',
          (reason: Error) => reason.name,
        ),
      );
    }

    expect(outcomes).toEqual(['ok', 'ClientException', 'ClientException', 'ok']);
    expect(fault.fired).toBe(2);
  });

  test('are gone once removed, because a story goes on after its trouble', async () => {
    const { simulator, ecs } = open();
    const fault = simulator.faults.add({ when: 'before', error: 'reset' });
    fault.remove();

    await expect(ecs.listClusters({})).resolves.toMatchObject({ clusterArns: [] });
  });

  test('a call that is never answered ends by the clock of the simulator, because tests own time', async () => {
    const { clock, simulator, ecs } = open();
    simulator.faults.add({ when: 'before', error: 'timeout' });
    const call = ecs.listClusters({}).then(
      () => 'ok',
      (reason: Error) => reason.name,
    );

    await clock.advance(60_000);

    expect(await call).toBe('TimeoutError');
  });
});

describe('a call', () => {
  test('takes its latency, because pacing is measured with it', async () => {
    const { clock, ecs } = open({ latencyMs: 20 });
    let isAnswered = false;
    const call = ecs.listClusters({}).then(() => (isAnswered = true));

    await clock.advance(19);
    const wasEarly = isAnswered;
    await clock.advance(1);
    await call;

    expect([wasEarly, isAnswered]).toEqual([false, true]);
  });

  test('ends when it is aborted, because a shutdown does not wait for the network', async () => {
    const { ecs } = open({ latencyMs: 1_000 });
    const abort = new AbortController();
    const call = ecs.listClusters({}, { abortSignal: abort.signal });

    abort.abort();

    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('is told before and after its effect, because a test may end its subject there', async () => {
    const { simulator, ecs } = open();
    const seen: [string, number][] = [];
    const remove = simulator.onCall(({ phase }) => void seen.push([phase, simulator.world.clusters.size]));

    await ecs.createCluster({ clusterName: 'shop' });
    remove();
    await ecs.createCluster({ clusterName: 'other' });

    expect(seen).toEqual([
      ['before', 0],
      ['after', 1],
    ]);
  });

  test('answers a copy, because nobody may reach into the world through an answer', async () => {
    const { simulator } = open();
    const answer = (await simulator.call('CreateCluster', { clusterName: 'shop' })) as { cluster: { status: string } };

    answer.cluster.status = 'CHANGED';

    expect(simulator.world.clusters.get('shop')?.cluster.status).toBe('ACTIVE');
  });

  test('of an action that ECS does not have is refused, because a typing error is a flaw', async () => {
    const { simulator } = open();

    await expect(simulator.call('DescribeNothing', {})).rejects.toMatchObject({ name: 'UnknownOperationException' });
  });
});

describe('the record of calls', () => {
  test('tells writes from reads and keeps counting when it is emptied, because tests look for silence', async () => {
    const { simulator, ecs } = open();
    await ecs.createCluster({ clusterName: 'shop' });
    simulator.forgetCalls();

    await ecs.describeClusters({});
    await ecs.deleteCluster({ cluster: 'shop' });

    expect(simulator.calls.map(({ action, callIndex }) => [action, callIndex])).toEqual([
      ['DescribeClusters', 1],
      ['DeleteCluster', 2],
    ]);
    expect(simulator.writes()).toMatchObject([{ action: 'DeleteCluster', input: { cluster: 'shop' }, outcome: 'ok' }]);
  });
});

async function statusOf(ecs: ECS): Promise<string> {
  const { clusters } = await ecs.describeClusters({ clusters: ['shop'] });
  return clusters?.[0]?.status ?? 'MISSING';
}

describe('reads that lag', () => {
  test('show what was, while writes see the truth, because ECS is eventually consistent', async () => {
    const { clock, ecs } = open({ readLagMs: 1_000 });
    await clock.advance(5_000);
    const made = await ecs.createCluster({ clusterName: 'shop' });

    const first = await statusOf(ecs);
    const again = await ecs.createCluster({ clusterName: 'shop' });
    await clock.advance(1_000);

    expect([first, await statusOf(ecs)]).toEqual(['MISSING', 'ACTIVE']);
    expect(again.cluster?.clusterArn).toBe(made.cluster?.clusterArn);
  });

  test('lag for one call by a fault, because the worst read is the one right after a write', async () => {
    const { simulator, ecs } = open();
    simulator.faults.add({ action: 'DescribeClusters', nth: 1, when: 'before', stale: true });
    await ecs.createCluster({ clusterName: 'shop' });

    expect([await statusOf(ecs), await statusOf(ecs)]).toEqual(['MISSING', 'ACTIVE']);
  });
});

describe('throttling', () => {
  test('refuses past the bucket and lets through what has come back, as the documented buckets do', async () => {
    const { clock, ecs } = open({ throttle: true });
    for (let at = 0; at < 20; at += 1) await ecs.createCluster({ clusterName: `c-${at}` });

    await expect(ecs.createCluster({ clusterName: 'late' })).rejects.toMatchObject({
      name: 'ThrottlingException',
      message: 'Rate exceeded',
      $metadata: { httpStatusCode: 400 },
    });
    await clock.advance(1_000);

    await expect(ecs.createCluster({ clusterName: 'late' })).resolves.toBeDefined();
    await expect(ecs.listClusters({})).resolves.toBeDefined();
  });
});

describe('shuffling', () => {
  test('changes the order of lists, and of nothing whose order means something', async () => {
    const { ecs } = open({ shuffleAnswers: true });
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const command = ['x', '1', '2', '3', '4', '5', '6', '7'];
    const environment = names.map((name) => ({ name, value: '' }));
    await ecs.registerTaskDefinition({
      family: 'web',
      containerDefinitions: [{ name: 'web', image: 'web:1', memory: 64, command, environment }],
    });

    const seen = new Set<string>();
    for (let at = 0; at < 5; at += 1) {
      const { taskDefinition } = await ecs.describeTaskDefinition({ taskDefinition: 'web' });
      const [container] = taskDefinition?.containerDefinitions ?? [];
      const order = (container?.environment ?? []).map(({ name = '' }) => name);
      expect(container?.command).toEqual(command);
      expect(order.toSorted()).toEqual(names);
      seen.add(order.join(''));
    }

    expect(seen.size).toBeGreaterThan(1);
  });
});

describe('spelling out', () => {
  test('says documented defaults and overwrites nothing that was stated, because both mean the same', async () => {
    const { ecs } = open({ spellOut: true });
    const { taskDefinition } = await ecs.registerTaskDefinition({
      family: 'web',
      containerDefinitions: [{ name: 'web', image: 'web:1', memory: 64, interactive: true }],
      volumes: [{ name: 'scratch' }],
    });

    expect(taskDefinition?.containerDefinitions?.[0]).toMatchObject({
      interactive: true,
      pseudoTerminal: false,
      versionConsistency: 'enabled',
      ulimits: [],
    });
    expect(taskDefinition?.volumes).toEqual([{ name: 'scratch', host: {}, configuredAtLaunch: false }]);
  });
});

describe('the same seed', () => {
  test('gives the same world, because a failure must be had again', () => {
    const [first, same, other] = [3, 3, 4].map((seed) => open({ seed }).simulator.world.hex(32));

    expect(same).toBe(first);
    expect(other).not.toBe(first);
  });
});
