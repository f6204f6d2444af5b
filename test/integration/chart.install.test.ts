import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { buildClusterTools } from '../../tools/cluster-tools/build.ts';
import { fetchMonitoringCrds } from '../../tools/cluster-tools/monitoring-crds.ts';
import { realClock } from '../simulator/clock.ts';
import { type ServedSimulator, serveSimulator } from '../simulator/http.ts';
import { createSimulator, type Simulator } from '../simulator/simulator.ts';
import { type ControlPlane, startControlPlane } from '../support/control-plane.ts';
import { locateControlPlane } from '../support/control-plane-binary.ts';
import { CHART, connectHelm, type Helm, parseObjects, podTemplateOf, runProgram } from '../support/helm.ts';
import { startInstalled } from '../support/installed-chart.ts';
import { openKubeSchemas } from '../support/kube-schemas.ts';
import type { OperatorProcess } from '../support/operator-process.ts';
import { waitFor } from '../support/wait-for.ts';

const NAMESPACE = 'ecs-operator';

const source = await locateControlPlane(process.env);
let plane: ControlPlane;
let folder: string;
let helm: Helm;
let simulator: Simulator;
let served: ServedSimulator;

async function kubectl(...args: readonly string[]): Promise<string> {
  const { stdout, stderr, code } = await plane.kubectl(args);
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${code}: ${stderr}`);
  return stdout;
}

/** What `kubectl auth can-i` answers. */
async function mayI(who: string, ...question: readonly string[]): Promise<string> {
  const { stdout } = await plane.kubectl(['auth', 'can-i', ...question, `--as=${who}`]);
  return stdout.trim();
}

async function runInstalled(release: string, namespace: string): Promise<OperatorProcess> {
  return await startInstalled({ plane, helm, endpoint: served.url, release, namespace });
}

/** Of the cluster that is named after its namespace, by a JSONPath such as `{.spec.tags}`. */
async function fieldOf(namespace: string, path: string): Promise<string> {
  return await kubectl('get', `ecscluster/${namespace}`, `--namespace=${namespace}`, `--output=jsonpath=${path}`);
}

async function readinessOf(namespace: string): Promise<string> {
  return await fieldOf(namespace, '{.status.conditions[?(@.type=="Ready")].status}');
}

/** Of the cluster `shop`: the newest one, and the one that was looked at last. */
async function generationsOf(): Promise<readonly string[]> {
  return (await fieldOf('shop', '{.metadata.generation} {.status.observedGeneration}')).split(' ');
}

async function deletedAt(namespace: string): Promise<string> {
  return await fieldOf(namespace, '{.metadata.deletionTimestamp}');
}

async function waitForLeader(operator: OperatorProcess): Promise<void> {
  await waitFor(
    'a leader',
    () => operator.metrics(),
    (seen) => seen.includes('leader_election_master_status{name="ecs-operator"} 1'),
    { operator },
  );
}

/** A cluster that is named after its namespace, as two owners cannot share one. */
async function applyCluster(namespace: string): Promise<void> {
  const metadata = { name: namespace, namespace };
  await plane.apply(
    { apiVersion: 'ecs-operator.dev/v1alpha1', kind: 'EcsCluster', metadata, spec: {} },
    '--server-side',
  );
}

/** A pod as the Deployment would make it, sent to admission and not kept. */
async function admit(pod: object) {
  const template = podTemplateOf(
    parseObjects(await helm.must('get', 'manifest', 'ecs-operator', `--namespace=${NAMESPACE}`)),
  );
  const spec = { ...template.spec, ...pod };
  const input = JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'try', namespace: NAMESPACE },
    spec,
  });
  return await plane.kubectl(['create', '--dry-run=server', '--filename=-'], { input });
}

/** The CRDs of the Prometheus operator, until this is disposed of, with the kinds that they bring. */
async function installMonitoringCrds() {
  const files = (await fetchMonitoringCrds(process.env)).map((path) => `--filename=${path}`);
  await kubectl('apply', '--server-side', ...files);
  await kubectl('wait', '--for=condition=Established', 'crd', '--all', '--timeout=30s');
  const kinds = ['ServiceMonitor', 'PrometheusRule'];
  const published = () => kubectl('get', '--raw=/openapi/v2');
  await waitFor('their schemas', published, (text) => kinds.every((kind) => text.includes(`"kind":"${kind}"`)));
  return { kinds, [Symbol.asyncDispose]: async () => void (await kubectl('delete', '--wait', ...files)) };
}

/** Installs and removes CRDs, so never in somebody's existing cluster. */
describe.runIf(source.from !== 'existing-cluster')('the chart on a real API server', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ecs-operator-install-'));
    plane = await startControlPlane();
    helm = await connectHelm(folder, plane.access);
    simulator = createSimulator({ clock: realClock({ speed: 20 }), containerInstances: 0 });
    served = await serveSimulator(simulator, { port: 0 });
    await kubectl('create', 'namespace', NAMESPACE);
    await kubectl('label', 'namespace', NAMESPACE, 'pod-security.kubernetes.io/enforce=restricted');
  });

  afterAll(async () => {
    await served.close();
    await plane[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  test('renders what the API server takes, by kubeconform with the schemas of the API server itself', async () => {
    const { kubeconform } = await buildClusterTools(process.env);
    await using monitoring = await installMonitoringCrds();
    const schemas = await openKubeSchemas(plane, join(folder, 'schemas'));
    const values = join(CHART, 'ci', 'everything-values.yaml');
    const input = await helm.must('template', 'ecs', CHART, `--namespace=${NAMESPACE}`, `--values=${values}`);

    const { stdout, code } = await runProgram(
      kubeconform,
      ['-strict', '-summary', '-output=json', `-schema-location=${schemas}`],
      { input },
    );

    expect(parseObjects(input).map(({ kind }) => kind)).toEqual(expect.arrayContaining(monitoring.kinds));
    expect(JSON.parse(stdout)).toMatchObject({ summary: { invalid: 0, errors: 0, skipped: 0 } });
    expect(code).toBe(0);
  });

  test('installs as a dry run on the server, which leaves nothing', async () => {
    await helm.must(
      'install',
      'ecs-operator',
      CHART,
      `--namespace=${NAMESPACE}`,
      '--set=clusterId=prod',
      '--dry-run=server',
    );

    expect(await kubectl('get', 'deployments,crds', `--namespace=${NAMESPACE}`, '--output=name')).toBe('');
  });

  test('installs, and says how to see that it runs and what stays', async () => {
    const said = await helm.must('install', 'ecs-operator', CHART, `--namespace=${NAMESPACE}`, '--set=clusterId=prod');
    await kubectl('wait', '--for=condition=Established', 'crd', '--all', '--timeout=30s');

    expect(said).toContain('rollout status deployment/ecs-operator');
    expect(said).toContain('deletes nothing in ECS');
  });

  test('makes pods that Pod Security "restricted" admits, by the API server\'s own admission', async () => {
    const accepted = await admit({});
    const refused = await admit({ hostNetwork: true });

    expect(accepted).toMatchObject({ code: 0 });
    expect(refused.stderr).toContain('violates PodSecurity "restricted:latest": host namespaces');
  });

  test('has a helm test whose pod is admitted as well', async () => {
    const hooks = await helm.must('get', 'hooks', 'ecs-operator', `--namespace=${NAMESPACE}`);

    const admitted = await plane.kubectl(['create', '--dry-run=server', '--filename=-'], { input: hooks });

    expect(admitted.stderr).toBe('');
    expect(admitted.stdout).toContain('pod/ecs-operator-test created');
  });

  test('gives the operator all that it needs and no more, run under the installed service account', async () => {
    await kubectl('create', 'namespace', 'shop');
    await using operator = await runInstalled('ecs-operator', NAMESPACE);
    await applyCluster('shop');

    await waitFor(
      'Ready',
      () => readinessOf('shop'),
      (seen) => seen === 'True',
      { operator },
    );
    const metrics = await operator.metrics();

    expect(metrics).not.toMatch(/rest_client_requests_total\{[^}]*code="40[13]"/);
    expect(metrics).toMatch(/leader_election_master_status\{name="ecs-operator"\} 1/);
  });

  test('lets people see and change our objects as their roles say, by aggregation', async () => {
    for (const role of ['view', 'edit']) {
      await kubectl('create', 'rolebinding', role, `--clusterrole=${role}`, `--user=${role}er`, '--namespace=shop');
    }
    const aggregated = () => mayI('viewer', 'list', 'ecsservices', '--namespace=shop');
    await waitFor('the aggregation', aggregated, (answer) => answer === 'yes');

    const answers = await Promise.all([
      mayI('viewer', 'delete', 'ecsservices', '--namespace=shop'),
      mayI('editer', 'delete', 'ecsservices', '--namespace=shop'),
      mayI('editer', 'patch', 'ecsservices', '--subresource=scale', '--namespace=shop'),
      mayI('editer', 'patch', 'ecsservices', '--subresource=status', '--namespace=shop'),
    ]);

    expect(answers).toEqual(['no', 'yes', 'yes', 'no']);
  });

  test('brings a new field of a CRD with an upgrade, because Helm never upgrades what lies in crds/', async () => {
    const newer = join(folder, 'newer');
    await cp(CHART, newer, { recursive: true });
    const file = join(newer, 'templates', 'crds', 'ecsclusters.yaml');
    const template = await readFile(file, 'utf8');
    await writeFile(file, template.replace(/^( +)clusterName:$/m, '$1brandNew:\n$1  type: string\n$&'));

    await using operator = await runInstalled('ecs-operator', NAMESPACE);
    await waitForLeader(operator);
    const upgrade = ['upgrade', 'ecs-operator', newer, `--namespace=${NAMESPACE}`, '--reset-then-reuse-values'];
    await helm.must(...upgrade, '--dry-run=server');
    await helm.must(...upgrade);

    const crd = await kubectl('get', 'crd', 'ecsclusters.ecs-operator.dev', '--output=json');
    expect(JSON.parse(crd)).toHaveProperty(
      'spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.brandNew.type',
      'string',
    );
    // The API server takes a moment to serve what it has stored of a CRD.
    const state = async (patch: object): Promise<string> => {
      const change = `--patch=${JSON.stringify({ spec: patch })}`;
      await kubectl('patch', 'ecscluster/shop', '--namespace=shop', '--type=merge', change);
      return await fieldOf('shop', '{.spec.brandNew}');
    };
    await waitFor(
      'the new field to be kept',
      () => state({ brandNew: 'kept' }),
      (seen) => seen === 'kept',
      { operator },
    );
    await state({ brandNew: null });
    await waitFor('a look at the newest generation', generationsOf, ([newest, seen]) => newest === seen, { operator });
    expect(await readinessOf('shop')).toBe('True');
  });

  test('goes to one replica without election, because a Deployment that was rolled cannot be recreated unasked', async () => {
    const flags = [`--namespace=${NAMESPACE}`, '--reuse-values'];
    await helm.must('upgrade', 'ecs-operator', CHART, ...flags, '--set=leaderElection.enabled=false,replicas=1');
    const strategy = await kubectl(
      'get',
      'deployment/ecs-operator',
      ...flags.slice(0, 1),
      '--output=jsonpath={.spec.strategy}',
    );
    await helm.must('upgrade', 'ecs-operator', CHART, ...flags, '--set=leaderElection.enabled=true,replicas=2');

    expect(JSON.parse(strategy)).toEqual({ type: 'Recreate' });
  });

  test('can be installed for one namespace, beside the other, and sees no other', async () => {
    await kubectl('create', 'namespace', 'team');
    await kubectl('create', 'namespace', 'foreign');
    const values = join(CHART, 'ci', 'namespaced-values.yaml');
    await helm.must('install', 'mine', CHART, '--namespace=team', `--values=${values}`, '--set=fullnameOverride=mine');
    await using operator = await runInstalled('mine', 'team');
    await applyCluster('foreign');
    await applyCluster('team');
    const foreign = await kubectl('get', 'ecscluster/foreign', '--namespace=foreign', '--output=yaml');

    await waitFor(
      'Ready',
      () => readinessOf('team'),
      (seen) => seen === 'True',
      { operator },
    );

    const account = 'system:serviceaccount:team:mine';
    expect(await mayI(account, 'list', 'ecsclusters', '--namespace=foreign')).toBe('no');
    expect(await mayI(account, 'list', 'ecsclusters', '--namespace=team')).toBe('yes');
    const asked = `--raw=/apis/ecs-operator.dev/v1alpha1/namespaces/foreign/ecsclusters`;
    const { code, stderr } = await plane.kubectl(['get', asked, `--as=${account}`]);
    expect(stderr).toContain('(Forbidden)');
    expect(code).not.toBe(0);
    expect(await kubectl('get', 'ecscluster/foreign', '--namespace=foreign', '--output=yaml')).toBe(foreign);
    expect([...simulator.world.clusters.keys()]).not.toContain('foreign');
    expect(await operator.metrics()).not.toMatch(/rest_client_requests_total\{[^}]*code="40[13]"/);
  });

  test('is uninstalled without a loss: objects, CRDs and what is in ECS stay, and helm says so', async () => {
    // Whoever deletes objects while the operator runs has it delete in ECS.
    await using operator = await runInstalled('ecs-operator', NAMESPACE);
    await waitForLeader(operator);
    const said = await helm.must('uninstall', 'ecs-operator', `--namespace=${NAMESPACE}`);

    expect(said).toContain('kept due to the resource policy');
    expect(said).toContain('ecsservices.ecs-operator.dev');
    expect(await kubectl('get', 'deployments', `--namespace=${NAMESPACE}`, '--output=name')).toBe('');
    expect(await readinessOf('shop')).toBe('True');
    expect(await Promise.all(['shop', 'team'].map(deletedAt))).toEqual(['', '']);
    expect(simulator.calls.map(({ action }) => action)).not.toContain('DeleteCluster');
  });

  test('is installed anew over what stayed', async () => {
    const said = await helm.must('install', 'ecs-operator', CHART, `--namespace=${NAMESPACE}`, '--set=clusterId=prod');

    expect(said).toContain('STATUS: deployed');
    const crd: unknown = parse(await kubectl('get', 'crd', 'ecsclusters.ecs-operator.dev', '--output=yaml'));
    expect(crd).not.toHaveProperty('spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.brandNew');
  });

  test('warns of crds.keep=false, with which the objects go as well, and those without an operator wait for one', async () => {
    const flags = [`--namespace=${NAMESPACE}`, '--reuse-values', '--set=crds.keep=false'];
    const said = await helm.must('upgrade', 'ecs-operator', CHART, ...flags);
    await helm.must('uninstall', 'ecs-operator', `--namespace=${NAMESPACE}`);

    await waitFor(
      'the deletion of the object',
      () => deletedAt('shop'),
      (at) => at !== '',
    );
    expect(said).toContain('WARNING: crds.keep is false');
    expect(await fieldOf('shop', '{.metadata.finalizers}')).toContain('ecs-operator.dev');
  });
});
