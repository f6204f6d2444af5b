import { Registry } from 'prom-client';
import { describe, expect, test } from 'vitest';
import { createVirtualClock } from '../../../test/support/virtual-clock.ts';
import { cachesCheck, createLoopCheck, serveHealth, serveMetrics, stuckWorkerCheck } from './health.ts';

const ANY = { host: '127.0.0.1', port: 0 };

describe('the health server', () => {
  test('answers on a free port with what is wrong, each question apart', async () => {
    let isReady = false;
    await using server = await serveHealth(ANY, {
      live: [],
      ready: [
        cachesCheck({
          get isReady() {
            return isReady;
          },
        }),
      ],
    });
    const base = `http://127.0.0.1:${server.port}`;

    const before = await fetch(`${base}/readyz`);
    expect([before.status, await before.text()]).toEqual([503, 'the caches are not filled yet\n']);
    expect((await fetch(`${base}/healthz`)).status).toBe(200);
    isReady = true;

    expect((await fetch(`${base}/readyz?verbose`)).status).toBe(200);
    expect((await fetch(`${base}/constructor`)).status).toBe(404);
    expect((await fetch(`${base}/healthz`, { method: 'POST' })).status).toBe(404);
  });

  test('rejects where the port is taken, because a silent one would look healthy to nobody', async () => {
    await using server = await serveHealth(ANY, { live: [], ready: [] });

    await expect(serveHealth({ ...ANY, port: server.port }, { live: [], ready: [] })).rejects.toThrow('EADDRINUSE');
  });
});

test('the metrics server hands out what is registered', async () => {
  const registry = new Registry();
  await using server = await serveMetrics(ANY, registry);

  const answer = await fetch(`http://127.0.0.1:${server.port}/metrics`);

  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, registry.contentType]);
});

describe('the checks', () => {
  test('a loop that stood still for long is told, and recovers', async () => {
    const clock = createVirtualClock();
    using loop = createLoopCheck(clock);
    await clock.advance(5_000);
    expect(loop.check()).toBeUndefined();

    clock.stall(11_000);
    expect(loop.check()).toBe('the event loop does not turn');
    await clock.advance(1_000);

    expect(loop.check()).toBeUndefined();
  });

  test('a worker that runs too long is told', () => {
    expect(stuckWorkerCheck({ longestRunningMs: 10 }, 10)()).toBeUndefined();
    expect(stuckWorkerCheck({ longestRunningMs: 11 }, 10)()).toBe('a worker is stuck');
  });
});
