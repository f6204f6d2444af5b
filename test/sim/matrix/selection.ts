import type { Point } from '../faults/fault.ts';

/** `fast` is a part of `page`, which is what the page of results counts; `whole` is every place with every fault. */
export type Extent = (typeof EXTENTS)[number];

const EXTENTS = ['fast', 'page', 'whole'] as const;

export function extentOf(word: string): Extent {
  const extent = EXTENTS.find((each) => each === word);
  if (extent === undefined) throw new Error(`the matrix has no extent ${word}, but ${EXTENTS.join(', ')}`);
  return extent;
}

/** Of a column that the page has at every place, so many are in the fast part, spread over the story. */
const FAST_PLACES = 12;
/** How many places of a story meet what the page does not have at every one of them. */
const SPREAD = 6;

/** Which points of a column are tried, and which the page has. */
export interface Selection {
  readonly tried: readonly Point[];
  readonly fast: readonly Point[];
  readonly onPage: readonly Point[];
}

/** `index` is that of the column, so that columns do not all strike the same places. */
export function select(
  points: readonly Point[],
  { extent, isWhole, index }: { readonly extent: Extent; readonly isWhole: boolean; readonly index: number },
): Selection {
  const onPage = isWhole ? points : spread(points, SPREAD, index);
  const fast = isWhole ? spread(points, FAST_PLACES, index) : onPage.filter((_, place) => place % 2 === 0);
  switch (extent) {
    case 'fast':
      return { tried: fast, fast, onPage };
    case 'page':
      return { tried: onPage, fast, onPage };
    case 'whole':
      return { tried: points, fast, onPage };
  }
}

/** So many, spread evenly over the story, of which each meets another of the faults. `from` spreads stories and columns. */
function spread(points: readonly Point[], most: number, from: number): readonly Point[] {
  if (points.length <= most) return points;
  const chosen = Array.from({ length: most }, (_, index) => {
    const place = Math.floor((index * points.length) / most) + index + from;
    return points[place % points.length];
  });
  return [...new Set(chosen.filter((point) => point !== undefined))];
}
