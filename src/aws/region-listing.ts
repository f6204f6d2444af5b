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

/** One listing of a whole region in place of one for each resource, shared by all that sweep at the time. */
export interface RegionListing<Item> {
  /**
   * What belongs to the resource. Undefined where it is to be asked for by itself: the region is too wide, or the resource
   * was changed after the listing began.
   */
  read(resource: string, signal: AbortSignal): Promise<readonly Item[] | undefined>;
  /** Counts a resource as ours, however it was read. */
  note(resource: string): void;
  /** To be called at each change of the resource, which is ours then. What the listing says of the others stands. */
  forget(resource: string): void;
}

const REMEMBERED_RESOURCES = 20_000;
/** Nobody has asked for so long: the sweep that a listing was made for is over. */
const SWEEP_OVER_MS = 30_000;
/** Who asks once more within that time is the same sweep, trying again. */
const SAME_SWEEP_MS = 30_000;
/** The region is always listed up to so many pages; beyond, as long as there are not more than there are resources of ours. */
const LEAST_PAGES = 5;
/** A region that holds over so many times what is ours is too wide. */
const WIDEST = 3;
/** It is tried again after so long, or when so many times as many resources of ours are known, as after a start. */
const TOO_WIDE_FOR_MS = 3_600_000;
const WORTH_A_TRY = 2;

type ByResource<Item> = ReadonlyMap<string | undefined, readonly Item[]>;

interface Listing<Item> {
  readonly answer: Promise<ByResource<Item> | undefined>;
  /** Resources that were changed since it began. */
  readonly changed: Set<string>;
  readonly served: Set<string>;
  /** When it was there, and when it served last, on the monotonic clock: for ever ahead while it is being made. */
  endedAt: number;
  servedAt: number;
}

export function createRegionListing<Item>(options: RegionListingOptions<Item>): RegionListing<Item> {
  const { clock, lifetime, list, resourceOf } = options;
  const ours = new BoundedMap<string, true>(REMEMBERED_RESOURCES);
  let current: Listing<Item> | undefined;
  let verdict = { until: Number.NEGATIVE_INFINITY, ours: 0 };

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
    verdict = { until: clock.monotonic() + TOO_WIDE_FOR_MS, ours: ours.size };
  }

  function isTooWide(): boolean {
    return clock.monotonic() < verdict.until && ours.size < WORTH_A_TRY * verdict.ours;
  }

  function begin(): Listing<Item> {
    const made: Listing<Item> = {
      answer: listAll(),
      changed: new Set(),
      served: new Set(),
      endedAt: Number.POSITIVE_INFINITY,
      servedAt: Number.POSITIVE_INFINITY,
    };
    const end = (at: number): void => {
      made.endedAt = at;
      made.servedAt = at;
    };
    made.answer.then(
      () => end(clock.monotonic()),
      () => end(Number.NEGATIVE_INFINITY),
    );
    return made;
  }

  /** A sweep asks for each resource once, and takes minutes where there are thousands: one listing serves all of it. */
  function listingFor(resource: string): Listing<Item> {
    const now = clock.monotonic();
    const isOver = current === undefined || now - current.servedAt > SWEEP_OVER_MS;
    const isNextSweep = current?.served.has(resource) === true && now - current.endedAt > SAME_SWEEP_MS;
    if (current === undefined || isOver || isNextSweep) current = begin();
    else if (current.endedAt <= now) current.servedAt = now;
    current.served.add(resource);
    return current;
  }

  return {
    async read(resource, signal) {
      ours.set(resource, true);
      if (isTooWide()) return undefined;
      const { answer, changed } = listingFor(resource);
      const listed = await orAborted(signal, () => answer);
      return changed.has(resource) ? undefined : listed && (listed.get(resource) ?? []);
    },
    note: (resource) => void ours.set(resource, true),
    forget(resource) {
      ours.set(resource, true);
      current?.changed.add(resource);
    },
  };
}
