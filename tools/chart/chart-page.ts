import { madeFrom } from '../made-from.ts';
import type { ChartValue } from './chart-value.ts';

/** The chart's README. */
export function chartPage(values: readonly ChartValue[]): string {
  const rows = values.map(
    ({ path, fallback, description }) =>
      `| \`${path}\` | \`${JSON.stringify(fallback)}\` | ${description.replaceAll('|', '\\|')} |`,
  );
  return `${madeFrom('tools/chart/values.ts')}
# The chart of ecs-operator

\`\`\`sh
helm install ecs-operator charts/ecs-operator --namespace ecs-operator --create-namespace --set clusterId=my-cluster
\`\`\`

- \`clusterId\` is the only value that must be set: it says whose the AWS resources are.
- The operator finds AWS credentials as the AWS SDK does; on EKS, by Pod Identity or IRSA for its service account.
- \`helm test\` asks the running operator for its metrics.
- \`helm upgrade\` upgrades the CRDs as well.
- \`helm uninstall\` deletes nothing in ECS and leaves the CRDs and all objects, unless \`crds.keep\` was set to false.
- One release per cluster installs the CRDs and the roles for people; others set \`crds.enabled\` and \`rbac.userRoles\` to false.
- Two releases in a namespace have a Lease each, and so two leaders: give them other namespaces to look after, or other labels.
- \`metrics.dashboard.enabled\` installs [this dashboard](../../docs/runbook.md#dashboard), \`metrics.prometheusRule.enabled\` the [alerts](../../docs/runbook.md#alerts).

## Values

A value that is not listed is refused.

| value | default | meaning |
| --- | --- | --- |
${rows.join('\n')}
`;
}
