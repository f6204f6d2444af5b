import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PAGE, type Result, renderRow, rowIn } from './results.ts';

/** Where results are put for `make reliability`, which then writes the page; the page is asked where unset. */
const RESULTS = process.env['MATRIX_RESULTS'];

/** Counts what was tried of one scenario, and what was wrong. */
export interface Tally {
  /** How many points the page has in a column, and how many of them the fast part. */
  column(title: string, count: { readonly onPage: number; readonly fast: number }): void;
  begin(): void;
  pass(): void;
  /** What the page says of the scenario, and what was counted. With `MATRIX_RESULTS` the count is left there instead. */
  publish(): { readonly onPage: string | undefined; readonly counted: string };
}

export function createTally(scenario: string): Tally {
  const points: Record<string, number> = {};
  let fast = 0;
  let tried = 0;
  let passed = 0;

  function result(): Result {
    return { scenario, points, fast, violations: tried - passed };
  }

  return {
    column(title, count) {
      points[title] = count.onPage;
      fast += count.fast;
    },
    begin() {
      tried += 1;
    },
    pass() {
      passed += 1;
    },
    publish() {
      const counted = renderRow(result());
      if (RESULTS === undefined) return { onPage: rowIn(readFileSync(PAGE, 'utf8'), scenario), counted };
      mkdirSync(RESULTS, { recursive: true });
      writeFileSync(path.join(RESULTS, `${scenario}.json`), JSON.stringify(result()));
      return { onPage: counted, counted };
    },
  };
}
