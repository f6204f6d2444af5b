import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { cleanEnvironment } from '../support/environment.ts';
import { connectCluster } from '../support/kubectl.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { type Story, tellStory } from '../support/story.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const BUNDLE = join(ROOT, 'dist', 'ecs-operator.mjs');
const SECRET_KEY = 'nobody-else-is-to-read-this';
const KINDS = ['ecs-cluster', 'ecs-task-definition', 'ecs-service'];

async function runBundle(...args: readonly string[]) {
  const child = spawn(process.execPath, [BUNDLE, ...args], {
    env: cleanEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => {
    child.on('exit', resolve);
  });
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { stdout, stderr, code };
}

describe('the bundle on the command line', () => {
  test('tells its flags', async () => {
    const { stdout, code } = await runBundle('--help');

    expect(stdout).toContain('--cluster-id');
    expect(code).toBe(0);
  });

  test('refuses an unknown flag with code 2 and says where to look', async () => {
    const { stderr, code } = await runBundle('--cluster-id=a', '--colour=red');

    expect(stderr).toContain('--help');
    expect(code).toBe(2);
  });

  test('does not start without a cluster id, because it is part of every ownership tag', async () => {
    const { stderr, code } = await runBundle();

    expect(stderr).toContain('--cluster-id');
    expect(code).toBe(2);
  });
});

describe('the bundle as the operator', () => {
  let stack: Stack;
  let story: Story;

  beforeAll(async () => {
    const cluster = connectCluster(inject('cluster'));
    const environment = { AWS_SECRET_ACCESS_KEY: SECRET_KEY, AWS_SESSION_TOKEN: SECRET_KEY };
    stack = await startStack({ cluster, speed: 20, entry: BUNDLE, environment });
    story = tellStory(cluster, stack);
  });

  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
  });

  test('makes the minimal examples of all kinds Ready, with the rights of the chart and no others', async () => {
    for (const kind of KINDS) {
      await story.apply(await readFile(join(ROOT, 'src/kinds', kind, 'examples/minimal.yaml'), 'utf8'));
    }

    const names = (await story.kubectl('get', 'ecs', '--output=name')).trim().split('\n');
    for (const name of names) await story.ready(name);
    const metrics = await stack.operator.metrics();

    expect(names).toHaveLength(KINDS.length);
    expect(metrics).not.toMatch(/rest_client_requests_total\{[^}]*code="40[13]"/);
    expect(metrics).toMatch(/ecs_operator_resources\{controller="ecsservice",ready="true"\} 1/);
    expect(metrics).toMatch(/leader_election_master_status\{name="ecs-operator"\} 1/);
  });

  test('tells once by what settings it runs, and nothing by which it is let in', async () => {
    const logs = stack.operator.logs();

    const told = logs.filter(({ settings }) => settings !== undefined);

    expect(told).toMatchObject([
      { msg: 'starting', settings: expect.arrayContaining([`--cluster-id=${stack.clusterId}`, '--log-level=info']) },
    ]);
    expect(JSON.stringify(logs)).not.toContain(SECRET_KEY);
  });

  test('ends cleanly when asked to, and lets the lease go, so that the next one leads', async () => {
    const ending = await stack.operator.stop();
    const lease = await story.kubectl('get', 'lease', 'ecs-operator', '--output=jsonpath={.spec.holderIdentity}');
    const next = await stack.restartOperator();
    await next.waitForLog(({ msg }) => msg === 'leadership acquired');

    expect(ending).toEqual({ code: 0, signal: null });
    expect(lease).toBe('');
  });
});
