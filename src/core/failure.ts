/**
 * What a failure means, decided once by its code. `retry` says when to look again:
 * `backoff` doubles per object; `at-once` is a race that was lost, silently repeated; `on-reference` waits for another
 * object to change (and looks every 60 s); `slow` is at the resync interval, as only a person can help.
 * `stalled` puts the Stalled condition; `patience` leaves the conditions of an object untouched on its first failure.
 */
export interface FailurePolicy {
  readonly retry: 'backoff' | 'at-once' | 'on-reference' | 'slow';
  readonly stalled: boolean;
  readonly patience: boolean;
  /** A write that failed so has certainly not taken effect. */
  readonly isWithoutEffect: boolean;
  readonly log: 'debug' | 'warn' | 'error';
  /** For the docs: what it means and what to do. */
  readonly meaning: string;
}

export const FAILURES = {
  Throttled: {
    retry: 'backoff',
    stalled: false,
    patience: true,
    isWithoutEffect: true,
    log: 'debug',
    meaning: 'The API asked for fewer calls. The operator slows down and tries again by itself.',
  },
  Unavailable: {
    retry: 'backoff',
    stalled: false,
    patience: true,
    isWithoutEffect: false,
    log: 'warn',
    meaning: 'The API did not answer, or answered with an error of its own. The operator tries again by itself.',
  },
  Bug: {
    retry: 'backoff',
    stalled: false,
    patience: true,
    isWithoutEffect: false,
    log: 'error',
    meaning: 'The operator met something that it does not know. It tries again; please report it with the log line.',
  },
  Conflict: {
    retry: 'at-once',
    stalled: false,
    patience: true,
    isWithoutEffect: true,
    log: 'debug',
    meaning: 'The object changed while the operator worked on it. It looks again at once.',
  },
  DependencyNotReady: {
    retry: 'on-reference',
    stalled: false,
    patience: false,
    isWithoutEffect: true,
    log: 'debug',
    meaning: 'Another object that this one refers to is missing or not ready. It goes on by itself once that one is.',
  },
  InUse: {
    retry: 'backoff',
    stalled: false,
    patience: false,
    isWithoutEffect: true,
    log: 'warn',
    meaning:
      'What is to go is still used: the object is being deleted and another one refers to it, or the spec takes away what ECS still uses, such as a capacity provider of a service. The message says what. It goes on by itself once nothing uses it.',
  },
  AccessDenied: {
    retry: 'slow',
    stalled: true,
    patience: false,
    isWithoutEffect: true,
    log: 'warn',
    meaning: 'The credentials of the operator do not allow the call that the message names. Extend the policy.',
  },
  Rejected: {
    retry: 'slow',
    stalled: true,
    patience: false,
    isWithoutEffect: true,
    log: 'warn',
    meaning: 'The API refused the request as it stands. The message has its words; change the spec.',
  },
  NotOwned: {
    retry: 'slow',
    stalled: true,
    patience: false,
    isWithoutEffect: true,
    log: 'warn',
    meaning: 'A resource of this name belongs to somebody else. Release it, adopt it, or choose another name.',
  },
  NotLeader: {
    retry: 'backoff',
    stalled: false,
    patience: true,
    isWithoutEffect: true,
    log: 'debug',
    meaning: 'This replica lost the lease before the write was sent. The new leader goes on.',
  },
} as const satisfies Record<string, FailurePolicy>;

export type FailureCode = keyof typeof FAILURES;

export interface FailureDetails {
  readonly cause?: unknown;
  /** The least time before another try, where the other side said so. */
  readonly retryAfterMs?: number | undefined;
  /** The other side's id of the request, for its support. */
  readonly requestId?: string | undefined;
  /** The call that failed, such as `UpdateService`. */
  readonly call?: string | undefined;
}

/**
 * The one class of failure. The message is for people: it names things and figures, and may pass on what an API said of a
 * request, without the values in it that are nobody else's business.
 */
export class Failure extends Error {
  readonly code: FailureCode;
  readonly details: FailureDetails;

  constructor(code: FailureCode, message: string, details: FailureDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'Failure';
    this.code = code;
    this.details = details;
  }

  get policy(): FailurePolicy {
    return FAILURES[this.code];
  }
}

/**
 * A `Failure` as it is; anything else becomes a `Bug` with that cause. Its message stands in conditions and Events, so it
 * holds nothing of a foreign error's words, which may quote anything: those are for the log.
 */
export function toFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  return new Failure('Bug', 'unexpected error; see the log', { cause: error });
}
