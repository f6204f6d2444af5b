/** `make dashboard`: the operator at work for some minutes, and the dashboard of that time as a picture. */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { PANELS } from '../../tools/monitoring/panels.ts';
import { realClock } from '../simulator/clock.ts';
import { openCluster } from '../support/control-plane-cluster.ts';
import { installCrds } from '../support/crds.ts';
import { connectCluster } from '../support/kubectl.ts';
import { BUNDLE, type OperatorProcess } from '../support/operator-process.ts';
import { startStack } from '../support/stack.ts';
import { askHistory, type Scrape } from './history.ts';
import { drawDashboard } from './picture.ts';
import { ACTS, BROKEN_IMAGE, type Stage } from './story.ts';

const STEP_MS = 5_000;
/** ECS takes minutes for a deployment; so several fit in. */
const SPEED = 3;

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '8' }, picture: { type: 'string' } },
});
const clock = realClock();
const minutes = Number(values.minutes);
await run(minutes * 60_000, values.picture ?? 'docs/dashboard.svg');
process.exit();

async function run(durationMs: number, file: string): Promise<void> {
  await using opened = await openCluster(process.env);
  const cluster = connectCluster(opened.access);
  await installCrds(cluster);
  await using stack = await startStack({
    cluster,
    speed: SPEED,
    namespacePrefix: 'shop',
    entry: BUNDLE,
    environment: { ECS_OPERATOR_RESYNC_INTERVAL: '30s' },
  });
  stack.simulator.world.behaviours.add({ image: BROKEN_IMAGE, becomes: 'cannot-pull', afterMs: 2_000 });
  const standby = await stack.startReplica({});
  const { scrapes, start, end } = await watch({ cluster, stack }, standby, durationMs);
  const span = { start, end, step: STEP_MS };
  const answers = await askHistory(
    scrapes,
    PANELS.map(({ expr }) => expr),
    span,
  );
  const panels = PANELS.map((panel, index) => ({ panel, series: answers[index] ?? [] }));
  await writeFile(file, drawDashboard(panels, span));
  console.log(`${file}: ${scrapes.length} scrapes of ${minutes} minutes`);
}

interface Watched {
  readonly scrapes: readonly Scrape[];
  readonly start: number;
  readonly end: number;
}

/** Lets the story happen, and scrapes both operators meanwhile, as Prometheus would. */
async function watch(stage: Stage, standby: OperatorProcess, durationMs: number): Promise<Watched> {
  const scrapes: Scrape[] = [];
  const start = clock.now();
  const acts = [...ACTS];
  for (let at = start; at <= start + durationMs; at = clock.now()) {
    const next = acts[0];
    if (next !== undefined && at - start >= next.after * durationMs) {
      acts.shift();
      console.log(`${((at - start) / 60_000).toFixed(1)} min: ${next.title}`);
      await next.act(stage);
    }
    scrapes.push(await scrape('ecs-operator-0', stage.stack.operator), await scrape('ecs-operator-1', standby));
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
  return { scrapes, start, end: start + durationMs };
}

async function scrape(pod: string, operator: OperatorProcess): Promise<Scrape> {
  return { at: clock.now(), labels: { pod }, text: await operator.metrics() };
}
