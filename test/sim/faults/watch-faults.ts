import type { KubeResource, KubeWatchEvent } from '../../../src/runtime/kube/kube-api.ts';
import type { Stage } from '../../support/operator-stage.ts';

type Change = Extract<KubeWatchEvent, { object: unknown }>;

/** What is shown of one event, and of those after it until the answer is true. */
interface Meddling {
  next(event: Change, push: (event: KubeWatchEvent) => void): boolean;
}

const GONE = { code: 410, reason: 'Expired', message: 'too old resource version' };
/** An API server that lost an event does not stay silent about it for ever. */
export const NOTICED_AFTER_MS = 10_000;
const MERGED = 3;

/** What may become of an event of a watch on its way. */
export const WATCH_FAULTS = {
  /** It never comes, nor does any after it, until the watch is told that it is too old. */
  'an event is dropped': (): Meddling => ({ next: () => false }),
  /** Three in a row are seen as the last of them, as after a list. */
  'events are merged': (): Meddling => {
    let seen = 0;
    return {
      next(event, push) {
        seen += 1;
        if (seen < MERGED) return false;
        push(event);
        return true;
      },
    };
  },
  'an event is repeated': (): Meddling => ({
    next(event, push) {
      push(event);
      push(event);
      return true;
    },
  }),
  /** It comes after the one that follows it. */
  'events are reordered': (): Meddling => {
    let held: Change | undefined;
    return {
      next(event, push) {
        if (held === undefined) {
          held = event;
          return false;
        }
        push(event);
        push(held);
        return true;
      },
    };
  },
  'the watch is too old (410)': (): Meddling => ({
    next(_, push) {
      push({ type: 'ERROR', status: GONE });
      return true;
    },
  }),
} as const satisfies Record<string, () => Meddling>;

export type WatchFault = keyof typeof WATCH_FAULTS;

export interface WatchDamage {
  /** Whether what the fault is named after has come about, and not only begun. */
  readonly isDone: boolean;
  /** Whether it is this event's turn. */
  claim(): boolean;
  /** Shows the events of one watch, from the one that was claimed on. */
  meddle(stage: Stage): Meddling;
}

/** How many events of its watch a fault needs to come about. */
export const NEEDED: Readonly<Record<WatchFault, number>> = {
  'an event is dropped': 1,
  'events are merged': MERGED,
  'an event is repeated': 1,
  'events are reordered': 2,
  'the watch is too old (410)': 1,
};

/** The nth event of any watch from now on. What is withheld is made good once the API server notices. */
export function placeWatchFault(is: WatchFault, nth: number): WatchDamage {
  let seen = 0;
  let isDone = false;
  return {
    get isDone() {
      return isDone;
    },
    claim() {
      seen += 1;
      return seen === nth;
    },
    meddle({ api, clock }) {
      const meddling = WATCH_FAULTS[is]();
      const cancel = clock.schedule(NOTICED_AFTER_MS, () => api.endWatches(GONE));
      return {
        next(event, push) {
          const isOver = meddling.next(event, push);
          isDone ||= isOver || is === 'an event is dropped';
          if (isOver) cancel();
          return isOver;
        },
      };
    },
  };
}

export type Tell = (event: Change, resource: KubeResource) => WatchDamage | undefined;

/** What an operator is shown of a watch. `tell` hears of each event that the API server sends, and may meddle from there. */
export async function* filterWatch(
  stage: () => Stage,
  tell: Tell,
  events: AsyncIterable<KubeWatchEvent>,
  resource: KubeResource,
): AsyncGenerator<KubeWatchEvent> {
  let meddling: Meddling | undefined;
  for await (const event of events) {
    if (event.type === 'ERROR' || event.type === 'BOOKMARK') {
      // A bookmark would say that all before it was seen.
      if (meddling === undefined || event.type === 'ERROR') yield event;
      continue;
    }
    meddling = tell(event, resource)?.meddle(stage()) ?? meddling;
    if (meddling === undefined) {
      yield event;
      continue;
    }
    const shown: KubeWatchEvent[] = [];
    if (meddling.next(event, (each) => shown.push(each))) meddling = undefined;
    yield* shown;
  }
}
