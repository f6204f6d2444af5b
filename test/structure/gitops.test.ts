import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { parseObjects } from '../support/helm.ts';

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
});
