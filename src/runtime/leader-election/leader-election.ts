import { Failure } from '../../core/failure.ts';
import type { Clock } from '../../lib/clock.ts';
import { withDeadline } from '../../lib/deadline.ts';
import type { Log } from '../../lib/log.ts';
import type { Random } from '../../lib/random.ts';
import { type KubeApi, KubeError, type KubeObject } from '../kube/kube-api.ts';
import { silence } from '../kube/kube-silence.ts';
import { claimLease, LEASES, type LeaseRecord, parseLease, releaseLease } from './lease.ts';

export interface LeaderElectorOptions {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Who we are, different for every process there ever is. */
  readonly identity: string;
  readonly namespace: string;
  readonly name: string;
  readonly timings?: LeaseTimings | undefined;
  /** Told at every change, and once at the start. */
  readonly onMasterStatus?: ((isLeader: boolean) => void) | undefined;
}

interface LeaseTimings {
  /** How long the others wait after the last renewal that they saw. */
  readonly leaseMs: number;
  /** After so long without a renewal the leader gives up, well before the others may begin. */
  readonly renewDeadlineMs: number;
  /** How often the leader renews. */
  readonly retryMs: number;
  /** How often the others look: what was given back is taken soon. */
  readonly lookMs: number;
}

export interface LeadershipCallbacks {
  /** The lease is held. May be called again after `onLost`. */
  onStarted(): void;
  /** The lease is no longer ours, or cannot be renewed in time. Not called when the signal ends it all. */
  onLost(because: string): void;
}

/**
 * One of many candidates for a Lease. An election does not fence: between two renewals a process may stand still for any
 * time, so whoever is about to write where only the leader may asks `assertHeld` right before, which looks at the clocks.
 */
export interface LeaderElector {
  /** Candidates and leads in turns until the signal aborts, then releases the lease and resolves. Call it once. */
  run(callbacks: LeadershipCallbacks, signal: AbortSignal): Promise<void>;
  /** Whether the lease is held at this moment, by both clocks. */
  isLeader(): boolean;
  /** Throws `NotLeader` unless the lease is held at this moment. */
  assertHeld(): void;
}

const TIMINGS: LeaseTimings = { leaseMs: 15_000, renewDeadlineMs: 10_000, retryMs: 2_000, lookMs: 1_000 };
const RETRY_JITTER = 0.2;
const RELEASE_DEADLINE_MS = 5_000;
/** The part of a term that is not used, since clocks run at different speeds and a write takes time to arrive. */
const UNUSED_PART = 0.1;

/** A term that was granted: both clocks as they were before the request that granted it was sent. */
interface Term {
  readonly monotonic: number;
  readonly wall: number;
}

export function createLeaderElector(options: LeaderElectorOptions): LeaderElector {
  return new Elector(options);
}

class Elector implements LeaderElector {
  readonly #options: LeaderElectorOptions;
  readonly #timings: LeaseTimings;
  /** The Lease as last seen, and since when it looks like that: the others' clocks are not asked. */
  #seen: { readonly lease: KubeObject; readonly record: LeaseRecord; readonly since: number } | undefined;
  #term: Term | undefined;
  /** A claim was sent, and nothing since then says that it was refused. */
  #mayHold = false;

  constructor(options: LeaderElectorOptions) {
    this.#options = options;
    this.#timings = options.timings ?? TIMINGS;
  }

  isLeader(): boolean {
    const { clock } = this.#options;
    if (this.#term === undefined) return false;
    const usableMs = this.#timings.leaseMs * (1 - UNUSED_PART);
    const isFresh = clock.monotonic() - this.#term.monotonic < usableMs;
    // A suspended machine stops the monotonic clock, but not the others.
    return isFresh && clock.now() - this.#term.wall < usableMs;
  }

  assertHeld(): void {
    if (this.isLeader()) return;
    throw new Failure('NotLeader', `this replica does not hold the lease ${this.#options.name}`);
  }

  async run(callbacks: LeadershipCallbacks, signal: AbortSignal): Promise<void> {
    const { log, identity, name, onMasterStatus } = this.#options;
    const facts = { lease: name, identity };
    onMasterStatus?.(false);
    try {
      while (!signal.aborted) {
        await this.#acquire(signal);
        log.info(facts, 'leadership acquired');
        onMasterStatus?.(true);
        callbacks.onStarted();
        const because = await this.#lead(signal);
        this.#term = undefined;
        onMasterStatus?.(false);
        log.warn({ ...facts, because }, 'leadership lost');
        callbacks.onLost(because);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      this.#term = undefined;
      onMasterStatus?.(false);
      if (this.#mayHold) await this.#release();
    }
  }

  /** Resolves once the lease is held. */
  async #acquire(signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#options;
    while (!(await this.#attempt(this.#timings.renewDeadlineMs / 2, signal))) {
      await clock.sleep(this.#timings.lookMs * (1 + RETRY_JITTER * random()), signal);
    }
  }

  /** Renews until that fails for too long or somebody else holds the lease; says why it ended. */
  async #lead(signal: AbortSignal): Promise<string> {
    const { clock } = this.#options;
    const { renewDeadlineMs, retryMs } = this.#timings;
    let renewedAt = clock.monotonic();
    for (;;) {
      await clock.sleep(retryMs, signal);
      const restMs = renewedAt + renewDeadlineMs - clock.monotonic();
      // A process that stood still asks once more: the lease may well still be its own.
      const limitMs = Math.max(Math.min(restMs, renewDeadlineMs / 2), retryMs);
      if (await this.#attempt(limitMs, signal)) renewedAt = clock.monotonic();
      else if (this.#seen?.record.holder !== this.#options.identity) return this.#whyNotOurs();
      else if (clock.monotonic() - renewedAt >= renewDeadlineMs) {
        return 'it could not be renewed in time';
      }
    }
  }

  #whyNotOurs(): string {
    if (this.#seen === undefined) return 'it was deleted';
    return this.#seen.record.holder === '' ? 'it was released' : `it is held by ${this.#seen.record.holder}`;
  }

  /** Tries once to take or renew the lease. Whatever goes wrong means no. */
  async #attempt(limitMs: number, signal: AbortSignal): Promise<boolean> {
    const { clock, log, name } = this.#options;
    try {
      return await withDeadline(
        { clock, ms: limitMs, error: () => silence() },
        (within) => this.#claim(within),
        signal,
      );
    } catch (error) {
      if (signal.aborted) throw error;
      const message = error instanceof Error ? error.message : String(error);
      log.warn({ lease: name, error: message }, 'lease could not be claimed');
      return false;
    }
  }

  async #claim(signal: AbortSignal): Promise<boolean> {
    // The holder saves a read: its own last write is mostly what is there.
    if (this.#term !== undefined && this.#seen !== undefined) {
      const isRenewed = await this.#write(this.#seen.lease, signal);
      if (isRenewed) return true;
    }
    const current = await this.#look(signal);
    // What was held and is no longer is lost, even if it is free again: in between there may have been another leader.
    const isLost = this.#term !== undefined && this.#seen?.record.holder !== this.#options.identity;
    if (isLost || !this.#isFree()) return false;
    return this.#write(current, signal);
  }

  async #look(signal: AbortSignal): Promise<KubeObject | undefined> {
    const { api, namespace, name } = this.#options;
    const lease = await api.get(LEASES, { namespace, name }, signal);
    signal.throwIfAborted();
    if (lease === undefined) this.#seen = undefined;
    else this.#see(lease);
    return lease;
  }

  #see(lease: KubeObject): void {
    const isSame = this.#seen?.lease.metadata.resourceVersion === lease.metadata.resourceVersion;
    const since = isSame && this.#seen !== undefined ? this.#seen.since : this.#options.clock.monotonic();
    this.#seen = { lease, record: parseLease(lease), since };
  }

  /** Ours, released, or left alone for its whole duration under our own eyes. */
  #isFree(): boolean {
    if (this.#seen === undefined) return true;
    const { record, since } = this.#seen;
    if (record.holder === '' || record.holder === this.#options.identity) return true;
    const durationMs = Math.max(record.durationMs, this.#timings.leaseMs);
    return this.#options.clock.monotonic() - since >= durationMs;
  }

  /** False where somebody else wrote meanwhile. */
  async #write(current: KubeObject | undefined, signal: AbortSignal): Promise<boolean> {
    const { api, clock, identity, namespace, name } = this.#options;
    const term: Term = { monotonic: clock.monotonic(), wall: clock.now() };
    const durationMs = this.#timings.leaseMs;
    const claim = claimLease(current, { key: { namespace, name }, identity, durationMs, clock });
    this.#mayHold = true;
    try {
      const written = current === undefined ? api.create(LEASES, claim, signal) : api.replace(LEASES, claim, signal);
      const lease = await written;
      // Given up meanwhile: what was answered too late grants nothing.
      signal.throwIfAborted();
      this.#see(lease);
      this.#term = term;
      return true;
    } catch (error) {
      const isLostRace = error instanceof KubeError && (error.status.code === 409 || error.status.code === 404);
      if (!isLostRace) throw error;
      this.#mayHold = this.#term !== undefined;
      return false;
    }
  }

  /** Looks first, since a write of ours whose answer was dropped may have changed the lease. */
  async #release(): Promise<void> {
    const { api, clock, log, name, identity } = this.#options;
    const release = async (within: AbortSignal): Promise<void> => {
      const lease = await this.#look(within);
      if (lease === undefined || parseLease(lease).holder !== identity) return;
      await api.replace(LEASES, releaseLease(lease, clock), within);
      log.info({ lease: name, identity }, 'leadership released');
    };
    const deadline = { clock, ms: RELEASE_DEADLINE_MS, error: () => silence() };
    await withDeadline(deadline, release, new AbortController().signal).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      log.warn({ lease: name, error: message }, 'lease could not be released; it runs out by itself');
    });
  }
}
