import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PAGE, type Result, renderRow, rowIn } from './results.ts';

/** Where results are put for `make reliability`, which then writes the page; the page is asked where unset. */
const RESULTS = process.env['MATRIX_RESULTS'];

/** Counts what was tried of one scenario, and what was wrong. */
export interface Tally {
  begin(column: string): void;
  pass(): void;
  /** What the page says of the scenario, and what was counted. With `MATRIX_RESULTS` the count is left there instead. */
  publish(): { readonly onPage: string | undefined; readonly counted: string };
}

export function createTally(scenario: string): Tally {
  const points: Record<string, number> = {};
  let passed = 0;

  function result(): Result {
    const tried = Object.values(points).reduce((sum, count) => sum + count, 0);
    return { scenario, points, violations: tried - passed };
  }

  return {
    begin(column) {
      points[column] = (points[column] ?? 0) + 1;
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
