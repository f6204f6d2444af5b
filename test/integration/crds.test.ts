import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { readCrds } from '../support/crds.ts';
import { readKindExamples } from '../support/examples.ts';
import { type KubeHttp, openKubeHttp } from '../support/kube-http.ts';
import { connectCluster } from '../support/kubectl.ts';

const access = inject('cluster');
const cluster = connectCluster(access);
const KINDS = readCrds()
  .map(({ definition, crd }) => ({ kind: definition.kind, definition, names: crd.spec.names }))
  .filter(({ definition }) => definition.scope === 'Namespaced');
const SERVICES = '/apis/ecs-operator.dev/v1alpha1/namespaces';

let http: KubeHttp;
let namespace: Awaited<ReturnType<typeof cluster.createNamespace>>;

beforeAll(async () => {
  http = await openKubeHttp(access);
  namespace = await cluster.createNamespace('crds');
  for (const { objects } of readKindExamples('minimal')) {
    for (const object of objects) await cluster.apply(object, '--server-side', '--namespace', namespace.name);
  }
});

afterAll(async () => {
  await namespace[Symbol.asyncDispose]();
  await http[Symbol.asyncDispose]();
});

/** The words of a table's rows. No value of these tests has a blank in it. */
async function table(...args: readonly string[]): Promise<readonly (readonly string[])[]> {
  const { stdout, stderr, code } = await cluster.kubectl(['get', '--namespace', namespace.name, ...args]);
  if (code !== 0) throw new Error(stderr);
  const lines = stdout.split('\n').filter((line) => line !== '');
  return lines.map((line) => line.trim().split(/\s+/));
}

async function patchStatus(kind: string, name: string, status: object): Promise<void> {
  const patch = ['--subresource=status', '--type=merge', `--patch=${JSON.stringify({ status })}`];
  const { stderr, code } = await cluster.kubectl(['patch', kind, name, '--namespace', namespace.name, ...patch]);
  if (code !== 0) throw new Error(stderr);
}

function nameOf(kind: string): string {
  const [object] = readKindExamples('minimal').flatMap(({ objects }) => objects.filter((one) => one.kind === kind));
  if (object === undefined) throw new Error(`no minimal ${kind}`);
  return object.metadata.name;
}

describe('the names of the kinds', () => {
  test.for(KINDS)('let kubectl find $kind by plural, singular and short name', async ({ names, kind, definition }) => {
    const spellings = [names.plural, definition.singular, kind, ...names.shortNames];

    const found = await Promise.all(spellings.map((spelling) => table(spelling, '--output=name')));

    expect(names.shortNames).toHaveLength(1);
    expect(found).toEqual(spellings.map(() => [[`${definition.singular}.${definition.group}/${nameOf(kind)}`]]));
  });

  test('let kubectl get ecs list all kinds that live in a namespace, because it is the first thing that one types', async () => {
    const found = (await table('ecs', '--output=name')).flat();

    expect(found.toSorted()).toEqual(
      KINDS.map(({ kind, definition }) => `${definition.singular}.${definition.group}/${nameOf(kind)}`).toSorted(),
    );
  });
});

describe('the columns', () => {
  const conditions = [
    { type: 'Ready', status: 'False', reason: 'Applying', message: '', lastTransitionTime: '2026-11-01T00:00:00Z' },
  ];

  test.for([
    {
      kind: 'EcsCluster',
      status: { conditions, state: 'ACTIVE', activeServicesCount: 2, runningTasksCount: 5, pendingTasksCount: 0 },
      head: ['NAME', 'READY', 'STATE', 'SERVICES', 'RUNNING', 'PENDING', 'AGE'],
      row: ['False', 'ACTIVE', '2', '5', '0'],
    },
    {
      kind: 'EcsTaskDefinition',
      status: { conditions, revision: 'web:4' },
      spec: { cpu: '256', memory: '512' },
      head: ['NAME', 'READY', 'REVISION', 'CPU', 'MEMORY', 'AGE'],
      row: ['False', 'web:4', '256', '512'],
    },
    {
      kind: 'EcsService',
      status: { conditions, desiredCount: 3, runningCount: 2, rolloutState: 'FAILED', revision: 'web:3' },
      head: ['NAME', 'READY', 'DESIRED', 'RUNNING', 'ROLLOUT', 'REVISION', 'AGE'],
      row: ['False', '3', '2', 'FAILED', 'web:3'],
    },
  ])('of $kind show how it is at a glance, and why with -o wide', async ({ kind, status, spec, head, row }) => {
    const name = nameOf(kind);
    if (spec !== undefined) {
      const patch = ['--type=merge', `--patch=${JSON.stringify({ spec })}`];
      await cluster.kubectl(['patch', kind, name, '--namespace', namespace.name, ...patch]);
    }
    await patchStatus(kind, name, status);

    const narrow = await table(kind);
    const wide = await table(kind, '--output=wide');

    expect(narrow).toEqual([head, [name, ...row, expect.any(String)]]);
    expect(wide).toEqual([head.toSpliced(-1, 0, 'REASON'), [name, ...row, 'Applying', expect.any(String)]]);
  });
});

describe('a new object', () => {
  test.for(KINDS)('of $kind has a status that no reader takes for current', async ({ kind }) => {
    const [object] = readKindExamples('minimal').flatMap(({ objects }) => objects.filter((one) => one.kind === kind));
    const fresh = { ...object, metadata: { name: 'fresh', namespace: namespace.name } };

    await cluster.apply(fresh, '--server-side');

    const stored = await cluster.get(kind, namespace.name, 'fresh');
    expect(stored?.['status']).toEqual({ observedGeneration: -1 });
    expect(stored?.['spec']).toEqual(object?.spec);
  });
});

/** Applies a service without a count, and returns where its scale is. */
async function makeService(name: string): Promise<string> {
  const spec = { taskDefinitionRef: { name: 'web' } };
  const service = { apiVersion: 'ecs-operator.dev/v1alpha1', kind: 'EcsService', metadata: { name }, spec };
  await cluster.apply(service, '--server-side', '--namespace', namespace.name);
  return `${SERVICES}/${namespace.name}/ecsservices/${name}/scale`;
}

describe('the scale of a service', () => {
  test('is unknown while no count is stated, because a missing number is not zero', async () => {
    const path = await makeService('uncounted');

    const answer = await http.send({ method: 'GET', path });

    expect(answer).toMatchObject({ code: 500, body: { message: expect.stringContaining('.spec.desiredCount') } });
  });

  test('is known once kubectl scale has stated it, and is what autoscalers read', async () => {
    const path = await makeService('counted');

    const scaled = await cluster.kubectl(['scale', 'ecss/counted', '--replicas=3', '--namespace', namespace.name]);
    await patchStatus('ecss', 'counted', { runningCount: 2, selector: 'ecs-operator.dev/uid=1' });

    expect(scaled).toMatchObject({ code: 0, stderr: '' });
    expect(await cluster.get('ecss', namespace.name, 'counted')).toMatchObject({ spec: { desiredCount: 3 } });
    const answer = await http.send({ method: 'GET', path });
    expect(answer).toMatchObject({
      code: 200,
      body: { spec: { replicas: 3 }, status: { replicas: 2, selector: 'ecs-operator.dev/uid=1' } },
    });
  });

  test('outlives an apply of the manifest without the field, because autoscaling and GitOps live together', async () => {
    await makeService('kept');
    await cluster.kubectl(['scale', 'ecss/kept', '--replicas=4', '--namespace', namespace.name]);

    await makeService('kept');

    expect(await cluster.get('ecss', namespace.name, 'kept')).toMatchObject({ spec: { desiredCount: 4 } });
  });
});
