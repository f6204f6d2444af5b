import { randomBytes } from 'node:crypto';
import { chmod, copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { realClock } from '../simulator/clock.ts';
import { type ServedSimulator, serveSimulator } from '../simulator/http.ts';
import { createSimulator } from '../simulator/simulator.ts';
import { operatorRights } from '../support/chart.ts';
import { type ContainerEngine, importNodeBase, locateEngine } from '../support/container-engine.ts';
import { connectCluster } from '../support/kubectl.ts';
import { waitFor } from '../support/wait-for.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const ID = randomBytes(4).toString('hex');
const BASE = `ecs-operator-test-base:${ID}`;
const IMAGE = `ecs-operator-test:${ID}`;
const BUILT = `${IMAGE}-built`;
const CONTAINER = `ecs-operator-test-${ID}`;

/** What the chart's security contexts come to. */
const AS_THE_CHART = ['--user=65532:65532', '--read-only', '--cap-drop=ALL', '--security-opt=no-new-privileges'];

const search = await locateEngine();

/** With no objects 91 to 96 MB were seen (decision 0016), more than half of it the program text of Node. */
const MOST_IDLE_MB = 100;

/** An image with Node and npm that reaches a registry; the other tests need none. */
const BUILDER = process.env['IMAGE_BUILDER'];
const whyNotBuilt = BUILDER === undefined ? ' (skipped: IMAGE_BUILDER names no image with Node and npm)' : '';

const whyNot = search.is === 'missing' ? ` (skipped: ${search.because})` : '';

describe.skipIf(search.is === 'missing')(`the image${whyNot}`, () => {
  const cluster = connectCluster(inject('cluster'));
  let engine: ContainerEngine;
  let folder: string;
  let namespace: Awaited<ReturnType<typeof cluster.createNamespace>>;
  let served: ServedSimulator;

  beforeAll(async () => {
    if (search.is === 'missing') return;
    ({ engine } = search);
    folder = await mkdtemp(join(tmpdir(), 'ecs-operator-image-'));
    await importNodeBase(engine, folder, BASE);
    const bundle = ['--build-arg=BUNDLE=local', '--build-arg=VERSION=1.2.3', '--build-arg=REVISION=abc'];
    await engine.must('build', `--build-arg=BASE=${BASE}`, ...bundle, `--tag=${IMAGE}`, ROOT);
    namespace = await cluster.createNamespace('image');
    served = await serveSimulator(createSimulator({ clock: realClock({ speed: 20 }), containerInstances: 0 }), {
      port: 0,
    });
  });

  afterAll(async () => {
    if (search.is === 'missing') return;
    await engine.run('rm', '--force', CONTAINER);
    await engine.run('rmi', '--force', IMAGE, BUILT, BASE);
    await served.close();
    await namespace[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  /** Readable by the user of the image, unlike the one that tests use. */
  async function kubeconfigInFolder(): Promise<string> {
    const account = { name: namespace.name, namespace: namespace.name };
    await cluster.apply(operatorRights(account));
    const path = join(folder, 'kubeconfig');
    await copyFile(await cluster.kubeconfigFor(account), path);
    await chmod(path, 0o644);
    return path;
  }

  test('says what it is, and is nobody', async () => {
    const [image] = JSON.parse(await engine.must('inspect', IMAGE)) as [{ readonly Config: object }];

    expect(image.Config).toMatchObject({
      User: '65532:65532',
      Entrypoint: ['node', '/app/ecs-operator.mjs'],
      Labels: {
        'org.opencontainers.image.licenses': 'Apache-2.0',
        'org.opencontainers.image.version': '1.2.3',
        'org.opencontainers.image.revision': 'abc',
      },
    });
  });

  test('holds the bundle and the licences of what is in it, and no shell where the base has none', async () => {
    await engine.must('create', `--name=${CONTAINER}`, IMAGE);
    await engine.must('cp', `${CONTAINER}:/app`, join(folder, 'app'));
    await engine.must('rm', CONTAINER);
    const shell = await engine.run('run', '--rm', '--entrypoint=/bin/sh', IMAGE, '-c', 'true');

    for (const file of ['ecs-operator.mjs', 'licences.txt']) {
      expect(await readFile(join(folder, 'app', file))).toEqual(await readFile(join(ROOT, 'dist', file)));
    }
    expect(await readFile(join(folder, 'app', 'NOTICE'), 'utf8')).toContain('ecs-operator');
    expect(shell.stderr).toContain('/bin/sh');
    expect(shell.code).not.toBe(0);
  });

  test.skipIf(BUILDER === undefined)(
    `is made of the same bundle from the sources${whyNotBuilt}`,
    { timeout: 600_000 },
    async () => {
      await engine.must(
        'build',
        '--network=host',
        `--build-arg=BUILDER=${BUILDER}`,
        '--target=built',
        `--tag=${BUILT}`,
        ROOT,
      );
      await engine.must('create', `--name=${CONTAINER}`, BUILT, 'node');
      await engine.must('cp', `${CONTAINER}:/app`, join(folder, 'built'));
      await engine.must('rm', CONTAINER);

      for (const file of ['ecs-operator.mjs', 'licences.txt', 'ecs-operator.cdx.json']) {
        expect(await readFile(join(folder, 'built', file))).toEqual(await readFile(join(ROOT, 'dist', file)));
      }
    },
  );

  test('runs as the chart starts it: as nobody, with nothing to write to and no capability', async () => {
    const kubeconfig = await kubeconfigInFolder();
    const environment = {
      KUBECONFIG: '/kubeconfig',
      POD_NAMESPACE: namespace.name,
      AWS_ENDPOINT_URL: served.url,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    };
    const startedAt = performance.now();
    await engine.must(
      'run',
      '--detach',
      '--network=host',
      `--name=${CONTAINER}`,
      ...AS_THE_CHART,
      `--volume=${kubeconfig}:/kubeconfig:ro`,
      ...Object.entries(environment).map(([name, value]) => `--env=${name}=${value}`),
      IMAGE,
      '--cluster-id=image',
      `--watch-namespaces=${namespace.name}`,
      '--bind-address=127.0.0.1',
      '--health-port=0',
      '--metrics-port=0',
    );
    const operator = { logs: () => [] };
    const logs = async (): Promise<string> => await engine.must('logs', CONTAINER);
    await waitFor('the caches', logs, (seen) => seen.includes('caches filled'), { operator, everyMs: 20 });
    const readyMs = performance.now() - startedAt;
    const idleMb = await residentMb();
    const metadata = { name: 'shop', namespace: namespace.name };
    await cluster.apply({ apiVersion: 'ecs-operator.dev/v1alpha1', kind: 'EcsCluster', metadata, spec: {} });
    const wait = ['wait', '--for=condition=Ready', 'ecscluster/shop', `--namespace=${namespace.name}`, '--timeout=30s'];

    const { code } = await cluster.kubectl(wait);
    await engine.must('stop', CONTAINER);

    console.log(`the image: docker run → caches filled ${readyMs.toFixed(0)} ms; RSS then ${idleMb.toFixed(0)} MB`);
    expect(code).toBe(0);
    expect(await engine.must('inspect', '--format={{.State.ExitCode}}', CONTAINER)).toBe('0');
    expect(idleMb).toBeLessThan(MOST_IDLE_MB);
  });

  async function residentMb(): Promise<number> {
    const pid = await engine.must('inspect', '--format={{.State.Pid}}', CONTAINER);
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    // The kernel's kB are 1,024 bytes.
    return (Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1_024) / 1_000_000;
  }
});
