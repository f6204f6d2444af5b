import type { KindTypes, Managed, ManagedKind, Notice, Referent } from '../../src/core/managed-kind.ts';
import { type Goal, isSameOwner, type Plan } from '../../src/core/plan.ts';

export interface Settling<T extends KindTypes> {
  readonly kind: ManagedKind<T>;
  readonly object: Managed<T>;
  readonly gateway: T['gateway'];
  readonly referrers?: readonly Referent[];
  /** Those who refer to it count in any case, where the kind heeds theirs. */
  readonly heeded?: readonly Referent[];
  readonly isDeleting?: boolean;
  /** Wall time at the start. */
  readonly now?: number;
  /** The most looks before giving up. */
  readonly looks?: number;
  /** Lets time pass between two looks, where there is more of it than `now`. */
  readonly pass?: (ms: number) => Promise<void>;
}

export interface Settled<T extends KindTypes> {
  /** With the status that came of it. */
  readonly object: Managed<T>;
  readonly last: Plan<T['step'], T['status']> | 'not-owned';
  readonly plans: readonly Plan<T['step'], T['status']>[];
  readonly notices: readonly Notice[];
  readonly now: number;
}

/**
 * What the runtime does with a kind, without Kubernetes: looks until nothing is left to write, or it takes a person, or
 * looks run out. Time passes by what each plan asks for. Under Observe one look is all, and nothing is written.
 */
export async function settle<T extends KindTypes>(settling: Settling<T>): Promise<Settled<T>> {
  const { kind, gateway, looks = 20, pass, isDeleting = false } = settling;
  const notices: Notice[] = [];
  const plans: Plan<T['step'], T['status']>[] = [];
  let { object, now = 0 } = settling;
  if (isDeleting && isObserved(object)) return { object, last: { verdict: 'in-sync' }, plans, notices, now };
  for (let look = 0; look < looks; look += 1) {
    const { plan, status, notices: told } = await lookOnce({ ...settling, object, now });
    notices.push(...told);
    if (plan === 'not-owned') return { object, last: plan, plans, notices, now };
    plans.push(plan);
    const intents = 'intents' in plan && !isObserved(object) ? plan.intents : {};
    object = { ...object, status: { ...status, ...intents } };
    if (plan.verdict === 'in-sync' || plan.verdict === 'refuse' || isObserved(object))
      return { object, last: plan, plans, notices, now };
    if (plan.verdict === 'change') {
      for (const step of plan.steps) await kind.apply(step, gateway, new AbortController().signal);
    }
    const ms = plan.verdict === 'change' ? (plan.lookAfterMs ?? 1_000) : plan.pollAfterMs;
    await pass?.(ms);
    now += ms;
  }
  const last = plans.at(-1);
  if (last === undefined) throw new Error('no look was allowed');
  return { object, last, plans, notices, now };
}

interface Looked<T extends KindTypes> {
  readonly plan: Plan<T['step'], T['status']> | 'not-owned';
  readonly status: Partial<T['status']>;
  readonly notices: readonly Notice[];
}

/** One look, as far as its plan: nothing is written. */
export async function lookOnce<T extends KindTypes>(settling: Settling<T>): Promise<Looked<T>> {
  const { kind, object, gateway, referrers = [], heeded = [], isDeleting = false, now = 0 } = settling;
  const isHeeded = (one: Referent): boolean => kind.heeds?.includes(one.kind) === true;
  const around = { refs: {}, referrers, heeded: [...referrers, ...heeded].filter(isHeeded), defaultTags: [], now };
  const goal: Goal<T['desired'], T['removal']> = isDeleting
    ? { want: 'absent', removal: kind.removal(object, around) }
    : { want: 'present', desired: kind.desire(object, around) };
  const at = kind.locate(object, {});
  if (at === undefined) throw new Error('the kind does not say where to look');
  const observed = await kind.observe(at, goal, gateway, new AbortController().signal);
  const report = kind.report(object, goal, observed, now);
  if (observed.exists && !isObserved(object)) {
    const isOurs = observed.owner !== undefined && isSameOwner(observed.owner, object.owner);
    const isFree = observed.owner === undefined && object.spec.adoptionPolicy === 'Adopt' && !isDeleting;
    if (!isOurs && !isFree) return { ...report, plan: isDeleting ? { verdict: 'in-sync' } : 'not-owned' };
  }
  return { ...report, plan: kind.plan(goal, observed, now) };
}

function isObserved<T extends KindTypes>({ spec }: Managed<T>): boolean {
  return spec.managementPolicy === 'Observe';
}

/** An object of that kind as the runtime hands it to the kind. */
export function managed<T extends KindTypes>(
  kind: ManagedKind<T>,
  spec: T['spec'],
  { name = 'web', status = {} }: { readonly name?: string; readonly status?: Partial<T['status']> } = {},
): Managed<T> {
  return {
    metadata: {
      name,
      namespace: 'shop',
      uid: `uid-of-${name}`,
      generation: 1,
      resourceVersion: '1',
      creationTimestamp: '2026-01-01T00:00:00Z',
      finalizers: [],
      annotations: {},
      labels: {},
    },
    spec,
    status,
    owner: { clusterId: 'prod-1', kind: kind.definition.kind, namespace: 'shop', name },
  };
}
