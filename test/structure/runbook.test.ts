import { expect, test } from 'vitest';
import { GENERAL_REASONS } from '../../src/core/reason.ts';
import { KINDS } from '../../src/kinds/index.ts';
import { ALERTS } from '../../tools/monitoring/alerts.ts';
import { readFiles } from './source-files.ts';

const WANTED = new Set([
  ...ALERTS.map(({ name }) => name),
  ...Object.keys(GENERAL_REASONS),
  ...KINDS.flatMap(({ reasons }) => Object.keys(reasons)),
]);

/** The sections of the third level, with what stands in them. */
function sectionsOf(text: string): ReadonlyMap<string, string> {
  const sections = text.split(/^### /m).slice(1);
  return new Map(sections.map((section) => [section.split('\n')[0] ?? '', section.split('\n').slice(1).join('\n')]));
}

test('the runbook has a section for each alert and each reason, and no other', () => {
  const [page] = readFiles('docs/runbook.md');
  const sections = sectionsOf(page?.text ?? '');

  expect([...sections.keys()].toSorted()).toEqual([...WANTED].toSorted());
  for (const text of sections.values()) expect(text.trim().length).toBeGreaterThan(40);
});
