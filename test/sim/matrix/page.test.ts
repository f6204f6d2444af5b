import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { SCENARIOS } from '../scenarios/all.ts';
import { PAGE, rowIn } from './results.ts';

/** What `make test` has to try at the least. */
const LEAST_POINTS = 1_000;

const page = readFileSync(PAGE, 'utf8');

function numbersOf(scenario: string): readonly number[] {
  const [, , ...cells] = (rowIn(page, scenario) ?? '').split('|').map((cell) => cell.trim());
  return cells.slice(0, -1).map(Number);
}

describe('the page of results', () => {
  test('sums up the rows of all scenarios', () => {
    const rows = SCENARIOS.map(({ name }) => numbersOf(name));
    const sums = numbersOf('**all**');

    expect(sums).toEqual(sums.map((_, at) => rows.reduce((sum, row) => sum + (row[at] ?? Number.NaN), 0)));
  });

  test('has enough points in `make test`, and no violations', () => {
    const [fast, points, violations] = numbersOf('**all**').slice(-3);

    expect(fast).toBeGreaterThanOrEqual(LEAST_POINTS);
    expect(points).toBeGreaterThanOrEqual(fast ?? 0);
    expect(violations).toBe(0);
  });
});
