import type { Clock } from '../../src/lib/clock.ts';
import { KubeError, type KubeKey, type KubeResource } from '../../src/runtime/kube/kube-api.ts';

type KubeVerb = 'list' | 'watch' | 'get' | 'create' | 'replace' | 'patch';

/** What goes wrong at which call. Members that are left out match every call. */
export interface KubeFault {
  readonly verb?: KubeVerb | 'any write';
  readonly resource?: KubeResource;
  readonly name?: string;
  /** `status` or, as `none`, only the object itself. */
  readonly subresource?: 'status' | 'none';
  /** The first matching call that is hit; the first one unless stated. */
  readonly nth?: number;
  /** How many calls are hit from there on; one unless stated. */
  readonly times?: number;
  /** Whether the call took effect before its answer was lost; `before` unless stated. */
  readonly when?: 'before' | 'after';
  /** `reset` breaks the connection; `hang` answers nothing until the caller's signal aborts, or `hangMs` have passed. */
  readonly error: KubeError | 'reset' | 'hang';
  /** When a call that hangs is given up by the transport; never unless stated. */
  readonly hangMs?: number;
  /** Called as it strikes: a test that plays a crash stops the operator here. */
  readonly onFire?: () => void;
}

export interface PlacedFault {
  readonly fired: number;
  remove(): void;
}

export interface KubeFaults {
  add(fault: KubeFault): PlacedFault;
  clear(): void;
}

export interface KubeCall {
  readonly verb: KubeVerb;
  readonly resource: KubeResource;
  readonly key?: KubeKey;
  readonly subresource?: 'status' | undefined;
}

interface Placed {
  readonly fault: KubeFault;
  seen: number;
  fired: number;
}

/** The faults of one fake API server. `strikes` is asked once before and once after each call. */
export class FaultList implements KubeFaults {
  readonly #clock: Pick<Clock, 'schedule'>;
  readonly #placed = new Set<Placed>();

  constructor(clock: Pick<Clock, 'schedule'>) {
    this.#clock = clock;
  }

  add(fault: KubeFault): PlacedFault {
    const placed: Placed = { fault, seen: 0, fired: 0 };
    this.#placed.add(placed);
    return {
      get fired() {
        return placed.fired;
      },
      remove: () => void this.#placed.delete(placed),
    };
  }

  clear(): void {
    this.#placed.clear();
  }

  /** Rejects where a fault hits this call at this moment. */
  async strike(call: KubeCall, when: 'before' | 'after', signal: AbortSignal): Promise<void> {
    for (const placed of this.#placed) {
      if ((placed.fault.when ?? 'before') !== when || !isHit(placed, call)) continue;
      placed.fired += 1;
      placed.fault.onFire?.();
      await this.#fail(placed.fault, signal);
    }
  }

  async #fail({ error, hangMs }: KubeFault, signal: AbortSignal): Promise<never> {
    if (error !== 'hang') throw error === 'reset' ? connectionLost('the connection was reset') : error;
    const givenUp = Promise.withResolvers<never>();
    const giveUp = (): void => givenUp.reject(connectionLost('the API server did not answer in time'));
    const cancel = hangMs === undefined ? undefined : this.#clock.schedule(hangMs, giveUp);
    return await Promise.race([untilAborted(signal), givenUp.promise]).finally(cancel);
  }
}

export function connectionLost(message: string): KubeError {
  return new KubeError({ code: 0, reason: 'Unreachable', message });
}

function isHit(placed: Placed, call: KubeCall): boolean {
  const { fault } = placed;
  if (fault.verb !== undefined && !isOfVerb(fault.verb, call.verb)) return false;
  if (fault.resource !== undefined && resourceId(fault.resource) !== resourceId(call.resource)) return false;
  if (fault.name !== undefined && fault.name !== call.key?.name) return false;
  if (fault.subresource !== undefined && fault.subresource !== (call.subresource ?? 'none')) return false;
  placed.seen += 1;
  const first = fault.nth ?? 1;
  return placed.seen >= first && placed.seen < first + (fault.times ?? 1);
}

function isOfVerb(wanted: KubeVerb | 'any write', verb: KubeVerb): boolean {
  return wanted === 'any write' ? ['create', 'replace', 'patch'].includes(verb) : wanted === verb;
}

export function resourceId(resource: KubeResource): string {
  return `${resource.group}/${resource.version}/${resource.plural}`;
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
