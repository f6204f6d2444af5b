import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { type AutoscalerTarget, autoscalerOf, autoscalerSays } from '../support/autoscaler.ts';
import { readWrites } from '../support/control-plane-audit.ts';
import { type ExternalMetrics, serveExternalMetrics } from '../support/external-metrics.ts';
import { type KubeAnswer, type KubeHttp, openKubeHttp } from '../support/kube-http.ts';
import { connectCluster } from '../support/kubectl.ts';
import { asFile, clusterNamed, definitionOf, serviceNamed } from '../support/shop-objects.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { type Story, tellStory } from '../support/story.ts';

const access = inject('cluster');
const kubernetes = connectCluster(access);
const { auditLogPath = '' } = access;
/** A control plane of ours, with controllers: it reaches a metrics API in this process, and nobody else's is replaced. */
const hasAutoscaler = access.hasControllers && auditLogPath !== '';
/** Whom the audit log names for what kube-controller-manager does. */
const AUTOSCALER = 'system:kube-controller-manager';
const TARGET = 10;
const EACH: AutoscalerTarget = { type: 'AverageValue', averageValue: String(TARGET) };

let http: KubeHttp;
let stack: Stack;
let story: Story;

beforeAll(async () => {
  http = await openKubeHttp(access);
  stack = await startStack({ cluster: kubernetes, speed: 120 });
  story = tellStory(kubernetes, stack);
  await story.apply(clusterNamed('shop'));
});

afterAll(async () => {
  await stack[Symbol.asyncDispose]();
  await http[Symbol.asyncDispose]();
});

beforeEach(() => {
  stack.simulator.forgetCalls();
});

/** What GitOps applies: it leaves the count out. */
function manifestOf(name: string): string {
  const { desiredCount: _, ...spec } = serviceNamed(name).spec;
  return asFile(definitionOf(name, `shop/${name}:1`), { ...serviceNamed(name), spec });
}

async function countIs(name: string, count: number): Promise<void> {
  await story.until(
    `ecsservice/${name}`,
    `at ${count} tasks`,
    ({ spec, status }) =>
      spec['desiredCount'] === count && status['desiredCount'] === count && status['runningCount'] === count,
  );
}

/** Each count that ECS was asked for. */
function countsOf(name: string): readonly unknown[] {
  return stack.simulator
    .writes()
    .filter(({ action, input }) => action === 'UpdateService' && input['service'] === name)
    .map(({ input }) => input['desiredCount']);
}

/** GitOps comes by and changes nothing, neither in the object nor in ECS. */
async function applyAnew(name: string): Promise<void> {
  const before = await story.get(`ecsservice/${name}`);
  await story.apply(manifestOf(name));
  await story.look(`ecsservice/${name}`);
  const after = await story.ready(`ecsservice/${name}`);

  expect(after.spec).toEqual(before?.spec);
}

async function readScale(name: string): Promise<KubeAnswer> {
  return await http.send({ method: 'GET', path: scalePathOf(name) });
}

/** The two calls of KEDA, which steps to 0 and from there to 1 by itself: it reads the scale, and writes it back. */
async function stepTo(replicas: number, name: string): Promise<void> {
  const { body } = await readScale(name);
  const scale = Object.assign({}, body, { spec: { replicas } });
  const { code } = await http.send({ method: 'PUT', path: scalePathOf(name), body: scale });

  expect(code).toBe(200);
}

function scalePathOf(name: string): string {
  return `/apis/ecs-operator.dev/v1alpha1/namespaces/${stack.namespace}/ecsservices/${name}/scale`;
}

describe('a service without scaling', () => {
  test('is found by the generic scale client, which HPA and KEDA go by: its scale is that of autoscaling/v1', async () => {
    const { body } = await http.send({ method: 'GET', path: '/apis/ecs-operator.dev/v1alpha1' });

    expect(body).toMatchObject({
      resources: expect.arrayContaining([
        expect.objectContaining({
          name: 'ecsservices/scale',
          kind: 'Scale',
          group: 'autoscaling',
          version: 'v1',
          verbs: ['get', 'patch', 'update'],
        }),
      ]) as unknown,
    });
  });

  test('cannot be scaled from a scale that is old, so that whoever else scales is not overruled', async () => {
    await story.apply(manifestOf('contended'));
    await story.kubectl('scale', 'ecsservice/contended', '--replicas=2');
    const { body } = await readScale('contended');
    await story.kubectl('scale', 'ecsservice/contended', '--replicas=3');

    const scale = Object.assign({}, body, { spec: { replicas: 0 } });
    const { code } = await http.send({ method: 'PUT', path: scalePathOf('contended'), body: scale });

    expect(code).toBe(409);
    await countIs('contended', 3);
  });

  test('has no scale until its count is stated once, and goes to 0 and back to 1 by KEDA’s calls, beside GitOps', async () => {
    await story.apply(manifestOf('plain'));
    await story.ready('ecsservice/plain');

    const before = await readScale('plain');
    await story.kubectl('scale', 'ecsservice/plain', '--replicas=2');
    await countIs('plain', 2);
    const after = await readScale('plain');
    await stepTo(0, 'plain');
    await countIs('plain', 0);
    await applyAnew('plain');
    await stepTo(1, 'plain');
    await countIs('plain', 1);
    await applyAnew('plain');

    expect([before.code, after.code]).toEqual([500, 200]);
    expect(after.body).toMatchObject({
      spec: { replicas: 2 },
      status: { selector: expect.stringMatching(/^ecs-operator\.dev\/uid=[-0-9a-f]+$/) as string },
    });
    expect(countsOf('plain')).toEqual([2, 0, 1]);
  });
});

/** Who has written the service's scale, in this order. */
async function scalersOf(name: string): Promise<readonly string[]> {
  const writes = await readWrites(auditLogPath);
  return writes
    .filter((write) => write.namespace === stack.namespace && write.resource === 'ecsservices/scale')
    .filter((write) => write.name === name && write.code === 200)
    .map(({ user }) => user);
}

async function says(name: string, words: RegExp): Promise<void> {
  await autoscalerSays(kubernetes, stack, name, words);
}

describe.runIf(hasAutoscaler)('a service with a HorizontalPodAutoscaler', () => {
  let metrics: ExternalMetrics;

  beforeAll(async () => {
    metrics = await serveExternalMetrics(kubernetes, stack.namespace);
  });

  afterAll(async () => {
    await metrics[Symbol.asyncDispose]();
  });

  /** The metric of so many tasks that each are at their target. */
  function loadIs(name: string, tasks: number): void {
    metrics.set(name, tasks * TARGET);
  }

  test('is refused to it until its count is stated once, and then follows the metric up and down, beside GitOps', async () => {
    loadIs('web', 2);
    await story.apply(manifestOf('web'));
    await story.ready('ecsservice/web');
    await story.apply(autoscalerOf('web', EACH));

    await says('web', /^AbleToScale is False, FailedGetScale: .*"\.spec\.desiredCount" does not exist/);
    await story.kubectl('scale', 'ecsservice/web', '--replicas=2');
    await says('web', /^AbleToScale is True/);
    await says('web', /^ScalingActive is True/);
    await countIs('web', 2);
    await applyAnew('web');
    loadIs('web', 5);
    await countIs('web', 5);
    await applyAnew('web');
    loadIs('web', 1);
    await countIs('web', 1);
    await applyAnew('web');

    expect(countsOf('web')).toEqual([2, 5, 1]);
    expect(await scalersOf('web')).toEqual(['admin', AUTOSCALER, AUTOSCALER]);
  });

  test('stays at 0 where KEDA has put it, and is scaled again from the 1 to which KEDA wakes it', async () => {
    loadIs('bursty', 1);
    await story.apply(manifestOf('bursty'));
    await story.kubectl('scale', 'ecsservice/bursty', '--replicas=1');
    await story.apply(autoscalerOf('bursty', EACH));
    await says('bursty', /^ScalingActive is True/);
    await countIs('bursty', 1);

    await stepTo(0, 'bursty');
    await says('bursty', /^ScalingActive is False, ScalingDisabled/);
    await countIs('bursty', 0);
    loadIs('bursty', 3);
    await applyAnew('bursty');
    await stepTo(1, 'bursty');
    await says('bursty', /^ScalingActive is True/);
    await countIs('bursty', 3);

    expect(await scalersOf('bursty')).toEqual(['admin', 'admin', 'admin', AUTOSCALER]);
  });

  test('is not scaled by a target of Value, because that is reckoned from pods, and there are none', async () => {
    loadIs('whole', 5);
    await story.apply(manifestOf('whole'));
    await story.kubectl('scale', 'ecsservice/whole', '--replicas=2');
    await story.apply(autoscalerOf('whole', { type: 'Value', value: String(TARGET) }));

    await says('whole', /^ScalingActive is False, .*no pods returned by selector/);
    await countIs('whole', 2);

    expect(await scalersOf('whole')).toEqual(['admin']);
  });
});
