import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { ALL_DEFINITIONS } from '../../src/kinds/index.ts';
import { type HealthCase, healthCases } from './health-cases.ts';

const FOLDER = 'deploy/argocd';
const SCRIPT = readFileSync(join(import.meta.dirname, 'health.lua'), 'utf8');

type Definition = (typeof ALL_DEFINITIONS)[number];

/** Argo CD's health checks, in the layout of its own repository with their test data, and as a ConfigMap to paste. */
export function generateArgocd(): ReadonlyMap<string, string> {
  return new Map([[`${FOLDER}/argocd-cm.yaml`, configMap()], ...ALL_DEFINITIONS.flatMap(customization)]);
}

function customization(definition: Definition): [string, string][] {
  const folder = `${FOLDER}/resource_customizations/${definition.group}/${definition.kind}`;
  const cases = healthCases(definition);
  const tests = cases.map(({ name, health }) => ({ healthStatus: health, inputPath: `testdata/${name}.yaml` }));
  return [
    [`${folder}/health.lua`, SCRIPT],
    [`${folder}/health_test.yaml`, stringify({ tests }, { lineWidth: 0 })],
    ...cases.map(({ name, object }: HealthCase): [string, string] => [
      `${folder}/testdata/${name}.yaml`,
      stringify(object, { lineWidth: 0 }),
    ]),
  ];
}

function configMap(): string {
  const data = ALL_DEFINITIONS.map(({ group, kind }) => [`resource.customizations.health.${group}_${kind}`, SCRIPT]);
  const manifest = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'argocd-cm', namespace: 'argocd', labels: { 'app.kubernetes.io/part-of': 'argocd' } },
    data: Object.fromEntries(data),
  };
  const header = '# Made from tools/argocd by `make generate`. Merge `data` into the ConfigMap that is there.\n';
  return header + stringify(manifest, { lineWidth: 0 });
}
