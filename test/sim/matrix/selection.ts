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

/** `from` is another for each story and column, so that between them they meet every fault, also in the fast part. */
export function select(
  points: readonly Point[],
  { extent, isWhole, from }: { readonly extent: Extent; readonly isWhole: boolean; readonly from: number },
): Selection {
  const onPage = isWhole ? points : spread(points, SPREAD, from);
  const fast = isWhole ? spread(points, FAST_PLACES, from) : onPage.filter((_, index) => index % 2 === 0);
  switch (extent) {
    case 'fast':
      return { tried: fast, fast, onPage };
    case 'page':
      return { tried: onPage, fast, onPage };
    case 'whole':
      return { tried: points, fast, onPage };
  }
}

/** So many, evenly over the places of the story, each with another of the faults than the one before. */
function spread(points: readonly Point[], most: number, from: number): readonly Point[] {
  const places = [...Map.groupBy(points, placeOf).values()];
  const kinds = [...new Set(points.map(kindOf))];
  const chosen = new Set<Point>();
  const isLeft = (point: Point): boolean => !chosen.has(point);
  for (let index = 0; index < Math.min(most, points.length); index += 1) {
    const there = places[placeAt(index, { places: places.length, most })]?.filter(isLeft) ?? [];
    const inTurn = kinds.map((_, turn) => kinds[(index + from + turn) % kinds.length]);
    const kind = inTurn.find((one) => there.some((point) => kindOf(point) === one));
    const next = there.find((point) => kindOf(point) === kind) ?? points.find(isLeft);
    if (next !== undefined) chosen.add(next);
  }
  return [...chosen];
}

/** Where there are fewer places than are asked for, one after the other until they are used up. */
function placeAt(index: number, { places, most }: { readonly places: number; readonly most: number }): number {
  return places < most ? index % places : Math.floor((index * places) / most);
}

function placeOf({ faults }: Point): string {
  return faults.map((fault) => `${fault.on} ${fault.nth} ${fault.on === 'write' ? fault.when : ''}`).join();
}

function kindOf({ faults }: Point): string {
  return faults.map(({ is }) => is).join();
}
