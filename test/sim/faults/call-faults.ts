import type { Stage } from '../../support/operator-stage.ts';

type Fault = Parameters<Stage['simulator']['faults']['add']>[0];

interface CallFaultEntry {
  readonly fault: Omit<Fault, 'nth'>;
  /** Until then every call fares like the one that was hit. */
  readonly untilMs?: number;
}

const GRANTED_AFTER_MS = 60_000;

/** What may become of a call of ECS. */
export const CALL_FAULTS = {
  'an answer that is lost': { fault: { action: /^(?!Describe|List|Get)/, when: 'after', error: 'reset' } },
  'a connection that breaks': { fault: { when: 'before', error: 'reset' } },
  throttling: {
    fault: { when: 'before', error: { name: 'ThrottlingException', message: 'Rate exceeded', status: 400 } },
  },
  'an error of the server': {
    fault: { when: 'before', error: { name: 'ServerException', message: 'Service Unavailable', status: 503 } },
  },
  'a right that is missing for a minute': {
    fault: {
      when: 'before',
      error: { name: 'AccessDeniedException', message: 'User: operator is not authorized', status: 400 },
    },
    untilMs: GRANTED_AFTER_MS,
  },
  'credentials that are out of date for a minute': {
    fault: {
      when: 'before',
      error: { name: 'ExpiredTokenException', message: 'The security token included in the request is expired' },
    },
    untilMs: GRANTED_AFTER_MS,
  },
} as const satisfies Record<string, CallFaultEntry>;

export type CallFault = keyof typeof CALL_FAULTS;

/** After these a person has to be told, and only the next sweep finds that they are over. */
export const STALLING: readonly string[] = [
  'a right that is missing for a minute',
  'credentials that are out of date for a minute',
] satisfies CallFault[];

export interface Damage {
  /** Whether it has struck. */
  readonly isDone: boolean;
  /** Whether it strikes whoever calls now. */
  readonly isGoingOn: boolean;
  remove(): void;
}

/** Puts the fault before the nth call from now on that it can hit. */
export function placeCallFault({ simulator, clock }: Stage, is: CallFault, nth: number): Damage {
  const { fault, untilMs }: CallFaultEntry = CALL_FAULTS[is];
  const placed = simulator.faults.add({ ...fault, nth, times: untilMs === undefined ? 1 : Number.POSITIVE_INFINITY });
  let isOver = untilMs === undefined;
  let isHit = false;
  const disarm = simulator.onCall(() => {
    if (isHit || placed.fired === 0) return;
    isHit = true;
    clock.schedule(untilMs ?? 0, () => {
      isOver = true;
      remove();
    });
  });
  function remove(): void {
    placed.remove();
    disarm();
  }
  return {
    get isDone() {
      return placed.fired > 0;
    },
    get isGoingOn() {
      return placed.fired > 0 && !isOver;
    },
    remove,
  };
}
