import type { KindTypes, Location, Managed, Referent } from '../../core/managed-kind.ts';
import type { Difference, Observation, Plan } from '../../core/plan.ts';
import { isEqual } from '../../lib/stable-json.ts';
import { isReadyAt } from './conditions.ts';
import type { Change, Outcome } from './outcome.ts';

type PlanOf<T extends KindTypes> = Plan<T['step'], T['status']>;

/** Seen in sync at this very generation before, and not asked for by an annotation: then somebody else changed the world. */
export function changeOf<T extends KindTypes>(
  { because, steps, lookAfterMs, isUpkeep = false }: Extract<PlanOf<T>, { verdict: 'change' }>,
  { metadata, status }: Managed<T>,
): Change {
  const isDeleting = metadata.deletionTimestamp !== undefined;
  const wasReady = isReadyAt(status.conditions, metadata.generation);
  const isCorrection = wasReady && !isUpkeep && because.some(({ path }) => !path.startsWith('metadata.'));
  const calls = steps.map(({ call }) => call);
  return { is: 'change', calls, because, lookAfterMs, isDeleting, isCorrection, isUpkeep };
}

/** The outcome of a plan that changes nothing. */
export function idleOutcomeOf<T extends KindTypes>(plan: Exclude<PlanOf<T>, { verdict: 'change' }>): Outcome {
  if (plan.verdict === 'in-sync') return { is: 'in-sync', message: plan.message, lookAfterMs: plan.lookAfterMs };
  const { reason, message } = plan;
  if (plan.verdict === 'refuse') return { is: 'refuse', reason, message, lookAfterMs: plan.lookAfterMs };
  return { is: 'wait', reason, message, pollAfterMs: plan.pollAfterMs };
}

const NOT_THERE =
  'AWS has no such resource in this account and region; make it there, or let the spec name another one';

/** Observe: what differs is told, and nothing else happens. */
export function observedOutcomeOf<T extends KindTypes>(
  plan: PlanOf<T>,
  observed: Observation<T['state']>,
  drift: readonly Difference[],
): Outcome {
  if (!observed.exists) return { is: 'refuse', reason: 'NotFound', message: NOT_THERE };
  if (plan.verdict !== 'change') return idleOutcomeOf(plan);
  if (drift.length === 0) return { is: 'in-sync', message: undefined };
  const message = `differs from the spec at ${drift.map(({ path }) => path).join(', ')}`;
  return { is: 'refuse', reason: 'Drifted', message };
}

/** Refused where the object no longer means the place that its resource lives in. */
export function relocationOf(known: Location | undefined, found: Location | undefined): Outcome | undefined {
  if (known === undefined || found === undefined || isEqual(known, found)) return undefined;
  const message = `the resource lives in ${describe(known)}, and the object now means ${describe(found)}; nothing is written until it means the former again`;
  return { is: 'refuse', reason: 'LocationChanged', message };
}

/** Waits where somebody who stays still refers to a deleting object; `pollAfterMs` is for what the watch may have missed. */
export function useOf(referrers: readonly Referent[], kinds: readonly string[]): Outcome | undefined {
  const users = referrers
    .filter(({ kind, metadata }) => kinds.includes(kind) && metadata.deletionTimestamp === undefined)
    .map(({ kind, metadata }) => `${kind} ${metadata.name}`)
    .toSorted();
  if (users.length === 0) return undefined;
  const message = `${users.join(', ')} still ${users.length === 1 ? 'refers' : 'refer'} to this object; delete that, or let it refer to another`;
  return { is: 'wait', reason: 'InUse', message, pollAfterMs: IN_USE_LOOK_MS };
}

const IN_USE_LOOK_MS = 60_000;

function describe(location: Location): string {
  return Object.entries(location)
    .map(([name, word]) => `${name} ${word}`)
    .join(', ');
}
