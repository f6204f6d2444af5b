/**
 * `make demo`: a shop on ECS, told in five steps. `--once` tells it without a terminal and exits 0 only if all held;
 * `--picture FILE` draws what it showed.
 */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openCluster } from '../support/control-plane-cluster.ts';
import { type Cluster, connectCluster } from '../support/kubectl.ts';
import { startStack } from '../support/stack.ts';
import { waitFor } from '../support/wait-for.ts';
import { drawFrames, type Frame } from './picture.ts';
import { INSTANCES, STORY, type Stage, type Step } from './story.ts';
import { readObjects, renderTable } from './table.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const BUNDLE = join(ROOT, 'dist', 'ecs-operator.mjs');
/** ECS takes minutes for what the story shows in seconds. */
const SPEED = 3;
/** A line of the table. */
const UNDER_WAY = /^\S+ +False .* (?:IN_PROGRESS|RolloutInProgress|Creating|Deleting)/m;
const STEP_TIMEOUT_MS = 120_000;
/** Of lines that no terminal cuts off. */
const MESSAGE_WIDTH = 1_000;

const { values } = parseArgs({ options: { once: { type: 'boolean', default: false }, picture: { type: 'string' } } });
const isOnTerminal = process.stdout.isTTY && !values.once;

const interrupted = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
});

/** As a shell says it of a process that SIGINT ended. */
const INTERRUPTED = 130;
const told = Promise.withResolvers<void>();
const telling = tell();

// In the middle of the story Ctrl-C ends it where it stands; after it, everything is put away first.
const first = await Promise.race([
  telling,
  told.promise.then(() => 'told' as const),
  interrupted.then(() => 'interrupted' as const),
]);
process.exitCode = first === 'interrupted' ? INTERRUPTED : await telling;
process.exit();

async function tell(): Promise<number> {
  console.log('Starting a Kubernetes API server, an ECS to play with, and the operator …');
  await using opened = await openCluster(process.env);
  console.log(opened.because);
  const cluster = connectCluster(opened.access);
  await installCrds(cluster);
  await using stack = await startStack({
    cluster,
    speed: SPEED,
    namespacePrefix: 'shop',
    simulator: { containerInstances: INSTANCES },
    environment: { ECS_OPERATOR_RESYNC_INTERVAL: '10s' },
    ...(existsSync(BUNDLE) && { entry: BUNDLE }),
  });
  stack.simulator.world.behaviours.add({ image: /broken/, becomes: 'cannot-pull', afterMs: 2_000 });
  const stage: Stage = { cluster, stack };
  const frames: Frame[] = [];
  for (const [index, step] of STORY.entries()) frames.push(...(await tellStep(stage, step, index + 1)));
  if (values.picture !== undefined) await writeFile(values.picture, drawFrames(frames));
  console.log(`\nAll ${STORY.length} steps held, as the objects say and as ECS says.`);
  told.resolve();
  if (values.once) return 0;
  console.log(howToLookAround(stage));
  await interrupted;
  console.log('\nEnding it all …');
  return 0;
}

async function installCrds(cluster: Cluster): Promise<void> {
  const crds = join(ROOT, 'crds');
  for (const args of [
    ['apply', '--server-side', '-f', crds],
    ['wait', '--for=condition=Established', '--timeout=30s', '-f', crds],
  ]) {
    const { code, stderr } = await cluster.kubectl(args);
    if (code !== 0) throw new Error(stderr);
  }
}

/** A moment on the way, where one was seen that was not Ready yet, and the end. */
async function tellStep(stage: Stage, step: Step, number: number): Promise<readonly Frame[]> {
  console.log(`\n${number}. ${step.title}`);
  const startedAt = performance.now();
  await step.act(stage);
  const stopDrawing = isOnTerminal ? draw(stage) : undefined;
  let onTheWay: string | undefined;
  const look = async () => {
    const text = await table(stage);
    if (UNDER_WAY.test(text)) onTheWay = text;
    await step.look(stage);
    return true;
  };
  try {
    await waitFor(step.title, look, Boolean, {
      timeoutMs: STEP_TIMEOUT_MS,
      everyMs: 250,
      operator: stage.stack.operator,
    });
  } finally {
    await stopDrawing?.();
  }
  const text = await table(stage);
  if (!isOnTerminal) console.log(text);
  console.log(`   held after ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  const { title } = step;
  return [...(onTheWay === undefined ? [] : [{ title, text: onTheWay }]), { title, text }];
}

async function table({ cluster, stack }: Stage): Promise<string> {
  return renderTable(
    await readObjects(cluster, stack.namespace),
    isOnTerminal ? process.stdout.columns : MESSAGE_WIDTH,
  );
}

/** Draws the table over itself until told to stop; the last picture stays. */
function draw(stage: Stage): () => Promise<void> {
  const stopping = new AbortController();
  let lines = 0;
  async function paint(): Promise<void> {
    const text = await table(stage);
    if (lines > 0) process.stdout.write(`\u001B[${lines}A\u001B[J`);
    process.stdout.write(`${text}\n`);
    lines = text.split('\n').length;
  }
  async function repeat(): Promise<void> {
    while (!stopping.signal.aborted) {
      await paint();
      await new Promise((resolve) => setTimeout(resolve, 400));
    }
  }
  const drawing = repeat();
  return async () => {
    stopping.abort();
    await drawing;
    await paint();
  };
}

function howToLookAround({ cluster, stack }: Stage): string {
  return `
Look around from another terminal:

  export KUBECONFIG=${cluster.kubeconfigPath}
  kubectl get ecs --namespace ${stack.namespace}
  kubectl describe ecsservice/web --namespace ${stack.namespace}
  kubectl get events --namespace ${stack.namespace}
  kubectl scale ecsservice/web --replicas=5 --namespace ${stack.namespace}

  export AWS_ENDPOINT_URL_ECS=${stack.endpoint} AWS_REGION=eu-central-1 AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test
  aws ecs list-services --cluster shop

Ctrl-C ends it all.`;
}
