import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { stringify } from 'yaml';
import { z } from 'zod';
import { readGuides, readKindExamples } from '../support/examples.ts';
import { connectHelm, type Helm } from '../support/helm.ts';
import { connectCluster } from '../support/kubectl.ts';
import type { ExampleObject } from '../support/rule-examples.ts';
import { type StoryManifest, serviceNamed } from '../support/shop-objects.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { type Story, tellStory } from '../support/story.ts';
import { waitFor } from '../support/wait-for.ts';

const cluster = connectCluster(inject('cluster'));
const EXAMPLES: readonly ExampleObject[] = [...readGuides(), ...readKindExamples('*')].flatMap(
  ({ objects }) => objects,
);
/** As Argo CD and Flux's kustomize-controller call themselves. */
const MANAGER = '--field-manager=argocd-controller';

let stack: Stack;
let story: Story;
let folder: string;
let helm: Helm;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ecs-operator-gitops-'));
  stack = await startStack({ cluster, speed: 20 });
  story = tellStory(cluster, stack);
  helm = await connectHelm(folder, cluster.access);
});

afterAll(async () => {
  await stack[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const Listed = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), generation: z.number(), finalizers: z.array(z.string()).optional() }),
  status: z.looseObject({ observedGeneration: z.number() }),
});

function nameOf({ kind, metadata }: Pick<ExampleObject, 'kind' | 'metadata'>): string {
  return `${kind}/${metadata.name}`;
}

async function listed(): Promise<readonly z.infer<typeof Listed>[]> {
  const found = await story.kubectl('get', 'ecs', '--output=json');
  return z.object({ items: z.array(Listed) }).parse(JSON.parse(found)).items;
}

/** What somebody who compares sees of an object: without what changes with every write. */
function compared(object: unknown): unknown {
  const { metadata, ...rest } = z.looseObject({ metadata: z.looseObject({}) }).parse(object);
  const { managedFields: _, resourceVersion: __, ...kept } = metadata;
  return { ...rest, metadata: kept };
}

/** All examples in one apply, and what the API server makes of each. */
async function applyExamples(...flags: readonly string[]): Promise<readonly unknown[]> {
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: EXAMPLES });
  const place = `--namespace=${stack.namespace}`;
  const args = ['apply', '--server-side', MANAGER, place, '--output=json', ...flags, '-f', '-'];
  const { stdout, stderr, code } = await cluster.kubectl(args, { input });
  if (code !== 0) throw new Error(stderr);
  return z
    .object({ items: z.array(z.unknown()) })
    .parse(JSON.parse(stdout))
    .items.map(compared);
}

async function chartOf(name: string, ...objects: readonly object[]): Promise<string> {
  const chart = join(folder, name);
  await mkdir(join(chart, 'templates'), { recursive: true });
  await writeFile(join(chart, 'Chart.yaml'), stringify({ apiVersion: 'v2', name, version: '1.0.0' }));
  await writeFile(join(chart, 'templates', 'objects.yaml'), objects.map((object) => stringify(object)).join('---\n'));
  return chart;
}

function clusterObject(name: string, spec: object = {}): object {
  return { apiVersion: 'ecs-operator.dev/v1alpha1', kind: 'EcsCluster', metadata: { name }, spec };
}

describe('helm --wait for a chart that holds our objects', () => {
  test('ends when ECS has them', async () => {
    const chart = await chartOf('good', clusterObject('waited'));

    await helm.must('install', 'good', chart, `--namespace=${stack.namespace}`, '--wait', '--timeout=60s');

    expect((await story.get('ecscluster/waited'))?.status.conditions).toMatchObject([
      { type: 'Ready', status: 'True' },
    ]);
  });

  test('fails at once where only a person can help, because that is what Stalled is for', async () => {
    await stack.simulator.call('CreateCluster', { clusterName: 'theirs' });
    const chart = await chartOf('bad', clusterObject('theirs'));
    const startedAt = performance.now();

    const { code, stderr } = await helm.run(
      'install',
      'bad',
      chart,
      `--namespace=${stack.namespace}`,
      '--wait',
      '--timeout=120s',
    );

    expect(code).not.toBe(0);
    expect(stderr).toContain('theirs');
    expect(performance.now() - startedAt).toBeLessThan(60_000);
  });
});

function uncounted(name: string): StoryManifest {
  const { desiredCount: _, ...spec } = serviceNamed(name).spec;
  return { ...serviceNamed(name), spec };
}

async function countStatedBy(name: string): Promise<unknown> {
  return (await story.get(`ecsservice/${name}`))?.spec['desiredCount'];
}

describe('a count that the manifest states no more', () => {
  test('stays on the object of a server-side apply where kubectl scale has put another before, and else goes', async () => {
    for (const name of ['taken', 'dropped']) await story.apply(serviceNamed(name));

    await story.kubectl('scale', 'ecsservice/taken', '--replicas=3');
    for (const name of ['taken', 'dropped']) await story.apply(uncounted(name));

    expect([await countStatedBy('taken'), await countStatedBy('dropped')]).toEqual([3, undefined]);
  });

  test('stays on the object of kubectl apply where the record of what was applied is set before, and else goes', async () => {
    const place = `--namespace=${stack.namespace}`;
    for (const name of ['recorded', 'forgotten']) await cluster.apply(serviceNamed(name), place);

    const record = ['apply', 'set-last-applied', place, '-f', '-'];
    const { code } = await cluster.kubectl(record, { input: JSON.stringify(uncounted('recorded')) });
    for (const name of ['recorded', 'forgotten']) await cluster.apply(uncounted(name), place);

    expect(code).toBe(0);
    expect([await countStatedBy('recorded'), await countStatedBy('forgotten')]).toEqual([2, undefined]);
  });
});

describe('an object that was applied by a GitOps tool', () => {
  test('shows no difference after the operator has worked on it, whichever example it is', async () => {
    await applyExamples();
    const names = new Set(EXAMPLES.map(nameOf));
    await waitFor(
      'all of them to be looked at',
      listed,
      (objects) =>
        objects
          .filter((object) => names.has(nameOf(object)))
          .every(({ metadata, status }) => status.observedGeneration === metadata.generation),
      { timeoutMs: 60_000, operator: stack.operator },
    );
    await stack.operator.stop();

    const live = new Map((await listed()).map((object) => [nameOf(object), compared(object)]));
    const applied = await applyExamples('--dry-run=server');

    expect(applied).toEqual(EXAMPLES.map((example) => live.get(nameOf(example))));
    expect((await listed()).filter(({ metadata }) => metadata.finalizers !== undefined).length).toBeGreaterThan(50);
  });
});
