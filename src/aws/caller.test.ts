import { describe, expect, test } from 'vitest';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { createCaller } from './caller.ts';

const signal = new AbortController().signal;

function throttled(): Error {
  return Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
}

function pending(): Error {
  return Object.assign(new Error('You already have a pending update.'), { name: 'ConcurrentUpdateException' });
}

function callerOf() {
  const clock = createVirtualClock();
  const requests: string[] = [];
  const metrics = {
    onRequest: (action: string, outcome: string) => void requests.push(`${action} ${outcome}`),
    onPaced: () => undefined,
    onBatch: () => undefined,
  };
  const call = createCaller({ clock, random: () => 0.5, metrics, quotaShare: 1 });
  return { clock, call, requests };
}

describe('a call that is no longer wished', () => {
  test('gives up while it waits, and takes no token from those who go on', async () => {
    const { clock, call, requests } = callerOf();
    const controller = new AbortController();
    const register = { action: 'RegisterTaskDefinition', priority: 'urgent', signal } as const;
    for (let burst = 0; burst < 20; burst += 1) await call(register, async () => undefined);

    const first = call({ ...register, superseded: controller.signal }, async () => undefined).catch(String);
    const second = call(register, async () => undefined);
    controller.abort('edited');
    await clock.advance(1_001);
    await second;

    expect(await first).toBe('edited');
    expect(requests).toHaveLength(21);
  });

  test('goes on once it was sent, because its effect would be unknown', async () => {
    const { call } = callerOf();
    const controller = new AbortController();

    const sent = call(
      { action: 'CreateService', priority: 'urgent', signal, superseded: controller.signal },
      async () => {
        controller.abort('edited');
        return 'done';
      },
    );

    expect(await sent).toBe('done');
  });
});

describe('a call', () => {
  test('is tried again after a throttling answer, and counted each time', async () => {
    const { clock, call, requests } = callerOf();
    const answers = [throttled, throttled];

    const result = call({ action: 'UpdateService', priority: 'urgent', signal }, async () => {
      const error = answers.pop();
      if (error !== undefined) throw error();
      return 'done';
    });
    await clock.advance(20_000);

    expect(await result).toBe('done');
    expect(requests).toEqual(['UpdateService Throttled', 'UpdateService Throttled', 'UpdateService ok']);
  });

  test('slows the other callers of its group down, and those of other groups not', async () => {
    const { clock, call } = callerOf();
    const order: string[] = [];
    const throttles = call({ action: 'CreateService', priority: 'urgent', signal }, async () => {
      if (order.length === 0) {
        order.push('throttled');
        throw throttled();
      }
    });
    await clock.advance(0);

    void call({ action: 'DeleteService', priority: 'urgent', signal }, async () => void order.push('same group'));
    void call({ action: 'CreateCluster', priority: 'urgent', signal }, async () => void order.push('other group'));
    await clock.advance(0);
    const atOnce = [...order];
    await clock.advance(20_000);
    await throttles;

    expect(atOnce).toEqual(['throttled', 'other group']);
    expect(order).toContain('same group');
  });

  test('waits for the change before it, and nobody else of its group has to', async () => {
    const { clock, call, requests } = callerOf();
    const answers = [pending, pending];
    const order: string[] = [];

    const first = call({ action: 'PutScalingPolicy', priority: 'urgent', signal }, async () => {
      const error = answers.pop();
      if (error !== undefined) throw error();
      order.push('first');
    });
    await clock.advance(0);
    const second = call({ action: 'PutScalingPolicy', priority: 'urgent', signal }, async () => {
      order.push('second');
    });
    await clock.advance(2_000);
    await Promise.all([first, second]);

    expect(order).toEqual(['second', 'first']);
    expect(requests.toSorted()).toEqual([
      'PutScalingPolicy Unavailable',
      'PutScalingPolicy Unavailable',
      'PutScalingPolicy ok',
      'PutScalingPolicy ok',
    ]);
  });

  test.for([
    { answer: throttled, code: 'Throttled' },
    { answer: pending, code: 'Unavailable' },
  ])(
    'gives up on being $code after some tries, because the object has a backoff of its own',
    async ({ answer, code }) => {
      const { clock, call, requests } = callerOf();

      const result = call({ action: 'DescribeTasks', priority: 'sweep', signal }, async () => Promise.reject(answer()));
      const settled = result.catch((error: unknown) => error);
      await clock.advance(120_000);

      expect(await settled).toMatchObject({ code });
      expect(requests).toHaveLength(6);
    },
  );

  test('fails at once for what waiting does not mend', async () => {
    const { clock, call, requests } = callerOf();
    const refused = Object.assign(new Error('Invalid subnet'), { name: 'InvalidParameterException' });

    const settled = call({ action: 'CreateService', priority: 'urgent', signal }, () => Promise.reject(refused)).catch(
      (error: unknown) => error,
    );
    await clock.advance(0);

    expect(await settled).toMatchObject({ code: 'Rejected' });
    expect(requests).toEqual(['CreateService Rejected']);
  });
});
