import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { objectPath } from '../support/api-verdict.ts';
import { readGuides, readKindExamples } from '../support/examples.ts';
import { type KubeHttp, openKubeHttp } from '../support/kube-http.ts';
import { connectCluster } from '../support/kubectl.ts';
import type { ExampleObject } from '../support/rule-examples.ts';

const access = inject('cluster');
const cluster = connectCluster(access);
const ROOT = join(import.meta.dirname, '..', '..');

const FOLDERS = ['examples/guides', 'examples/scaling'];

/** What one kubectl apply is given: the guides all at once, the others file by file, as their names meet. */
const CASES = [
  ...FOLDERS.map((folder) => ({
    path: folder,
    objects: readGuides()
      .filter(({ path }) => path.startsWith(`${folder}/`))
      .flatMap(({ objects }) => objects),
  })),
  ...readKindExamples('*'),
];

let http: KubeHttp;

beforeAll(async () => {
  http = await openKubeHttp(access);
});

afterAll(async () => {
  await http[Symbol.asyncDispose]();
});

interface Stored {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly resourceVersion: string; readonly generation: number };
  readonly spec: unknown;
}

async function stored(namespace: string): Promise<readonly Stored[]> {
  const { stdout } = await cluster.kubectl(['get', 'ecs', '--namespace', namespace, '--output=json']);
  return (JSON.parse(stdout) as { readonly items: readonly Stored[] }).items;
}

async function patch(path: string, body: object): Promise<void> {
  const answer = await http.send({ method: 'PATCH', path, query: { fieldManager: 'ecs-operator' }, body });
  if (answer.code !== 200) throw new Error(JSON.stringify(answer.body));
}

/** What the operator writes, as a field manager of its own: its finalizer and the status. */
async function writeAsOperator(namespace: string, objects: readonly ExampleObject[]): Promise<void> {
  for (const path of objects.map((object) => objectPath(object, namespace))) {
    await patch(path, { metadata: { finalizers: ['ecs-operator.dev/finalizer'] } });
    await patch(`${path}/status`, { status: { observedGeneration: 1 } });
  }
}

async function releaseAsOperator(namespace: string, objects: readonly ExampleObject[]): Promise<void> {
  for (const object of objects) await patch(objectPath(object, namespace), { metadata: { finalizers: [] } });
}

describe('kubectl apply --server-side', () => {
  test.for(CASES)('of $path stores what is stated, and a second time changes nothing', async ({ path, objects }) => {
    await using namespace = await cluster.createNamespace('apply');
    const apply = ['apply', '--server-side', '--namespace', namespace.name, '-f', join(ROOT, path)];

    const first = await cluster.kubectl(apply);
    await writeAsOperator(namespace.name, objects);
    const before = await stored(namespace.name);
    const second = await cluster.kubectl(apply);
    const after = await stored(namespace.name);
    await releaseAsOperator(namespace.name, objects);

    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(before.map(({ kind, metadata, spec }) => ({ kind, name: metadata.name, spec }))).toEqual(
      expect.arrayContaining(objects.map(({ kind, metadata, spec }) => ({ kind, name: metadata.name, spec }))),
    );
    expect(before).toHaveLength(objects.length);
    expect(second).toMatchObject({ code: 0, stderr: '' });
    expect(after).toEqual(before);
  });

  /** The API server stores the default of status with the first write after the creation, whosever that is. */
  test('straight after the first makes no new generation, because nothing new is wished', async () => {
    await using namespace = await cluster.createNamespace('apply');
    const apply = ['apply', '--server-side', '--namespace', namespace.name, '-f', join(ROOT, 'examples/guides')];
    await cluster.kubectl(apply);

    const second = await cluster.kubectl(apply);
    const before = await stored(namespace.name);
    const third = await cluster.kubectl(apply);
    const after = await stored(namespace.name);

    expect(second).toMatchObject({ code: 0, stderr: '' });
    expect(third).toMatchObject({ code: 0, stderr: '' });
    expect(new Set(after.map(({ metadata }) => metadata.generation))).toEqual(new Set([1]));
    expect(after).toEqual(before);
  });
});

describe('kubectl apply', () => {
  test.for(FOLDERS)('takes %s client-side as well, and a second time finds it unchanged', async (folder) => {
    await using namespace = await cluster.createNamespace('apply');
    const apply = ['apply', '--namespace', namespace.name, '-f', join(ROOT, folder)];

    const first = await cluster.kubectl(apply);
    const second = await cluster.kubectl(apply);

    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(second).toMatchObject({ code: 0, stderr: '' });
    const lines = second.stdout.trim().split('\n');
    expect(lines.filter((line) => !line.endsWith(' unchanged'))).toEqual([]);
  });
});
