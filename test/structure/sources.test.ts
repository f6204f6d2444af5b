import { describe, expect, test } from 'vitest';
import { readFiles, type SourceFile } from './source-files.ts';

const SELF = 'test/structure/sources.test.ts';

const files = readFiles(
  '*.md',
  'Dockerfile',
  'Makefile',
  '{src,test,tools,docs,examples,charts}/**/*.{ts,md,yaml,json}',
);

/** What a reader of the repository cannot open: notes from outside it, and places on somebody's machine. */
const OUTSIDE: readonly RegExp[] = [
  /\becs-facts\b/,
  /\bto be confirmed\b/i,
  /\b(?:design|research) (?:document|notes?|file)s?\b/i,
  /\bsee the reliability\b/i,
  /(?:^|[\s'"`(])\/(?:work|home|Users|root)\//,
];

function outsideNamesIn({ path, text }: SourceFile): readonly string[] {
  return text
    .split('\n')
    .flatMap((line, index) => (OUTSIDE.some((pattern) => pattern.test(line)) ? [`${path}:${index + 1}`] : []));
}

describe('sources that are cited', () => {
  test('can be opened by every reader, because a fact is worth as much as its source', () => {
    expect(files.length).toBeGreaterThan(300);
    expect(files.filter(({ path }) => path !== SELF).flatMap(outsideNamesIn)).toEqual([]);
  });

  test.for([
    '// ecs-facts 5.2',
    '/** To be confirmed. */',
    "const at = '/home/me/project';",
    'see the design document',
  ])('would be told of `%s`', (text) => {
    expect(outsideNamesIn({ path: 'src/x.ts', text })).toEqual(['src/x.ts:1']);
  });
});
