import { entriesOf } from '../../../src/lib/entries.ts';
import { isRead } from '../../simulator/recording.ts';
import type { StageOptions } from '../../support/operator-stage.ts';
import type { Performance, SeenEvent } from '../play.ts';
import { CALL_FAULTS, type CallFault } from './call-faults.ts';
import type { Fault, Point } from './fault.ts';
import { type Incident, STALE_MS, TROUBLE_MS } from './incidents.ts';
import { KUBE_WRITE_FAULTS, type KubeWriteFault } from './kube-faults.ts';
import { NEEDED, NOTICED_AFTER_MS, WATCH_FAULTS } from './watch-faults.ts';

/** One sort of disturbance: a column of the table of results. */
export interface Column {
  readonly title: string;
  /** On which stage it is played, disturbed or not. */
  readonly stage?: StageOptions;
  /** The places of a story that it can strike, by how it goes undisturbed. */
  points(undisturbed: Performance): readonly Point[];
  /** Whether every place is tried each time, and not only some of them. */
  readonly isWhole?: boolean;
}

const LOST = 'an answer that is lost';
const CUT = 'a connection that breaks';
const REFUSALS = entriesOf(CALL_FAULTS).flatMap(([is]) => (is === LOST || is === CUT ? [] : is));
const KUBE_REFUSALS = entriesOf(KUBE_WRITE_FAULTS).flatMap(([is]) => (is === LOST || is === CUT ? [] : is));

const API_SERVER: readonly Incident[] = [
  'an API server that is down',
  'an API server that hangs',
  'an API server that takes no token',
  'an API server that restarts and has forgotten its history',
  'watches that go dark',
];
const CLOCK: readonly Incident[] = [
  'a clock that is set forward by an hour',
  'a clock that is set back by an hour',
  'an event loop that stands still for 60 s',
];
/** Longer than what ECS takes to show a write in its lists most of the time. */
const LAG_MS = 3_000;

/** What befalls nobody unless an object is written while it lasts. */
const OF_NOTE_WITHIN_MS: Readonly<Partial<Record<Incident, number>>> = {
  'caches that are 20 s old': STALE_MS,
  'an API server that hangs': TROUBLE_MS,
};
const OF_OBJECT = /^patch ecs/;

interface Place {
  readonly nth: number;
  readonly when: 'before' | 'after';
}

export const COLUMNS: readonly Column[] = [
  { title: 'crash', points: (performance) => atWrites(performance, ['crash'], ['before', 'after']), isWhole: true },
  {
    title: 'crash, late reads',
    stage: { readLagMs: LAG_MS },
    points: (performance) => atWrites(performance, ['crash'], ['before', 'after']).filter(isOfAws),
    isWhole: true,
  },
  { title: 'lost answer', points: lostAnswers, isWhole: true },
  { title: 'broken connection', points: brokenConnections },
  { title: 'ECS refuses', points: (performance) => atCalls(performance, REFUSALS) },
  { title: 'Kubernetes refuses', points: (performance) => atAttempts(performance, KUBE_REFUSALS) },
  {
    title: 'stale cache',
    points: (performance) => atWrites(performance, ['caches that are 20 s old'], ['before']),
  },
  {
    title: 'stale ECS',
    points: (performance) => atWrites(performance, ['reads of ECS that are behind'], ['before']).filter(isOfAws),
    isWhole: true,
  },
  { title: 'watch events', points: atEvents },
  { title: 'API server', points: (performance) => atWrites(performance, API_SERVER, ['before', 'after']) },
  { title: 'second leader', points: (performance) => atWrites(performance, ['a second leader'], ['before', 'after']) },
  {
    title: 'paused leader',
    stage: { isElected: true },
    points: (performance) => atWrites(performance, ['a leader paused for 60 s'], ['before', 'after']),
  },
  { title: 'clocks', points: (performance) => atWrites(performance, CLOCK, ['before', 'after']) },
];

function atWrites(
  performance: Performance,
  incidents: readonly Incident[],
  moments: readonly ('before' | 'after')[],
): readonly Point[] {
  return performance.writes.flatMap(({ to, what }, index) =>
    moments.flatMap((when) =>
      incidents.flatMap((is) => {
        const nth = index + 1;
        const withinMs = OF_NOTE_WITHIN_MS[is];
        if (withinMs !== undefined && !isFollowed(performance, { nth, when, withinMs })) return [];
        const name = `${is}, ${when} write ${nth} (${to}: ${what})`;
        return { name, faults: [{ on: 'write', is, nth, when }] } satisfies Point;
      }),
    ),
  );
}

function isOfAws({ name }: Point): boolean {
  return name.includes('(AWS: ');
}

function atCalls({ calls }: Performance, faults: readonly CallFault[]): readonly Point[] {
  return calls.flatMap(({ action, isByHand }, index) =>
    isByHand ? [] : faults.map((is) => callPoint(is, index + 1, action)),
  );
}

function atAttempts({ attempts }: Performance, faults: readonly KubeWriteFault[]): readonly Point[] {
  return attempts.flatMap(({ what }, index) => faults.map((is) => attemptPoint(is, index + 1, what)));
}

/** An answer can be lost only of what took effect, and such faults count no other. */
function lostAnswers(performance: Performance): readonly Point[] {
  const writes = performance.calls.filter(({ action }) => !isRead(action));
  const attempts = performance.attempts.filter(({ isRefused }) => !isRefused);
  return [
    ...writes.flatMap(({ action, isByHand }, index) => (isByHand ? [] : callPoint(LOST, index + 1, action))),
    ...attempts.map(({ what }, index) => attemptPoint(LOST, index + 1, what)),
  ];
}

/** On the way there, so that nothing takes effect. */
function brokenConnections(performance: Performance): readonly Point[] {
  return [...atCalls(performance, [CUT]), ...atAttempts(performance, [CUT])];
}

function callPoint(is: CallFault, nth: number, action: string): Point {
  return { name: `${is}, call ${nth} (${action})`, faults: [{ on: 'call', is, nth }] };
}

function attemptPoint(is: KubeWriteFault, nth: number, what: string): Point {
  return { name: `${is}, write ${nth} to Kubernetes (${what})`, faults: [{ on: 'Kubernetes write', is, nth }] };
}

/** Only where the events follow that the fault needs, and follow whether or not the operator has seen the first ones. */
function atEvents({ events }: Performance): readonly Point[] {
  return events.flatMap((event, index) => {
    const isInTime = ({ what, at }: SeenEvent): boolean =>
      watchOf(what) === watchOf(event.what) && at - event.at < NOTICED_AFTER_MS;
    const following = events.slice(index).filter(isInTime);
    return entriesOf(WATCH_FAULTS).flatMap(([is]) => {
      const needed = NEEDED[is];
      if (following.length < needed || !following.slice(0, needed - 1).every(({ isOwn }) => isOwn)) return [];
      const fault: Fault = { on: 'event', is, nth: index + 1 };
      return { name: `${is}, event ${index + 1} (${event.what})`, faults: [fault] };
    });
  });
}

/** There is one for each kind. */
function watchOf(what: string): string {
  return what.split('/')[0]?.split(' ')[1] ?? '';
}

/** Whether a write to an object, of which a cache has to hear, is among those that follow within so long. */
function isFollowed(performance: Performance, { nth, when, withinMs }: Place & { readonly withinMs: number }): boolean {
  const from = when === 'before' ? nth - 1 : nth;
  const since = performance.moments[nth - 1] ?? 0;
  return performance.writes
    .slice(from)
    .some(({ what }, index) => OF_OBJECT.test(what) && (performance.moments[from + index] ?? 0) - since < withinMs);
}
