import { fileURLToPath } from 'node:url';
import { describe, expect, test, vi } from 'vitest';
import { type OperatorOptions, startOperator } from '../support/operator-process.ts';
import { waitFor } from '../support/wait-for.ts';

/** A stand-in that listens, becomes ready and ends: the real one is tested elsewhere. */
function toy(environment: Readonly<Record<string, string>> = {}): OperatorOptions {
  const entry = fileURLToPath(new URL('operator-process.toy.ts', import.meta.url));
  return { kubeconfig: '/nowhere/kubeconfig', endpoint: 'http://127.0.0.1:1', entry, environment };
}

describe('the operator as a process', () => {
  test('is handed over when it is ready and not before, because a test would race its start', async () => {
    await using operator = await startOperator(toy({ READY_AFTER_MS: '400' }));

    const answer = await fetch(`${operator.healthUrl}/readyz`);

    expect(answer.status).toBe(200);
  });

  test('gets nothing of the machine that could lead it to a real account, because it holds the power to delete', async () => {
    vi.stubEnv('AWS_PROFILE', 'production');
    vi.stubEnv('AWS_CA_BUNDLE', '/some/bundle');
    await using operator = await startOperator(toy());
    vi.unstubAllEnvs();

    const { environment } = await operator.waitForLog((line) => line['msg'] === 'environment');

    expect(environment).toMatchObject({
      AWS_ENDPOINT_URL_ECS: 'http://127.0.0.1:1',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      AWS_EC2_METADATA_DISABLED: 'true',
      KUBECONFIG: '/nowhere/kubeconfig',
    });
    expect(Object.keys(environment ?? {})).not.toContain('AWS_PROFILE');
    expect(Object.keys(environment ?? {})).not.toContain('AWS_CA_BUNDLE');
    expect(Object.keys(environment ?? {})).not.toContain('HOME');
  });

  test('tells its code and its last words when stopped, because a clean shutdown is asserted', async () => {
    await using operator = await startOperator(toy());

    const ending = await operator.stop();

    expect(ending).toEqual({ code: 0, signal: null });
    expect(operator.logs().at(-1)).toEqual({ msg: 'stopped' });
  });

  test('ends at once when killed, because crash tests must not give it time to tidy up', async () => {
    await using operator = await startOperator(toy());

    const ending = await operator.kill();

    expect(ending).toEqual({ code: null, signal: 'SIGKILL' });
    expect(operator.logs()).not.toContainEqual({ msg: 'stopped' });
  });

  test('hands out its metrics, because figures are read from them', async () => {
    await using operator = await startOperator(toy());

    expect(await operator.metrics()).toBe('toy_up 1\n');
  });

  test.for(['401', '403'])('fails where it ends after a %s, because it has the rights of the chart', async (code) => {
    const METRICS = `rest_client_requests_total{code="${code}",method="PATCH",host="api"} 1\n`;
    const [stopped, disposed] = [await startOperator(toy({ METRICS })), await startOperator(toy({ METRICS }))];

    await expect(stopped.stop()).rejects.toThrow(`refused the operator: ${METRICS.trim()}`);
    await expect(disposed[Symbol.asyncDispose]()).rejects.toThrow('refused the operator');

    expect([stopped.isRunning(), disposed.isRunning()]).toEqual([false, false]);
  });

  test('says what it wrote when it ends too soon, because its output is all there is to go by', async () => {
    const starting = startOperator(toy({ CRASH: 'no such flag' }));

    await expect(starting).rejects.toThrow(/ended before it was ready[^]*no such flag/);
  });

  test('shows its recent log when a wait is in vain, because the reason is usually there', async () => {
    await using operator = await startOperator(toy());

    const waiting = waitFor(
      'Ready',
      () => 'False',
      (seen) => seen === 'True',
      { timeoutMs: 50, everyMs: 10, operator },
    );

    await expect(waiting).rejects.toThrow(/waited 0.05 s for Ready; last seen:\n'False'[^]*"msg":"listening"/);
  });
});
