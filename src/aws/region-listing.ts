import { BoundedMap } from '../lib/bounded-map.ts';
import type { Clock } from '../lib/clock.ts';
import { orAborted } from '../lib/deadline.ts';

export interface RegionListingOptions<Item> {
  readonly clock: Clock;
  /** Ends with the gateway: the listing belongs to nobody who asks. */
  readonly lifetime: AbortSignal;
  list(nextToken: string | undefined): Promise<Page<Item>>;
  resourceOf(item: Item): string | undefined;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextToken: string | undefined;
}

/** One listing of a whole region in place of one for each resource, shared by all that sweep within half a minute. */
export interface RegionListing<Item> {
  /** What belongs to the resource; undefined where the region is too wide, and each is to be asked for by itself. */
  read(resource: string, signal: AbortSignal): Promise<readonly Item[] | undefined>;
  /** Counts a resource as ours, however it was read. */
  note(resource: string): void;
  forget(): void;
}

const REMEMBERED_RESOURCES = 20_000;
const MAX_AGE_MS = 30_000;
/** The region is always listed up to so many pages; beyond, as long as there are not more than there are resources of ours. */
const LEAST_PAGES = 5;
/** A region that holds over so many times what is ours is too wide. */
const WIDEST = 3;
const TOO_WIDE_FOR_MS = 3_600_000;

type ByResource<Item> = ReadonlyMap<string | undefined, readonly Item[]>;

export function createRegionListing<Item>(options: RegionListingOptions<Item>): RegionListing<Item> {
  const { clock, lifetime, list, resourceOf } = options;
  const ours = new BoundedMap<string, true>(REMEMBERED_RESOURCES);
  let current: { readonly begunAt: number; readonly answer: Promise<ByResource<Item> | undefined> } | undefined;
  let tooWideUntil = Number.NEGATIVE_INFINITY;

  async function listAll(): Promise<ByResource<Item> | undefined> {
    const items: Item[] = [];
    let nextToken: string | undefined;
    let pages = 0;
    do {
      lifetime.throwIfAborted();
      const page = await list(nextToken);
      items.push(...page.items);
      nextToken = page.nextToken;
      pages += 1;
      if (nextToken !== undefined && pages >= Math.max(LEAST_PAGES, ours.size)) return tooWide();
    } while (nextToken !== undefined);
    const own = items.filter((item) => ours.has(resourceOf(item) ?? '')).length;
    if (pages > LEAST_PAGES && items.length > WIDEST * own) tooWide();
    return Map.groupBy(items, resourceOf);
  }

  function tooWide(): undefined {
    tooWideUntil = clock.monotonic() + TOO_WIDE_FOR_MS;
  }

  async function begin(): Promise<ByResource<Item> | undefined> {
    try {
      return await listAll();
    } catch (error) {
      current = undefined;
      throw error;
    }
  }

  return {
    async read(resource, signal) {
      ours.set(resource, true);
      const now = clock.monotonic();
      if (now < tooWideUntil) return undefined;
      if (current === undefined || now - current.begunAt > MAX_AGE_MS) current = { begunAt: now, answer: begin() };
      const { answer } = current;
      const listed = await orAborted(signal, () => answer);
      return listed && (listed.get(resource) ?? []);
    },
    note: (resource) => void ours.set(resource, true),
    forget: () => {
      current = undefined;
    },
  };
}
