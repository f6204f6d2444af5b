import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { parseObjects, type Rendered } from '../support/helm.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const FILES = globSync(['examples/gitops/**/*.yaml', 'deploy/argocd/**/*.yaml'], { cwd: ROOT }).toSorted();

describe('what is pasted into GitOps', () => {
  test.for(FILES)('%s is YAML, because nothing else here reads it', (file) => {
    const documents = parseAllDocuments(readFileSync(join(ROOT, file), 'utf8'));

    expect(documents.flatMap((document) => ('errors' in document ? document.errors : []))).toEqual([]);
  });

  test.for(FILES.filter((file) => file.startsWith('examples/')))('%s holds objects with a kind and a spec', (file) => {
    for (const object of parseObjects(readFileSync(join(ROOT, file), 'utf8'))) {
      expect(Object.keys(object).toSorted()).toEqual(['apiVersion', 'kind', 'metadata', 'spec']);
    }
  });

  test('has the operator before the objects, in a wave of Argo CD and as what a Kustomization of Flux depends on', () => {
    const waves = ['operator', 'objects'].map((name) => objectOf(`argocd/${name}.yaml`, 'Application').metadata);
    const first = objectOf('flux/operator.yaml', 'Kustomization');
    const second = objectOf('flux/objects.yaml', 'Kustomization');

    expect(waves.map(({ annotations }) => annotations['argocd.argoproj.io/sync-wave'])).toEqual(['0', '1']);
    expect(first).toHaveProperty('spec.wait', true);
    expect(second).toHaveProperty('spec.dependsOn', [{ name: first.metadata.name }]);
    expect(second).toHaveProperty('spec.retryInterval');
  });

  test('has paths of this repository that are there', () => {
    const apps = objectOf('argocd/apps.yaml', 'Application');
    const kustomization = objectOf('flux/operator.yaml', 'Kustomization');

    expect(apps).toHaveProperty('spec.source.path', 'examples/gitops/argocd');
    expect(kustomization).toHaveProperty('spec.path', './examples/gitops/flux/release');
    expect(FILES).toContain('examples/gitops/flux/release/operator.yaml');
  });
});

function objectOf(file: string, kind: string): Rendered {
  const objects = parseObjects(readFileSync(join(ROOT, 'examples', 'gitops', file), 'utf8'));
  const found = objects.find((object) => object.kind === kind);
  if (found === undefined) throw new Error(`${file} has no ${kind}`);
  return found;
}
