import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startChild } from '../support/child-process.ts';
import { startControlPlane } from '../support/control-plane.ts';
import { locateControlPlane } from '../support/control-plane-binary.ts';
import { cleanEnvironment } from '../support/environment.ts';
import { waitFor } from '../support/wait-for.ts';

const source = await locateControlPlane(process.env);
const programs = source.from === 'existing-cluster' ? undefined : source.programs;

/** Another run of tests in small: it starts a control plane, tells its processes and waits. */
const RUNNER = `
  import { startControlPlane } from '${pathToFileURL(join(import.meta.dirname, '../support/control-plane.ts')).href}';
  const plane = await startControlPlane({ hasControllers: false, programs: ${JSON.stringify(programs)} });
  console.log(JSON.stringify(Object.values(plane.pids())));
  setInterval(() => undefined, 60_000);
`;

describe.runIf(source.from !== 'existing-cluster')('a control plane of its own', () => {
  test('keeps its data over a crash of the API server, because fault tests break it mid-way', async () => {
    await using plane = await startControlPlane({ hasControllers: false });
    const namespace = await plane.createNamespace('kept');

    await plane.stopApiServer();
    const meanwhile = await plane.kubectl(['get', 'namespaces', '--request-timeout=2s']);
    await plane.startApiServer();

    expect(meanwhile.stderr).toContain('refused');
    expect(await plane.get('namespace', undefined, namespace.name)).toBeDefined();
  });

  test('leaves nothing behind, because a machine runs these tests many times', async () => {
    const plane = await startControlPlane({ hasControllers: false });
    const pids = Object.values(plane.pids());

    await plane[Symbol.asyncDispose]();
    await plane[Symbol.asyncDispose]();

    expect(pids).toHaveLength(2);
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(existsSync(plane.folder)).toBe(false);
  });

  test.runIf(source.from === 'built')(
    'ends with a run that is killed, because nobody tidies up after that',
    async () => {
      const runner = startChild(process.execPath, ['--input-type=module', '--eval', RUNNER], {
        environment: cleanEnvironment(),
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const lines = createInterface({ input: runner.process.stdout ?? Readable.from([]) });
      const [line] = z.tuple([z.string()]).parse(await once(lines, 'line'));
      const pids = z.array(z.int()).parse(JSON.parse(line));

      await runner.end('SIGKILL');

      expect(pids).toHaveLength(2);
      await waitFor(
        'its servers to end',
        () => pids.filter(isAlive),
        (alive) => alive.length === 0,
      );
    },
  );
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
