import { describe, expect, test } from 'vitest';
import type { Point } from '../faults/fault.ts';
import { extentOf, select } from './selection.ts';

const KINDS = ['throttling', 'an error of the server', 'a right that is missing for a minute'] as const;

/** As a column has them: at each call every kind. */
function pointsOf(count: number): readonly Point[] {
  return Array.from({ length: count }, (_, index) => {
    const nth = 1 + Math.floor(index / KINDS.length);
    const is = KINDS[index % KINDS.length] ?? 'throttling';
    return { name: `${is}, call ${nth}`, faults: [{ on: 'call', is, nth }] };
  });
}

function placesOf(points: readonly Point[]): readonly unknown[] {
  return points.map(({ faults }) => faults.map((fault) => fault.nth));
}

function kindsOf(points: readonly Point[]): readonly string[] {
  return points.flatMap(({ faults }) => faults.map(({ is }) => is));
}

const columns = [0, 1, 2, 3, 5, 6, 7, 11, 12, 13, 18, 40, 91, 400].flatMap((count) =>
  [true, false].map((isWhole) => ({ count, isWhole })),
);

describe('the points of a column', () => {
  test.for(columns)('are on the page and partly in the fast part ($count, whole: $isWhole)', ({ count, isWhole }) => {
    const points = pointsOf(count);

    const { onPage, fast } = select(points, { extent: 'fast', isWhole, from: 3 });

    expect(onPage.every((point) => points.includes(point))).toBe(true);
    expect(fast.every((point) => onPage.includes(point))).toBe(true);
    expect(new Set(onPage).size).toBe(isWhole ? count : Math.min(count, 6));
    expect(new Set(fast).size).toBe(Math.min(count, isWhole ? 12 : Math.ceil(Math.min(count, 6) / 2)));
  });

  test.for([18, 40, 91, 400])('are at six places that lie evenly over a story of %i', (count) => {
    const { onPage } = select(pointsOf(count), { extent: 'page', isWhole: false, from: 5 });

    const places = placesOf(onPage).flat().map(Number);
    const gaps = places.slice(1).map((place, index) => place - (places[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThan(0);
    expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThanOrEqual(1);
  });

  test.for([6, 18, 40, 91])('are of every kind, each as often as another (%i)', (count) => {
    const kinds = kindsOf(select(pointsOf(count), { extent: 'page', isWhole: false, from: 1 }).onPage);

    expect(KINDS.map((kind) => kinds.filter((each) => each === kind).length)).toEqual([2, 2, 2]);
  });

  test('are of every kind in the fast part as well, as far as stories come', () => {
    const kinds = Array.from({ length: 4 }, (_, from) =>
      kindsOf(select(pointsOf(40), { extent: 'fast', isWhole: false, from }).fast),
    );

    expect(new Set(kinds.flat())).toEqual(new Set(KINDS));
  });

  test('are tried as far as it is asked for', () => {
    const points = pointsOf(91);
    const triedIn = (extent: 'fast' | 'page' | 'whole', isWhole: boolean): number =>
      select(points, { extent, isWhole, from: 0 }).tried.length;

    expect([triedIn('fast', true), triedIn('page', true), triedIn('whole', true)]).toEqual([12, 91, 91]);
    expect([triedIn('fast', false), triedIn('page', false), triedIn('whole', false)]).toEqual([3, 6, 91]);
  });

  test('are asked for by a known word', () => {
    expect(() => extentOf('some')).toThrow('fast, page, whole');
  });
});
