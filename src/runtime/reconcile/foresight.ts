import type { KindTypes, ManagedKind } from '../../core/managed-kind.ts';
import type { Goal, Observation, Plan } from '../../core/plan.ts';
import type { Connection } from '../registration.ts';

type PlanOf<T extends KindTypes> = Plan<T['step'], T['status']>;

interface Planned<T extends KindTypes> {
  readonly goal: Goal<T['desired'], T['removal']>;
  readonly observed: Observation<T['state']>;
  readonly plan: PlanOf<T>;
}

/**
 * The plan as it may be carried out: refused where whoever owns the account does not allow what its steps would make use
 * of, and else with the steps that were judged. What is going is not held to anything.
 */
export async function permittedPlan<T extends KindTypes>(
  kind: ManagedKind<T>,
  { goal, observed, plan }: Planned<T>,
  { gateway, refusalOf }: Connection<T['gateway']>,
  signal: AbortSignal,
): Promise<PlanOf<T>> {
  if (refusalOf === undefined || kind.foresee === undefined) return plan;
  if (plan.verdict !== 'change' || goal.want === 'absent') return plan;
  const { steps, claims } = await kind.foresee({ steps: plan.steps, desired: goal.desired, observed }, gateway, signal);
  signal.throwIfAborted();
  const refusal = refusalOf(claims);
  return refusal === undefined ? { ...plan, steps } : { verdict: 'refuse', ...refusal };
}
