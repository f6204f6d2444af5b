import { describe, expect, test } from 'vitest';
import { createManualClock } from '../../test/simulator/clock.ts';
import { createSimulator, type Simulator } from '../../test/simulator/simulator.ts';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { createEcsClient, createScalingClient } from './ecs-client.ts';
import { connectEcs, type EcsConnection } from './ecs-gateway.ts';

const never = new AbortController().signal;
const nothing = () => undefined;

function connected(): { simulator: Simulator; connection: EcsConnection } {
  const simulator = createSimulator({ clock: createManualClock(0), accountId: '123456789012' });
  const options = {
    region: 'eu-central-1',
    userAgent: 'test',
    beforeWrite: nothing,
    requestHandler: simulator.requestHandler(),
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  const [client, scaling] = [createEcsClient(options), createScalingClient(options)];
  const metrics = { onRequest: nothing, onPaced: nothing, onBatch: nothing };
  const connection = connectEcs({
    client,
    scaling,
    metrics,
    clock: createVirtualClock(),
    random: () => 0.5,
    quotaShare: 1,
  });
  return { simulator, connection };
}

describe('the location of a connection', () => {
  test('is asked once for all who want it at the same time, because each call takes a token', async () => {
    const { simulator, connection } = connected();

    const found = await Promise.all([1, 2, 3].map(() => connection.location(never)));

    expect(new Set(found)).toEqual(new Set([{ accountId: '123456789012', region: 'eu-central-1' }]));
    expect(simulator.calls).toHaveLength(1);
  });

  test('is asked for again after a failure, because that says nothing of the next time', async () => {
    const { simulator, connection } = connected();
    simulator.faults.add({
      action: 'DescribeClusters',
      when: 'before',
      error: { name: 'ServerException', message: 'try later', status: 500 },
      times: 1,
    });

    const first = await connection.location(never).catch((error: unknown) => error);

    expect(first).toMatchObject({ code: 'Unavailable' });
    expect(await connection.location(never)).toMatchObject({ region: 'eu-central-1' });
  });

  test('goes on for the others when the first caller gives up', async () => {
    const { connection } = connected();
    const controller = new AbortController();
    const first = connection.location(controller.signal).catch((error: unknown) => error);
    const second = connection.location(never);

    controller.abort('gave up');

    expect(await first).toBe('gave up');
    expect(await second).toMatchObject({ accountId: '123456789012' });
  });
});
