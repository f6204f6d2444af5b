import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT, readFiles, type SourceFile } from './source-files.ts';

const pages = readFiles('*.md', 'docs/**/*.md', 'src/**/*.md', 'test/**/*.md', 'tools/**/*.md', 'charts/**/*.md');

/** The links of a page that lead to no file or heading of the project. Links to the web are not followed. */
function deadLinksOf(page: SourceFile): readonly string[] {
  const text = page.text.replaceAll(/```[\s\S]*?```/g, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = '']) => {
    if (/^(?:https?:|mailto:)/.test(link)) return [];
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? page.path : path.posix.join(path.posix.dirname(page.path), file);
    if (!existsSync(path.join(ROOT, target))) return [`${page.path}: ${link}`];
    const headings = anchor === undefined ? [] : anchorsOf(target);
    return anchor === undefined || headings.includes(anchor) ? [] : [`${page.path}: ${link}`];
  });
}

/** Anchors as GitHub makes them of headings. */
function anchorsOf(file: string): readonly string[] {
  const [page] = readFiles(file);
  return [...(page?.text ?? '').matchAll(/^#+\s+(.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-'),
  );
}

describe('docs', () => {
  test('link to what is there', () => {
    expect(pages.length).toBeGreaterThan(5);
    expect(pages.flatMap(deadLinksOf)).toEqual([]);
  });

  test('would be told of a dead link', () => {
    const page = { path: 'README.md', text: 'see [this](docs/nowhere.md) and [that](#no-such-heading)' };

    expect(deadLinksOf(page)).toEqual(['README.md: docs/nowhere.md', 'README.md: #no-such-heading']);
  });
});
