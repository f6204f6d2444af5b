import { describe, expect, test } from 'vitest';
import { readFiles } from './source-files.ts';

const files = readFiles('src/**/*.ts', 'test/**/*.ts', 'tools/**/*.ts');
const NOT_NAMES = /(?:^|-)(?:utils?|helpers?|common|types|misc|manager)(?:-|$)/;

describe('names', () => {
  test('of files are kebab-case nouns of what they export', () => {
    const offences = files.filter(({ path }) => {
      const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.ts$/, '');
      // The runtime's process-level manager keeps the name that operators give it; `common-spec` is what all specs share.
      const isAllowed = path.startsWith('src/runtime/manager.') || path.startsWith('src/api/common-');
      const stem = name.split('.')[0] ?? '';
      return !/^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9-]+)*$/.test(name) || (NOT_NAMES.test(stem) && !isAllowed);
    });

    expect(offences.map(({ path }) => path)).toEqual([]);
  });

  test('of schemas have no suffix, as a type of the same name stands beside them', () => {
    const offences = files.flatMap(({ path, text }) =>
      [...text.matchAll(/export const (\w+Schema)\b/g)].map(([, name]) => `${path}: ${name}`),
    );

    expect(offences).toEqual([]);
  });
});
