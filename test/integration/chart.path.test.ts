import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSimulatedAccounts, type SimulatedAccounts } from '../simulator/accounts/simulated-accounts.ts';
import { realClock } from '../simulator/clock.ts';
import { serveWire } from '../simulator/http.ts';
import { createSimulator, type Simulator } from '../simulator/simulator.ts';
import { type ControlPlane, startControlPlane } from '../support/control-plane.ts';
import { locateControlPlane } from '../support/control-plane-binary.ts';
import { connectHelm, type Helm } from '../support/helm.ts';
import { startInstalled } from '../support/installed-chart.ts';
import type { OperatorProcess } from '../support/operator-process.ts';
import { clusterNamed } from '../support/shop-objects.ts';
import { waitFor } from '../support/wait-for.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const RELEASE = { release: 'ecs-operator', namespace: 'ecs-operator' };
const HOME = '123456789012';
const SHOP = '111122223333';
const JOBS = '444455556666';

const source = await locateControlPlane(process.env);
const clock = realClock({ speed: 20 });
const home = createSimulator({ clock, accountId: HOME });
const shop = createSimulator({ clock, accountId: SHOP });
const jobs = createSimulator({ clock, accountId: JOBS, region: 'eu-west-1' });

let cleanup: AsyncDisposableStack;
let plane: ControlPlane;
let helm: Helm;
let aws: SimulatedAccounts;
let endpoint: string;

/** What the page tells a person to type for an installation with AWS, word by word: the lines that begin with this program. */
function commandsOf(program: 'helm' | 'kubectl'): readonly (readonly string[])[] {
  const page = readFileSync(join(ROOT, 'docs', 'guides', 'quick-start.md'), 'utf8');
  const [, section = ''] = /\n## With AWS\n([^]*?)\n## /.exec(page) ?? [];
  const lines = section.replaceAll(/\\\n/g, ' ').split('\n');
  const found = lines.map((line) => line.trim().split(/\s+/)).filter(([first]) => first === program);
  return found.map(([, ...words]) => words);
}

async function kubectl(...args: readonly string[]): Promise<string> {
  const { stdout, stderr, code } = await plane.kubectl(args);
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${code}: ${stderr}`);
  return stdout;
}

/** Under the installed service account, with the operator's own AWS identity. Stopped, it leaves the Lease to the next one. */
async function runInstalled(): Promise<OperatorProcess> {
  return await startInstalled({ plane, helm, endpoint, ...RELEASE, environment: { AWS_ACCESS_KEY_ID: 'operator' } });
}

async function inNamespace(name: string, team: string): Promise<void> {
  const metadata = { name, labels: { team } };
  await plane.apply({ apiVersion: 'v1', kind: 'Namespace', metadata }, '--server-side');
}

/** `True InSync` */
async function readyOf(namespace: string, name: string): Promise<string> {
  const ready = '{range .status.conditions[?(@.type=="Ready")]}{.status} {.reason}{end}';
  return await kubectl('get', `ecscluster/${name}`, `--namespace=${namespace}`, `--output=jsonpath=${ready}`);
}

async function waitUntil(operator: OperatorProcess, namespace: string, name: string, wanted: string): Promise<void> {
  const look = (): Promise<string> => readyOf(namespace, name);
  await waitFor(`${namespace}/${name}: ${wanted}`, look, (seen) => seen === wanted, { operator });
}

function clustersIn({ world }: Simulator): readonly string[] {
  return [...world.clusters.values()].map(({ cluster }) => `${cluster.clusterName} ${cluster.status}`);
}

function writes(): readonly string[] {
  return aws.calls.map(({ action }) => action).filter((action) => !/^(?:Describe|List|Get)/.test(action));
}

async function lookAtEachCluster(operator: OperatorProcess): Promise<void> {
  const look = (): Promise<number> => looksOf(operator);
  await waitFor('a look at each cluster', look, (count) => count >= 3, { operator });
}

/** How many looks at EcsClusters the operator has done since it started. */
async function looksOf(operator: OperatorProcess): Promise<number> {
  const figures = (await operator.metrics()).matchAll(
    /controller_runtime_reconcile_total\{[^}]*controller="ecscluster"[^}]*\} (\d+)/g,
  );
  return [...figures].reduce((sum, [, count]) => sum + Number(count), 0);
}

async function expectNoRefusal(operator: OperatorProcess): Promise<void> {
  expect(await operator.metrics()).not.toMatch(/rest_client_requests_total\{[^}]*code="40[13]"/);
}

/** Installs and removes CRDs, so never in somebody's existing cluster. */
describe.runIf(source.from !== 'existing-cluster')("a new user's path, from nothing", () => {
  beforeAll(async () => {
    await using opened = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), 'ecs-operator-path-'));
    opened.defer(() => rm(folder, { recursive: true, force: true }));
    plane = opened.use(await startControlPlane());
    helm = await connectHelm(folder, plane.access);
    aws = createSimulatedAccounts(realClock(), [home, shop, jobs]);
    aws.identities.add('operator', HOME);
    aws.identities.trust(`arn:aws:iam::${SHOP}:role/ecs-operator`, { externalId: 'platform-7f3a' });
    aws.identities.trust(`arn:aws:iam::${JOBS}:role/ecs-operator`, { externalId: 'platform-7f3a' });
    const served = await serveWire(aws.answer, { port: 0 });
    opened.defer(() => served.close());
    endpoint = served.url;
    cleanup = opened.move();
  });

  afterAll(async () => {
    await cleanup[Symbol.asyncDispose]();
  });

  test('begins with the commands of the quick start, as they stand there', async () => {
    const [install = [], ...others] = commandsOf('helm');
    const [apply = [], wait = []] = commandsOf('kubectl');
    const said = await helm.must(...install);
    await kubectl('wait', '--for=condition=Established', 'crd', '--all', '--timeout=30s');
    await using operator = await runInstalled();

    await kubectl(...apply);
    await kubectl(...wait);

    expect(others).toEqual([]);
    expect(said).toContain('STATUS: deployed');
    expect(clustersIn(home)).toEqual(['shop ACTIVE']);
    await expectNoRefusal(operator);
    await operator.stop();
  });

  test('goes on with an account for each of two teams, acted for under the identities that their roles lend', async () => {
    await inNamespace('shop', 'shop');
    await inNamespace('jobs', 'jobs');
    await using operator = await runInstalled();
    await kubectl('apply', '--filename=examples/accounts/two-teams.yaml');
    await plane.apply(clusterNamed('web'), '--server-side', '--namespace=shop');
    await plane.apply(clusterNamed('jobs-night'), '--server-side', '--namespace=jobs');

    await waitUntil(operator, 'shop', 'web', 'True InSync');
    await waitUntil(operator, 'jobs', 'jobs-night', 'True InSync');
    // Nobody selects `default`, and now that there are accounts the operator's own is nobody's by chance.
    await waitUntil(operator, 'default', 'shop', 'False NoAccount');

    expect([home, shop, jobs].map(clustersIn)).toEqual([['shop ACTIVE'], ['web ACTIVE'], ['jobs-night ACTIVE']]);
    const creators = aws.calls.filter(({ action }) => action === 'CreateCluster').map(({ by }) => by.arn);
    expect(creators.toSorted()).toEqual([
      `arn:aws:iam::${HOME}:user/operator`,
      `arn:aws:sts::${SHOP}:assumed-role/ecs-operator/ecs-operator-my-cluster`,
      `arn:aws:sts::${JOBS}:assumed-role/ecs-operator/ecs-operator-my-cluster`,
    ]);
    const metrics = await operator.metrics();
    expect(metrics).toMatch(/aws_requests_total\{operation="AssumeRole",outcome="ok"\} [1-9]/);
    expect(metrics).toMatch(/aws_requests_total\{operation="AssumeRole",outcome="AccessDenied"\} [1-9]/);
    await expectNoRefusal(operator);
    await operator.stop();
  });

  test('passes an upgrade, which is no news to ECS', async () => {
    const before = writes();

    await helm.must('upgrade', RELEASE.release, 'charts/ecs-operator', '--namespace=ecs-operator', '--reuse-values');
    await using operator = await runInstalled();

    await lookAtEachCluster(operator);
    expect(await readyOf('shop', 'web')).toBe('True InSync');
    expect(writes()).toEqual(before);
    await operator.stop();
  });

  test('ends with an uninstallation after which all is there, in every account, and is found again', async () => {
    const before = writes();
    const said = await helm.must('uninstall', RELEASE.release, '--namespace=ecs-operator');
    const left = await kubectl('get', 'ecscluster', '--all-namespaces', '--output=name');

    const [install = []] = commandsOf('helm');
    await helm.must(...install);
    await using operator = await runInstalled();
    await lookAtEachCluster(operator);

    expect(said).toContain('kept due to the resource policy');
    expect(left.split('\n')).toHaveLength(4);
    expect([home, shop, jobs].map(clustersIn)).toEqual([['shop ACTIVE'], ['web ACTIVE'], ['jobs-night ACTIVE']]);
    expect(writes()).toEqual(before);
    expect(await readyOf('jobs', 'jobs-night')).toBe('True InSync');
  });
});
