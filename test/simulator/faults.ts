import { SimulatedError } from './simulated-error.ts';

/** What is to go wrong, and when. Without `nth` and `times` it goes wrong each time, until removed. */
interface Fault {
  /** The actions it is about; all of them if absent. */
  action?: string | RegExp;
  /** The first matching call that it hits, from 1. */
  nth?: number;
  /** How many calls it hits; 1 if only `nth` is given. */
  times?: number;
  /** Before the operation, which then does not run, or after it has taken effect. */
  when: 'before' | 'after';
  /** What is answered; `reset` ends the connection, `timeout` lets it hang and then ends it. */
  error?: { name: string; message: string; status?: number } | 'reset' | 'timeout';
  latencyMs?: number;
  /** A read that it hits answers as the world was a while ago. */
  stale?: boolean;
}

interface FaultHandle {
  readonly fired: number;
  remove(): void;
}

/** The connection ended without an answer. */
export class ConnectionLost extends Error {
  readonly kind: 'reset' | 'timeout';

  constructor(kind: 'reset' | 'timeout') {
    super(kind === 'reset' ? 'read ECONNRESET' : 'the call was not answered in time');
    this.name = kind === 'reset' ? 'ConnectionReset' : 'TimeoutError';
    this.kind = kind;
  }
}

/** How long a call hangs that is never answered, unless the fault says. */
const HANG_MS = 60_000;

/** What the faults that hit a call ask for together. */
interface Hit {
  readonly latencyMs: number;
  readonly error: Error | undefined;
  readonly isStale: boolean;
}

export interface Faults {
  add(fault: Fault): FaultHandle;
  /** Those that hit this call; each call is counted once by every fault that matches it. */
  strike(action: string): Record<Fault['when'], Hit>;
}

interface Armed {
  readonly fault: Fault;
  matched: number;
  fired: number;
}

/** `onStale` is told when a fault begins that asks for old answers, so that they can be kept from then on. */
export function createFaults(onStale: () => void): Faults {
  const armed = new Set<Armed>();
  return {
    add(fault) {
      const entry: Armed = { fault, matched: 0, fired: 0 };
      if (fault.stale === true) onStale();
      armed.add(entry);
      return {
        get fired() {
          return entry.fired;
        },
        remove: () => void armed.delete(entry),
      };
    },
    strike(action) {
      const hits = [...armed].filter((entry) => hasHit(entry, action)).map(({ fault }) => fault);
      return { before: joined(hits, 'before'), after: joined(hits, 'after') };
    },
  };
}

function hasHit(entry: Armed, action: string): boolean {
  const { fault } = entry;
  if (!isAbout(fault.action, action)) return false;
  entry.matched += 1;
  const first = fault.nth ?? 1;
  const times = fault.times ?? (fault.nth === undefined ? Number.POSITIVE_INFINITY : 1);
  if (entry.matched < first || entry.matched >= first + times) return false;
  entry.fired += 1;
  return true;
}

/** A pattern with the flag g remembers where it stopped; each action is asked afresh. */
function isAbout(wanted: string | RegExp | undefined, action: string): boolean {
  if (wanted === undefined || typeof wanted === 'string') return wanted === undefined || wanted === action;
  return new RegExp(wanted.source, wanted.flags.replaceAll(/[gy]/g, '')).test(action);
}

function joined(hits: readonly Fault[], when: Fault['when']): Hit {
  const ours = hits.filter((fault) => fault.when === when);
  const failing = ours.find(({ error }) => error !== undefined);
  const hangMs = failing?.error === 'timeout' && failing.latencyMs === undefined ? HANG_MS : 0;
  return {
    latencyMs: ours.reduce((sum, { latencyMs = 0 }) => sum + latencyMs, hangMs),
    error: failing?.error === undefined ? undefined : errorOf(failing.error),
    isStale: ours.some(({ stale }) => stale === true),
  };
}

function errorOf(error: NonNullable<Fault['error']>): Error {
  if (typeof error === 'string') return new ConnectionLost(error);
  return new SimulatedError(error.name, error.message, error.status ?? 400);
}
