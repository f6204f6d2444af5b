import path from 'node:path';
import { COLUMNS } from '../faults/columns.ts';
import { PAIRS_TITLE } from '../faults/crash-pairs.ts';

export const PAGE = path.join(import.meta.dirname, '..', '..', '..', 'docs', 'reliability.md');

/** What came of one scenario. */
export interface Result {
  readonly scenario: string;
  /** How many the page has, by column. */
  readonly points: Readonly<Record<string, number>>;
  /** How many of them are in the fast part. */
  readonly fast: number;
  readonly violations: number;
}

const [BEGIN, END] = ['<!-- results -->', '<!-- end: results -->'];

/** Chance alone makes no new point, so what it draws is told and not summed up. */
function countOf({ points }: Result): number {
  return COLUMNS.reduce((sum, { title }) => sum + (points[title] ?? 0), 0);
}

export function renderRow(result: Result): string {
  const { scenario, points, fast, violations } = result;
  const counts = [...COLUMNS.map(({ title }) => title), PAIRS_TITLE].map((title) => points[title] ?? 0);
  return `| ${[scenario, ...counts, fast, countOf(result), violations].join(' | ')} |`;
}

/** The row of a scenario as the page has it. */
export function rowIn(page: string, scenario: string): string | undefined {
  return page.split('\n').find((line) => line.startsWith(`| ${scenario} |`));
}

/** Says of a scenario that nothing is known of it: where a run broke off before. */
function rowWithout(scenario: string): string {
  return `| ${scenario} | not run yet |`;
}

/** The page with these results in the place of those that it has, and the names of scenarios that have none. */
export function withResults(page: string, results: readonly (Result | string)[]): string {
  if (!page.includes(BEGIN) || !page.includes(END)) throw new Error(`${PAGE} has no place for the results`);
  const [before, after] = [page.slice(0, page.indexOf(BEGIN)), page.slice(page.indexOf(END))];
  return `${before}${BEGIN}\n${renderTable(results)}\n${after}`;
}

function renderTable(results: readonly (Result | string)[]): string {
  const titles = [
    'scenario',
    ...COLUMNS.map(({ title }) => title),
    PAIRS_TITLE,
    'in `make test`',
    'points',
    'violations',
  ];
  const known = results.filter((result) => typeof result !== 'string');
  const sums = known.reduce<Result>(plus, { scenario: '**all**', points: {}, fast: 0, violations: 0 });
  return [
    `| ${titles.join(' | ')} |`,
    `| ${titles.map((_, index) => (index === 0 ? '---' : '---:')).join(' | ')} |`,
    ...results.map((result) => (typeof result === 'string' ? rowWithout(result) : renderRow(result))),
    renderRow(sums),
  ].join('\n');
}

function plus(sum: Result, { points, fast, violations }: Result): Result {
  const columns = new Set([...Object.keys(sum.points), ...Object.keys(points)]);
  const added = [...columns].map((column) => [column, (sum.points[column] ?? 0) + (points[column] ?? 0)] as const);
  return {
    ...sum,
    points: Object.fromEntries(added),
    fast: sum.fast + fast,
    violations: sum.violations + violations,
  };
}
