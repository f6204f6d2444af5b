import { setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from '../support/wait-for.ts';
import type { BenchStage } from './bench-stage.ts';
import type { Call } from './ecs-process.ts';
import { atMost, type Figure, figure, median } from './figure.ts';
import { apply, definitionWish, serviceWish } from './load.ts';
import { SHOP } from './services-figures.ts';

const EDITS = 5;
const SWEEP_SECONDS = 15;
const NAME = 'edited';
/** Less than that is within what two edits differ by anyway. */
const NOTICEABLE_MS = 100;
/** As many of a sweep's calls have been seen: it is under way, and most of it is still to come. */
const BEGUN_CALLS = 3;
const SWEEP_CALLS = SHOP.services / 10;

/** From the edit of an image to the UpdateService that brings it: alone, and in the middle of a sweep. */
export async function measureEdits(stage: BenchStage): Promise<readonly Figure[]> {
  const { kube, namespace } = stage;
  await stage.startOperator({ ECS_OPERATOR_RESYNC_INTERVAL: `${SWEEP_SECONDS}s` });
  await apply(kube, namespace, definitionWish(NAME));
  await apply(kube, namespace, serviceWish(NAME, { cluster: 'bench', definition: NAME }));
  await waitForRollout(stage);
  const during: number[] = [];
  const between: number[] = [];
  for (let edit = 0; edit < EDITS; edit += 1) {
    await waitForSweepToBegin(stage);
    during.push(await edited(stage, `shop/web:during-${edit}`));
    await waitForRollout(stage);
    await waitForSilence(stage);
    between.push(await edited(stage, `shop/web:between-${edit}`));
    await waitForRollout(stage);
  }
  return [
    figure('edits of each kind', EDITS),
    atMost('image edited → UpdateService sent, median', median(between), 1_000, 'ms'),
    atMost('the longest of them', Math.max(...between), 1_000, 'ms'),
    atMost(`the same while a sweep of ${SHOP.services} services runs, median`, median(during), 1_000, 'ms'),
    atMost('the longest of them', Math.max(...during), 1_000, 'ms'),
    atMost('how much longer that takes, by the medians', median(during) - median(between), NOTICEABLE_MS, 'ms'),
  ];
}

/** Milliseconds until the UpdateService has arrived, which it does before ECS takes its time for the answer. */
async function edited({ ecs, kube, namespace }: BenchStage, image: string): Promise<number> {
  const from = (await ecs.calls()).length;
  const startedAt = Date.now();
  await apply(kube, namespace, definitionWish(NAME, image));
  const isUpdate = ({ action, about }: Call): boolean => action === 'UpdateService' && about === NAME;
  const find = async () => (await ecs.calls(from)).find(isUpdate);
  const update = await waitFor('the UpdateService', find, (call) => call !== undefined, { everyMs: 100 });
  return update.at - startedAt;
}

async function waitForRollout({ kube, namespace }: BenchStage): Promise<void> {
  const path = `/apis/ecs-operator.dev/v1alpha1/namespaces/${namespace}/ecsservices/${NAME}`;
  const look = async () => (await kube.send({ method: 'GET', path })).body;
  await waitFor(`${NAME} to be Ready`, look, isReady, { timeoutMs: 60_000, everyMs: 250 });
}

function isReady(body: unknown): boolean {
  const object = body as {
    metadata: { generation: number };
    status?: { observedGeneration?: number; conditions?: { type: string; status: string }[] };
  };
  const { observedGeneration, conditions = [] } = object.status ?? {};
  const ready = conditions.find(({ type }) => type === 'Ready');
  return observedGeneration === object.metadata.generation && ready?.status === 'True';
}

async function waitForSweepToBegin(stage: BenchStage): Promise<void> {
  await waitForSilence(stage);
  const from = (await stage.ecs.calls()).length;
  const describes = async () => (await stage.ecs.calls(from)).filter(isOfSweep).length;
  const options = { timeoutMs: 2 * SWEEP_SECONDS * 1_000, everyMs: 10 };
  const seen = await waitFor('a sweep', describes, (count) => count >= BEGUN_CALLS, options);
  if (seen > SWEEP_CALLS) throw new Error('the sweep was over before it was seen');
}

function isOfSweep({ action, names }: Call): boolean {
  return action === 'DescribeServices' && names > 1;
}

/** A moment between two sweeps that is not just before one. */
async function waitForSilence({ ecs }: BenchStage): Promise<void> {
  const look = async () => Date.now() - ((await ecs.calls()).at(-1)?.at ?? 0);
  await waitFor('silence', look, (ms) => ms > 2_000 && ms < 8_000, { timeoutMs: 60_000, everyMs: 200 });
  await sleep(0);
}
