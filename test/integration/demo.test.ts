import { homedir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { startChild } from '../support/child-process.ts';
import { cleanEnvironment } from '../support/environment.ts';
import { waitFor } from '../support/wait-for.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const STEPS = ['1', '2', '3', '4', '5'];
const TIMEOUT_MS = 300_000;

test('the demo tells its story to the end, and Ctrl-C puts everything away', { timeout: TIMEOUT_MS }, async () => {
  const demo = startChild(process.execPath, [join(ROOT, 'test', 'demo', 'main.ts')], {
    environment: cleanEnvironment({ HOME: homedir() }),
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: ROOT,
  });
  const { stdout, stderr } = demo.process;
  if (stdout === null || stderr === null) throw new Error('the demo was started without pipes');
  const complaints = text(stderr);
  let told = '';
  stdout.setEncoding('utf8').on('data', (chunk: string) => {
    told += chunk;
  });

  await waitFor('the story to be told', () => !demo.isRunning() || told.includes('Ctrl-C ends it all.'), Boolean, {
    timeoutMs: TIMEOUT_MS,
  });
  const ending = await demo.end('SIGINT');

  expect(await complaints).toBe('');
  expect(ending).toEqual({ code: 0, signal: null });
  expect([...told.matchAll(/^(\d)\. .*?^ {3}held after /gms)].map(([, number]) => number)).toEqual(STEPS);
});
