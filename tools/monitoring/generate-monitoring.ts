import { stringify } from 'yaml';
import { ALERTS, type Alert } from './alerts.ts';
import { PANELS, type Panel } from './panels.ts';

const FOLDER = 'charts/ecs-operator/files';
const RUNBOOK = 'https://github.com/ecs-operator/ecs-operator/blob/main/docs/runbook.md';
const WIDTH = 12;
const HEIGHT = 8;

/** The alerts and the dashboard, as the chart installs them. */
export function generateMonitoring(): ReadonlyMap<string, string> {
  const header = '# Made from tools/monitoring/alerts.ts by `make generate`: change it there.\n';
  const groups = [{ name: 'ecs-operator', rules: ALERTS.map(ruleOf) }];
  return new Map([
    [`${FOLDER}/alerts.yaml`, header + stringify({ groups }, { lineWidth: 0 })],
    [`${FOLDER}/dashboard.json`, `${JSON.stringify(dashboard(), undefined, 2)}\n`],
  ]);
}

function ruleOf({ name, severity, expr, for: duration, summary }: Alert): object {
  return {
    alert: name,
    expr,
    for: duration,
    labels: { severity },
    annotations: { summary, runbook_url: `${RUNBOOK}#${name.toLowerCase()}` },
  };
}

function dashboard(): object {
  return {
    title: 'ecs-operator',
    uid: 'ecs-operator',
    schemaVersion: 39,
    editable: true,
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    templating: { list: [{ name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' }] },
    panels: PANELS.map(panelOf),
  };
}

function panelOf({ title, expr, legend, unit }: Panel, index: number): object {
  const datasource = { type: 'prometheus', uid: `\${datasource}` };
  return {
    id: index + 1,
    type: 'timeseries',
    title,
    datasource,
    gridPos: { x: (index % 2) * WIDTH, y: Math.floor(index / 2) * HEIGHT, w: WIDTH, h: HEIGHT },
    fieldConfig: { defaults: { unit }, overrides: [] },
    targets: [{ refId: 'A', datasource, expr, legendFormat: legend }],
  };
}
