import { describe, expect, test } from 'vitest';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { createRegionListing } from './region-listing.ts';

const never = new AbortController().signal;
const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;

interface Item {
  readonly of: string;
  readonly value: number;
}

/** A region of so many pages with one item on each, `r0`, `r1` and so on, and how often its first page was listed. */
function regionOf(pages = 2) {
  const clock = createVirtualClock();
  const region = { value: 0, pages, listings: 0, failure: undefined as Error | undefined };
  const listing = createRegionListing<Item>({
    clock,
    lifetime: never,
    list(token) {
      const page = Number(token ?? 0);
      if (page === 0) region.listings += 1;
      if (region.failure !== undefined) return Promise.reject(region.failure);
      const nextToken = page + 1 < region.pages ? String(page + 1) : undefined;
      return Promise.resolve({ items: [{ of: `r${page}`, value: region.value }], nextToken });
    },
    resourceOf: ({ of }) => of,
  });
  const read = async (resource: string): Promise<readonly number[] | undefined> =>
    (await listing.read(resource, never))?.map(({ value }) => value);
  return { clock, region, listing, read };
}

/** A region that was found to be too wide, by a sweep that is over. */
async function tooWide() {
  const stage = regionOf(50);
  expect(await stage.read('r0')).toBeUndefined();
  await stage.clock.advance(31 * SECOND_MS);
  return stage;
}

describe('a listing of a region', () => {
  test('serves all who ask, and says of what it does not hold that there is none', async () => {
    const { region, read } = regionOf();

    expect(await Promise.all([read('r0'), read('r1'), read('r2')])).toEqual([[0], [0], []]);
    expect(region.listings).toBe(1);
  });

  test('goes on serving a sweep that takes long, as long as somebody asks', async () => {
    const { clock, region, read } = regionOf();
    for (const resource of ['r0', 'r1', 'r2', 'r3']) {
      await read(resource);
      await clock.advance(29 * SECOND_MS);
    }

    expect(region.listings).toBe(1);
  });

  test('is over once nobody has asked for 30 s', async () => {
    const { clock, region, read } = regionOf();
    await read('r0');
    region.value = 1;

    await clock.advance(31 * SECOND_MS);

    expect(await read('r1')).toEqual([1]);
    expect(region.listings).toBe(2);
  });

  test.for([
    { name: 'within 30 s tries again, and is served the same', afterMs: 29 * SECOND_MS, value: 0 },
    { name: 'after 30 s is the next sweep, and has it listed anew', afterMs: 31 * SECOND_MS, value: 1 },
  ])('to who asks once more: $name', async ({ afterMs, value }) => {
    const { clock, region, read } = regionOf();
    await read('r0');
    region.value = 1;
    await clock.advance(afterMs - SECOND_MS);
    // Somebody else keeps the listing alive.
    await read('r1');
    await clock.advance(SECOND_MS);

    expect(await read('r0')).toEqual([value]);
  });

  test('that failed is kept for nobody', async () => {
    const { region, read } = regionOf();
    region.failure = new Error('throttled');
    await expect(read('r0')).rejects.toThrow('throttled');
    region.failure = undefined;

    expect(await read('r1')).toEqual([0]);
    expect(region.listings).toBe(2);
  });

  test('leaves a resource that has been changed to be asked for by itself, and no other', async () => {
    const { listing, region, read } = regionOf();
    await read('r0');

    listing.forget('r0');

    expect(await read('r0')).toBeUndefined();
    expect(await read('r1')).toEqual([0]);
    expect(region.listings).toBe(1);
  });

  test('knows a change again that was made before it began', async () => {
    const { clock, listing, region, read } = regionOf();
    await read('r0');
    listing.forget('r0');
    region.value = 1;

    await clock.advance(31 * SECOND_MS);

    expect(await read('r0')).toEqual([1]);
  });
});

describe('a region that is too wide', () => {
  test('is not listed again, and each resource is asked for by itself', async () => {
    const { region, read } = await tooWide();

    expect(await read('r0')).toBeUndefined();
    expect(region.listings).toBe(1);
  });

  test('is tried again after an hour', async () => {
    const { clock, region, read } = await tooWide();
    region.pages = 2;

    await clock.advance(HOUR_MS);

    expect(await read('r0')).toEqual([0]);
  });

  test('is tried again once twice as many resources are known to be ours', async () => {
    const { listing, region, read } = await tooWide();

    listing.note('r1');
    await read('r1');

    expect(region.listings).toBe(2);
  });

  test('is none as long as it has no more pages than there are resources of ours', async () => {
    const { listing, read } = regionOf(50);
    for (let number = 0; number < 50; number += 1) listing.note(`r${number}`);

    expect(await read('r49')).toEqual([0]);
  });
});
