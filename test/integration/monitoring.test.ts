import { readFileSync } from 'node:fs';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { buildClusterTools } from '../../tools/cluster-tools/build.ts';
import { ALERTS } from '../../tools/monitoring/alerts.ts';
import { PANELS } from '../../tools/monitoring/panels.ts';
import { askHistory } from '../dashboard/history.ts';
import { ALERT_TRIALS, renderAlertTrials } from '../support/alert-trials.ts';
import { CHART, connectHelm, parseObjects, runProgram } from '../support/helm.ts';
import { connectCluster } from '../support/kubectl.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { waitFor } from '../support/wait-for.ts';

const EXPRESSIONS = [
  ...ALERTS.map(({ name, expr }) => ({ name, expr })),
  ...PANELS.map(({ title, expr }) => ({ name: title, expr })),
];
/** A metric's name and, where there are any, the labels that it is chosen by. */
const SELECTOR = /\b((?:controller|ecs|leader|nodejs|process|rest|workqueue)_[a-z0-9_]+)(?:\{([^}]*)\})?/g;

const LEADS = 'leader_election_master_status{name="ecs-operator"} 1';

let stack: Stack;
let scrape: string;

beforeAll(async () => {
  stack = await startStack({ cluster: connectCluster(inject('cluster')) });
  const { operator } = stack;
  const metrics = async (): Promise<string> => await operator.metrics();
  scrape = await waitFor('the operator to lead', metrics, (text) => text.includes(LEADS), { operator });
});

afterAll(async () => {
  await stack[Symbol.asyncDispose]();
});

describe('the alerts and the dashboard', () => {
  test.for(EXPRESSIONS)('$name asks for series that the running operator has', ({ expr }) => {
    const selectors = [...expr.matchAll(SELECTOR)].map(([, metric = '', labels = '']) => {
      return { metric, labels: [...labels.matchAll(/(\w+)\s*!?=/g)].map(([, label]) => label) };
    });

    expect(selectors).not.toEqual([]);
    for (const { metric, labels } of selectors) {
      const series = scrape.split('\n').find((line) => line.startsWith(`${metric}{`) || line.startsWith(`${metric} `));
      expect(series ?? `nothing called ${metric}`).toMatch(/ [\d.e+-]+$/);
      for (const label of labels) expect(series).toContain(`${label}="`);
    }
  });

  /** What a ServiceMonitor adds to each series (Prometheus operator: endpoint, pod, service, namespace of the target). */
  const OF_THE_TARGET = 'namespace';

  test('group by labels that those series have', () => {
    for (const { expr } of EXPRESSIONS) {
      const [, labels = ''] = /by \(([^)]*)\)/.exec(expr) ?? [];
      const [, metric = ''] = new RegExp(SELECTOR.source).exec(expr) ?? [];
      const series = scrape.split('\n').filter((line) => line.startsWith(`${metric}{`));
      for (const label of labels.split(', ').filter((one) => one !== '' && one !== OF_THE_TARGET)) {
        expect(
          series.some((line) => line.includes(`${label}="`)),
          `${label} of ${metric}`,
        ).toBe(true);
      }
    }
  });

  test('have an answer to each query of the dashboard, by the engine of Prometheus, with the labels of its legend', async () => {
    const [start, end] = [1_000_000, 1_060_000];
    const scrapes = [start, end].map((at) => ({ at, labels: { pod: 'ecs-operator-0' }, text: scrape }));
    const queries = PANELS.map(({ expr }) => expr);

    const answers = await askHistory(scrapes, queries, { start, end, step: 60_000 });

    const missing = PANELS.flatMap(({ title, legend }, index) => {
      const [series] = answers[index] ?? [];
      const labels = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);
      return labels.filter((label) => series?.labels[label] === undefined).map((label) => `${label} in ${title}`);
    });
    expect(missing).toEqual([]);
  });

  test('take a replica for the leader where none is elected', async () => {
    const operator = await stack.startReplica({ ECS_OPERATOR_LEADER_ELECTION: 'false' });

    expect(await operator.metrics()).toContain(LEADS);
  });

  test('leave out what a standby has in its queue, as it waits for no worker', async () => {
    const at = 1_000_000;
    const waiting = 'workqueue_depth{name="ecsservice",controller="ecsservice"} 3';
    const scrapes = [1, 0].map((isLeader) => ({
      at,
      labels: { pod: `ecs-operator-${isLeader}` },
      text: `${waiting}\nleader_election_master_status{name="ecs-operator"} ${isLeader}\n`,
    }));
    const queries = PANELS.filter(({ title }) => title === 'Objects that wait for a worker').map(({ expr }) => expr);

    const answers = await askHistory(scrapes, queries, { start: at, end: at, step: 60_000 });

    expect(answers).toEqual([[{ labels: { controller: 'ecsservice' }, points: [[at, 3]] }]]);
  });

  test('are rules that Prometheus takes, by promtool', async () => {
    const { promtool } = await buildClusterTools(process.env);

    const { code, stdout } = await runProgram(promtool, ['check', 'rules', join(CHART, 'files', 'alerts.yaml')]);

    expect(stdout).toContain(`${ALERTS.length} rules found`);
    expect(code).toBe(0);
  });

  test('fire when they should, and not when it is only nearly so, by promtool', async () => {
    const { promtool } = await buildClusterTools(process.env);
    await using folder = await mkdtempDisposable(join(tmpdir(), 'ecs-operator-alerts-'));
    const file = join(folder.path, 'trials.json');
    await writeFile(file, renderAlertTrials(join(CHART, 'files', 'alerts.yaml')));

    const { code, stdout, stderr } = await runProgram(promtool, ['test', 'rules', file]);

    expect(`${stdout}${stderr}`).toContain('SUCCESS');
    expect(code).toBe(0);
    expect(ALERT_TRIALS.map(({ alert }) => alert)).toEqual(ALERTS.map(({ name }) => name));
  });

  test('are in the chart as they are', async () => {
    const helm = await connectHelm(tmpdir());
    const values = `--values=${join(CHART, 'ci', 'everything-values.yaml')}`;
    const objects = parseObjects(await helm.must('template', 'ecs', CHART, values));

    const rule = objects.find(({ kind }) => kind === 'PrometheusRule');
    const dashboard = objects.find(({ metadata }) => metadata.name.endsWith('-dashboard'));

    expect(rule).toHaveProperty('spec.groups.0.rules.length', ALERTS.length);
    const text = readFileSync(join(CHART, 'files', 'dashboard.json'), 'utf8');
    expect(dashboard).toHaveProperty(['data', 'ecs-operator.json'], text);
  });
});
