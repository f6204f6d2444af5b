import type { Clock } from '../../lib/clock.ts';
import { isPlainObject } from '../../lib/stable-json.ts';
import type { KubeKey, KubeObject, KubeResource } from '../kube/kube-api.ts';

export const LEASES: KubeResource = { group: 'coordination.k8s.io', version: 'v1', plural: 'leases' };

/** What a Lease says, as far as an election needs it. */
export interface LeaseRecord {
  /** Empty where it was released. */
  readonly holder: string;
  readonly durationMs: number;
  readonly transitions: number;
}

export function parseLease(lease: KubeObject): LeaseRecord {
  const spec = isPlainObject(lease['spec']) ? lease['spec'] : {};
  const { holderIdentity, leaseDurationSeconds, leaseTransitions } = spec;
  return {
    holder: typeof holderIdentity === 'string' ? holderIdentity : '',
    durationMs: typeof leaseDurationSeconds === 'number' ? leaseDurationSeconds * 1_000 : 0,
    transitions: typeof leaseTransitions === 'number' ? leaseTransitions : 0,
  };
}

export interface LeaseClaim {
  readonly key: KubeKey;
  readonly identity: string;
  readonly durationMs: number;
  readonly clock: Pick<Clock, 'now'>;
}

/** The Lease as it is to be written to hold it: a new term where somebody else held it, a renewal otherwise. */
export function claimLease(
  current: KubeObject | undefined,
  { key, identity, durationMs, clock }: LeaseClaim,
): KubeObject {
  const record = current === undefined ? undefined : parseLease(current);
  const now = microTime(clock);
  const renewal = { holderIdentity: identity, leaseDurationSeconds: Math.ceil(durationMs / 1_000), renewTime: now };
  const transitions = record === undefined ? 0 : record.transitions + 1;
  const claim = record?.holder === identity ? renewal : { ...renewal, acquireTime: now, leaseTransitions: transitions };
  if (current !== undefined) return withSpec(current, claim);
  const { name, namespace } = key;
  const metadata = namespace === undefined ? { name } : { name, namespace };
  return { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec: claim };
}

/** The Lease as it is to be written to let it go: whoever comes next need not wait. */
export function releaseLease(current: KubeObject, clock: Pick<Clock, 'now'>): KubeObject {
  const now = microTime(clock);
  return withSpec(current, { holderIdentity: '', leaseDurationSeconds: 1, renewTime: now, acquireTime: now });
}

/** All that others wrote into it stays. */
function withSpec(current: KubeObject, changes: Readonly<Record<string, unknown>>): KubeObject {
  const spec = isPlainObject(current['spec']) ? current['spec'] : {};
  return { ...current, spec: { ...spec, ...changes } };
}

/** A MicroTime: RFC 3339 with six digits of a second. */
function microTime(clock: Pick<Clock, 'now'>): string {
  return new Date(clock.now()).toISOString().replace('Z', '000Z');
}
