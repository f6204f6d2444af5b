import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const TEMPLATE = join(import.meta.dirname, '..', '..', 'charts', 'ecs-operator', 'templates', 'rbac.yaml');

/** The chart's service account and rights as `helm install <release> --namespace <namespace>` would render them. */
export async function renderRbac(release: { readonly name: string; readonly namespace: string }): Promise<string> {
  const template = await readFile(TEMPLATE, 'utf8');
  const rendered = template
    .replaceAll('{{ .Release.Name }}', release.name)
    .replaceAll('{{ .Release.Namespace }}', release.namespace);
  if (rendered.includes('{{')) throw new Error(`${TEMPLATE} has template words that this renderer does not know`);
  return rendered;
}
