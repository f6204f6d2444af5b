import type { OperatorProcess } from '../support/operator-process.ts';
import { waitFor } from '../support/wait-for.ts';
import type { BenchStage } from './bench-stage.ts';
import type { Call } from './ecs-process.ts';
import { ECS_SETTING, SETTLE_MS } from './ecs-setting.ts';
import { atMost, exactly, type Figure, figure } from './figure.ts';
import { leastSeconds } from './least-time.ts';
import { applyAll, shopWishes } from './load.ts';
import { readFigures } from './operator-figures.ts';

export const SHOP = { definitions: 50, services: 500 };
const OBJECTS = 1 + SHOP.definitions + SHOP.services;
const SHARE = 0.9;
/** "You may specify up to 10 services to describe in a single operation" (SDK type DescribeServicesRequest.services). */
const MOST_NAMES = 10;
/** Why no run of full batches can be had stands in docs/benchmarks.md. */
const MOST_PARTIAL = 2;
const PATIENCE_MS = 300_000;

/** From the first apply until the last object is Ready, with all calls that it took. */
interface Rollout {
  readonly appliedSeconds: number;
  readonly readySeconds: number;
  readonly halfReadySeconds: number;
  readonly calls: readonly Call[];
  readonly mostMegabytes: number;
  readonly cpuSeconds: number;
}

export async function rollOut(stage: BenchStage, operator: OperatorProcess): Promise<Rollout> {
  const { kube, ecs, namespace } = stage;
  const before = await readFigures(operator);
  const from = (await ecs.calls()).length;
  const startedAt = performance.now();
  const since = (): number => (performance.now() - startedAt) / 1_000;
  let halfReadySeconds = Number.NaN;
  let mostMegabytes = 0;
  const applied = applyAll(kube, namespace, shopWishes(SHOP)).then(since);
  const look = async () => {
    const figures = await readFigures(operator);
    mostMegabytes = Math.max(mostMegabytes, figures.megabytes);
    if (figures.ready >= OBJECTS / 2 && Number.isNaN(halfReadySeconds)) halfReadySeconds = since();
    return figures;
  };
  const options = { timeoutMs: PATIENCE_MS, everyMs: 250, operator };
  const after = await waitFor(`${OBJECTS} objects to be Ready`, look, ({ ready }) => ready === OBJECTS, options);
  const readySeconds = since();
  return {
    appliedSeconds: await applied,
    readySeconds,
    halfReadySeconds,
    calls: await ecs.calls(from),
    mostMegabytes,
    cpuSeconds: after.cpuSeconds - before.cpuSeconds,
  };
}

export function servicesFigures(rollout: Rollout): readonly Figure[] {
  const { calls, readySeconds } = rollout;
  const least = leastSeconds({ ...SHOP, share: SHARE, latencyMs: ECS_SETTING.latencyMs, settleMs: SETTLE_MS });
  const writes = calls.filter(({ action }) => !/^(?:Describe|List)/.test(action));
  const describes = calls.filter(({ action }) => action === 'DescribeServices');
  const described = describes.reduce((sum, { names }) => sum + names, 0);
  return [
    figure('least time, by the calls needed', least, 's'),
    figure('first apply → all applied', rollout.appliedSeconds, 's'),
    figure('first apply → half of all Ready', rollout.halfReadySeconds, 's'),
    figure('first apply → all Ready', readySeconds, 's'),
    atMost('ratio to the least time', readySeconds / least, 1.25),
    atMost('writes to ECS per object', writes.length / OBJECTS, 1),
    exactly('throttled calls', calls.filter(({ outcome }) => outcome === 'ThrottlingException').length, 0),
    figure('looks at a service, on average', described / SHOP.services),
    figure('DescribeServices calls for them', describes.length),
    atMost(
      'the same, in proportion to full batches',
      describes.length / Math.ceil(described / MOST_NAMES),
      MOST_PARTIAL,
    ),
    figure('services in such a call, on average', described / describes.length),
    figure('other reads', calls.length - writes.length - describes.length),
    figure('CPU of the operator', rollout.cpuSeconds, 's'),
    figure('RSS at most', rollout.mostMegabytes, 'MB'),
  ];
}

/** How many calls of each action there were. */
export function countCalls(calls: readonly Call[]): Readonly<Record<string, number>> {
  const groups = Map.groupBy(calls, ({ action }) => action);
  return Object.fromEntries([...groups].map(([action, each]) => [action, each.length]));
}
