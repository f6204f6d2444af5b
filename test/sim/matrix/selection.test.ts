import { describe, expect, test } from 'vitest';
import type { Point } from '../faults/fault.ts';
import { extentOf, select } from './selection.ts';

function pointsOf(count: number): readonly Point[] {
  return Array.from({ length: count }, (_, place) => ({ name: `${place}`, faults: [] }));
}

const columns = [0, 1, 2, 5, 6, 7, 11, 12, 13, 40, 91, 400].flatMap((count) =>
  [true, false].map((isWhole) => ({ count, isWhole })),
);

describe('the points of a column', () => {
  test.for(columns)('are on the page and partly in the fast part ($count, whole: $isWhole)', ({ count, isWhole }) => {
    const points = pointsOf(count);

    const { onPage, fast } = select(points, { extent: 'fast', isWhole, index: 3 });

    expect(points).toEqual(expect.arrayContaining([...onPage]));
    expect(onPage).toEqual(expect.arrayContaining([...fast]));
    expect(onPage).toHaveLength(isWhole ? count : new Set(onPage).size);
    expect(fast.length > 0).toBe(count > 0);
    expect(fast.length).toBeLessThanOrEqual(isWhole ? 12 : 3);
  });

  test('are tried as far as it is asked for', () => {
    const points = pointsOf(91);
    const triedIn = (extent: 'fast' | 'page' | 'whole', isWhole: boolean): number =>
      select(points, { extent, isWhole, index: 0 }).tried.length;

    expect([triedIn('fast', true), triedIn('page', true), triedIn('whole', true)]).toEqual([12, 91, 91]);
    expect([triedIn('fast', false), triedIn('page', false), triedIn('whole', false)]).toEqual([3, 6, 91]);
  });

  test('are asked for by a known word', () => {
    expect(() => extentOf('some')).toThrow('fast, page, whole');
  });
});
