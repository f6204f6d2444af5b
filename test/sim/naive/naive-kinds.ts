import type { Observation, Owner } from '../../../src/core/plan.ts';
import { isReadyAt } from '../../../src/runtime/reconcile/conditions.ts';
import type { Kind } from './assembly.ts';

/** What status says to be so is so: who looks needs not look at AWS again. */
export function believingStatus(kind: Kind): Partial<Kind> {
  const lastSeen = new Map<string, Observation<object>>();
  const believers = new WeakSet<object>();
  return {
    locate(object, refs) {
      const at = kind.locate(object, refs);
      if (at !== undefined && isReadyAt(object.status.conditions, object.metadata.generation)) believers.add(at);
      return at;
    },
    async observe(at, goal, gateway, signal) {
      const key = JSON.stringify(at);
      const believed = believers.has(at) ? lastSeen.get(key) : undefined;
      const observed = believed ?? (await kind.observe(at, goal, gateway, signal));
      lastSeen.set(key, observed);
      return observed;
    },
  };
}

/** What this process has not registered itself is not there. */
export function registeringBlindly(kind: Kind): Partial<Kind> {
  let hasRegistered = false;
  return {
    async observe(at, goal, gateway, signal) {
      const isBlind = goal.want === 'present' && !hasRegistered;
      return isBlind ? { exists: false } : await kind.observe(at, goal, gateway, signal);
    },
    async apply(step, gateway, signal) {
      await kind.apply(step, gateway, signal);
      hasRegistered = true;
    },
  };
}

/** A rollout that ECS has taken back is begun again. */
export function fightingRollbacks(kind: Kind): Partial<Kind> {
  return {
    plan(goal, observed, now) {
      if (!observed.exists) return kind.plan(goal, observed, now);
      const state = { ...observed.state, newest: undefined, stoppedTasks: [] };
      return kind.plan(goal, { ...observed, state }, now);
    },
  };
}

/** What is about to be done is written down nowhere. */
export function forgettingIntents(kind: Kind): Partial<Kind> {
  return {
    plan(goal, observed, now) {
      const plan = kind.plan(goal, observed, now);
      if (plan.verdict !== 'change') return plan;
      const { intents: _, stamp: __, ...rest } = plan;
      return rest;
    },
  };
}

/** What bears the right name is taken for ours. */
export function owningAll(kind: Kind): Partial<Kind> {
  const owners = new Map<string, Owner>();
  return {
    locate(object, refs) {
      const at = kind.locate(object, refs);
      if (at !== undefined) owners.set(JSON.stringify(at), object.owner);
      return at;
    },
    async observe(at, goal, gateway, signal) {
      const observed = await kind.observe(at, goal, gateway, signal);
      const owner = owners.get(JSON.stringify(at));
      return observed.exists && owner !== undefined ? { ...observed, owner } : observed;
    },
  };
}

/** Of scaling nothing is seen to differ, so that a service is in sync before its target is. */
export function scalingBlindly(kind: Kind): Partial<Kind> {
  return {
    plan(goal, observed, now) {
      const plan = kind.plan(goal, observed, now);
      const isOfScaling = plan.verdict === 'change' && plan.because.every(({ path }) => path.startsWith('scaling'));
      return isOfScaling ? { verdict: 'in-sync' } : plan;
    },
  };
}
