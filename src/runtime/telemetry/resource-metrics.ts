import { Gauge, type Registry } from 'prom-client';
import type { Controller } from '../controller.ts';
import { conditionOf } from '../reconcile/conditions.ts';
import { commonStatusOf, membersOf } from '../reconcile/managed-object.ts';

const READY_STATES = ['true', 'false', 'unknown'] as const;

/** Once by Ready alone, and once more with its reason, which is one of a catalogue and so of bounded number. */
export function observeResources(registry: Registry, prefix: string, controllers: readonly Controller[]): void {
  const registers = [registry];
  const resources = new Gauge({
    name: `${prefix}resources`,
    help: 'Objects, by their Ready condition.',
    labelNames: ['controller', 'ready'],
    registers,
    collect() {
      for (const controller of controllers) {
        const counts = countBy(readyOf(controller).map(({ ready }) => ready));
        for (const ready of READY_STATES) resources.set({ controller: controller.name, ready }, counts.get(ready) ?? 0);
      }
    },
  });
  const reasons = new Gauge({
    name: `${prefix}resources_by_reason`,
    help: 'Objects, by their Ready condition and its reason: `None` before the first look, `Other` in no catalogue.',
    labelNames: ['controller', 'ready', 'reason'],
    registers,
    collect() {
      reasons.reset();
      for (const controller of controllers) {
        const name = { controller: controller.name };
        for (const reason of controller.reasons) reasons.set({ ...name, ready: usualReady(reason), reason }, 0);
        for (const readiness of readyOf(controller)) reasons.inc({ ...name, ...readiness });
      }
    },
  });
}

interface Readiness {
  readonly ready: (typeof READY_STATES)[number];
  readonly reason: string;
}

function readyOf({ store, reasons }: Controller): readonly Readiness[] {
  const known = new Set(reasons);
  return store.values().map((object) => {
    const { conditions } = commonStatusOf(membersOf(object['status']));
    const condition = conditionOf(conditions, 'Ready');
    if (condition === undefined) return { ready: 'unknown', reason: 'None' };
    const ready = READY_STATES.find((state) => state === condition.status.toLowerCase()) ?? 'unknown';
    return { ready, reason: known.has(condition.reason) ? condition.reason : 'Other' };
  });
}

/** What Ready is with that reason: where its zero stands. */
function usualReady(reason: string): Readiness['ready'] {
  if (reason === 'InSync') return 'true';
  return reason === 'Suspended' ? 'unknown' : 'false';
}

function countBy(values: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
