import { z } from 'zod';
import { METRICS_PREFIX } from '../src/cmd/run.ts';
import { systemClock } from '../src/lib/clock.ts';
import { createCallMetrics } from '../src/runtime/telemetry/call-metrics.ts';
import { createMetrics } from '../src/runtime/telemetry/metrics.ts';
import { madeFrom } from './made-from.ts';

/** What the registry keeps of a metric. Its types leave the labels out. */
const Metric = z.object({
  name: z.string(),
  help: z.string(),
  type: z.string(),
  labelNames: z.array(z.string()).default([]),
});
type Metric = z.output<typeof Metric>;

const OF_PROCESS = /^(?:process|nodejs)_/;

/** The page of metrics, read off a registry that is made as the operator makes its own. */
export function generateMetrics(): ReadonlyMap<string, string> {
  const metrics = declaredMetrics().toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const rows = metrics
    .filter(({ name }) => !OF_PROCESS.test(name))
    .map(({ name, type, labelNames, help }) => {
      const labels = labelNames.map((label) => `\`${label}\``).join(', ');
      return `| \`${name}\` | ${type} | ${labels} | ${help} |`;
    });
  const page = `${madeFrom('src/runtime/*metrics.ts')}
# Metrics

They are on \`/metrics\` of the [metrics port](settings.md), in Prometheus's text format.
Where controller-runtime has a metric for something, its name is used, so that existing dashboards fit.
Labels are there with zeros from the start.
\`controller\` is a kind in lower case; \`outcome\` is \`ok\` or a [reason](reasons.md), as is \`reason\` of objects.

| metric | type | labels | what it counts |
| --- | --- | --- | --- |
${rows.join('\n')}

Beside them stand the figures of the process itself, \`process_*\` and \`nodejs_*\`, as prom-client collects them.
`;
  return new Map([['docs/reference/metrics.md', page]]);
}

function declaredMetrics(): readonly Metric[] {
  const { registry, observe } = createMetrics({
    prefix: METRICS_PREFIX,
    clock: systemClock,
    controllers: [],
    workers: 1,
    leaseName: '',
    kubeHost: '',
  });
  observe([]);
  createCallMetrics(registry, { prefix: `${METRICS_PREFIX}aws_`, operations: [], outcomes: [] });
  return registry.getMetricsAsArray().map((metric) => Metric.parse(metric));
}
