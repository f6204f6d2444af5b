import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { z } from 'zod';
import { type EcsAccount, isRolledOut, lookIntoAccount } from '../support/ecs-account.ts';
import { CHART, connectHelm, type Helm } from '../support/helm.ts';
import { connectCluster } from '../support/kubectl.ts';
import { asFile, clusterNamed, definitionOf, serviceNamed } from '../support/shop-objects.ts';
import { waitFor } from '../support/wait-for.ts';
import { runSimulatorPod, type SimulatorPod } from './simulator-pod.ts';

const NAMESPACE = 'ecs-operator';
/** The lease's 15 s and what a look at it takes, as where the operators are processes. */
const TAKEOVER_MS = 20_000;
const PATIENCE_MS = 60_000;

const cluster = connectCluster(inject('cluster'));
const images = inject('images');
let folder: string;
let helm: Helm;
let simulator: SimulatorPod;
let account: EcsAccount;

const Pods = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string() }),
      status: z.object({ containerStatuses: z.array(z.object({ ready: z.boolean(), restartCount: z.number() })) }),
    }),
  ),
});

async function kubectl(...args: readonly string[]): Promise<string> {
  const { stdout, stderr, code } = await cluster.kubectl(args);
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${code}: ${stderr}`);
  return stdout;
}

async function pods() {
  const selector = '--selector=app.kubernetes.io/name=ecs-operator';
  return Pods.parse(JSON.parse(await kubectl('get', 'pods', `--namespace=${NAMESPACE}`, selector, '--output=json')));
}

/** The pod that leads: a lease is held by a name that begins with its host's. */
async function leader(): Promise<string> {
  const path = '--output=jsonpath={.spec.holderIdentity}';
  const holder = await kubectl('get', 'lease/ecs-operator', `--namespace=${NAMESPACE}`, path);
  return holder.split('_')[0] ?? '';
}

async function apply(manifest: string | object): Promise<void> {
  await cluster.apply(manifest, '--server-side', '--namespace=shop');
}

async function ready(...names: readonly string[]): Promise<void> {
  for (const name of names) await kubectl('wait', '--for=condition=Ready', name, '--namespace=shop', '--timeout=60s');
}

/** The image of the service's definition is another one; returns once ECS runs it. */
async function rollOut(image: string, revision: number): Promise<void> {
  await apply(definitionOf('web', image));
  await waitFor(
    `revision ${revision} to run`,
    () => account.service('web'),
    (service) => isRolledOut(service, `web:${revision}`),
    { timeoutMs: PATIENCE_MS },
  );
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ecs-operator-kind-test-'));
  helm = await connectHelm(folder, cluster.access);
  for (const name of [NAMESPACE, 'shop', 'aws']) await kubectl('create', 'namespace', name);
  await kubectl('label', 'namespace', NAMESPACE, 'pod-security.kubernetes.io/enforce=restricted');
  simulator = await runSimulatorPod(cluster, 'aws', images.simulator);
  account = lookIntoAccount(simulator.ecs);
});

afterAll(async () => {
  await simulator[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

describe('the operator, installed in a kind cluster by its chart', () => {
  test('runs twice in a namespace of Pod Security "restricted", and helm waits for it', async () => {
    const [repository, tag] = images.operator.split(':');
    const variables = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
    const values = {
      clusterId: 'kind',
      image: { repository, tag },
      aws: { region: 'eu-central-1', endpoint: simulator.endpoint },
      extraEnv: Object.entries(variables).map(([name, value]) => ({ name, value })),
    };
    const file = join(folder, 'values.json');
    await writeFile(file, JSON.stringify(values));

    // The CRDs stand there already, for the other tests in this cluster.
    const flags = ['--take-ownership', '--wait', '--timeout=120s', `--values=${file}`];
    await helm.must('install', 'ecs-operator', CHART, `--namespace=${NAMESPACE}`, ...flags);

    const { items } = await pods();
    expect(items.map(({ status }) => status.containerStatuses)).toEqual([
      [{ ready: true, restartCount: 0 }],
      [{ ready: true, restartCount: 0 }],
    ]);
  });

  test('answers the question of `helm test`', async () => {
    const said = await helm.must('test', 'ecs-operator', `--namespace=${NAMESPACE}`, '--timeout=60s');

    expect(said).toMatch(/Phase:\s+Succeeded/);
  });

  test('makes in ECS what is applied, and rolls out what is changed', async () => {
    await apply(asFile(clusterNamed('shop'), definitionOf('web', 'shop/web:1'), serviceNamed('web')));
    await ready('ecscluster/shop', 'ecstaskdefinition/web', 'ecsservice/web');

    await rollOut('shop/web:2', 2);

    await ready('ecsservice/web');
    expect(await account.service('web')).toMatchObject({ desiredCount: 2, runningCount: 2 });
  });

  test('is upgraded by helm without a write to ECS, and goes on', async () => {
    const before = await account.service('web');
    const names = (await pods()).items.map(({ metadata }) => metadata.name);

    const flags = ['--reuse-values', '--set=logLevel=debug', '--wait', '--timeout=180s'];
    await helm.must('upgrade', 'ecs-operator', CHART, `--namespace=${NAMESPACE}`, ...flags);
    await waitFor('a new pod to lead', leader, (pod) => pod !== '' && !names.includes(pod), { timeoutMs: PATIENCE_MS });

    expect((await account.service('web'))?.deployments).toEqual(before?.deployments);
    await rollOut('shop/web:3', 3);
  });

  // Even without grace the kubelet asks before it kills, so that the lease may be given back. What comes of SIGKILL is seen
  // where operators are processes.
  test('goes on within 20 s when the pod of its leader is killed', async () => {
    const killed = await leader();

    const killedAt = performance.now();
    await kubectl('delete', `pod/${killed}`, `--namespace=${NAMESPACE}`, '--grace-period=0', '--force');
    const next = await waitFor('another leader', leader, (pod) => pod !== '' && pod !== killed);
    const tookMs = performance.now() - killedAt;
    await rollOut('shop/web:4', 4);

    console.log(`kind: the leader's pod killed → ${next} leads ${tookMs.toFixed(0)} ms`);
    expect(tookMs).toBeLessThanOrEqual(TAKEOVER_MS);
  });

  test('was refused nothing by the API server', async () => {
    const pod = await leader();
    const path = `/api/v1/namespaces/${NAMESPACE}/pods/${pod}:8080/proxy/metrics`;

    const metrics = await kubectl('get', '--raw', path);

    expect(metrics).toContain('rest_client_requests_total');
    expect(metrics).not.toMatch(/rest_client_requests_total\{[^}]*code="40[13]"/);
  });

  test('deletes in ECS what is deleted', async () => {
    await apply(asFile(definitionOf('other', 'shop/other:1'), serviceNamed('other')));
    await ready('ecsservice/other');

    await kubectl('delete', 'ecsservice/other', '--namespace=shop', '--timeout=60s');

    expect((await account.service('other'))?.status).not.toBe('ACTIVE');
  });

  test('is uninstalled, and leaves what is in ECS', async () => {
    await helm.must('uninstall', 'ecs-operator', `--namespace=${NAMESPACE}`, '--wait', '--timeout=60s');

    expect(await kubectl('get', 'deployments', `--namespace=${NAMESPACE}`, '--output=name')).toBe('');
    expect(await kubectl('get', 'ecsservices', '--namespace=shop', '--output=name')).toContain('/web');
    expect(await account.service('web')).toMatchObject({ status: 'ACTIVE', runningCount: 2 });
  });
});
