import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT } from './source-files.ts';

const KINDS = path.join(ROOT, 'src/kinds');
const PARTS = [
  'README.md',
  'schema.ts',
  'model.ts',
  'desire.ts',
  'observe.ts',
  'plan.ts',
  'apply.ts',
  'report.ts',
  'kind.ts',
  'examples/minimal.yaml',
  'examples/full.yaml',
];
/** What a folder lacks, and why. */
const LACKING: Readonly<Record<string, readonly string[]>> = {
  // It changes nothing in AWS, so there is no step to apply.
  'ecs-account': ['apply.ts'],
};
const folders = readdirSync(KINDS, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? entry.name : []));

describe('a kind is one folder with fixed file names', () => {
  test('there are kinds', () => {
    expect(folders.length).toBeGreaterThan(2);
  });

  test.for(folders)('%s has all its parts', (folder) => {
    expect(PARTS.filter((part) => !existsSync(path.join(KINDS, folder, part)))).toEqual(LACKING[folder] ?? []);
  });
});
