import type { KubeResource, KubeWatchEvent } from '../../../src/runtime/kube/kube-api.ts';
import type { Stage } from '../../support/operator-stage.ts';
import type { OutgoingWrite } from '../../support/process-boundary.ts';
import type { WholeOperator } from '../../support/whole-operator.ts';
import { placeCallFault } from './call-faults.ts';
import type { Fault } from './fault.ts';
import { INCIDENTS } from './incidents.ts';
import { KUBE_WRITE_FAULTS } from './kube-faults.ts';
import { placeWatchFault, type WatchDamage } from './watch-faults.ts';

/** Faults that are in place. */
export interface Damages {
  onWrite(write: OutgoingWrite, when: 'before' | 'after', operator: WholeOperator): void;
  /** Told of each event that the API server sends; answers who meddles with it. */
  onEvent(event: KubeWatchEvent, resource: KubeResource): WatchDamage | undefined;
  /** Whether one strikes whoever calls ECS now, the user as well. */
  readonly isGoingOn: boolean;
  /** Those that have not struck. */
  unfired(): readonly string[];
  remove(): void;
}

interface Placed {
  readonly isDone: () => boolean;
  readonly isGoingOn?: () => boolean;
  readonly remove?: () => void;
}

/** Puts them in place from now on; `note` hears when one strikes at a write. */
export function placeFaults(stage: Stage, faults: readonly Fault[], note: (what: string) => void): Damages {
  const atWrites = inTurn(
    stage,
    faults.filter((fault) => fault.on === 'write'),
    note,
  );
  const watch = faults.filter((fault) => fault.on === 'event').map(({ is, nth }) => placeWatchFault(is, nth));
  const placed = faults.map((fault): Placed => {
    switch (fault.on) {
      case 'write':
        return { isDone: () => atWrites.haveStruck(fault) };
      case 'call': {
        const damage = placeCallFault(stage, fault.is, fault.nth);
        return { isDone: () => damage.isDone, isGoingOn: () => damage.isGoingOn, remove: () => damage.remove() };
      }
      case 'Kubernetes write': {
        const entry = { ...KUBE_WRITE_FAULTS[fault.is], verb: 'any write', nth: fault.nth } as const;
        const damage = stage.api.faults.add(entry);
        return { isDone: () => damage.fired > 0, remove: () => damage.remove() };
      }
      case 'event':
        return { isDone: () => watch.every(({ isDone }) => isDone) };
    }
  });
  return {
    onWrite: atWrites.onWrite,
    onEvent: () => watch.find((damage) => damage.claim()),
    get isGoingOn() {
      return placed.some(({ isGoingOn }) => isGoingOn?.() ?? false);
    },
    unfired: () => faults.filter((_, index) => placed[index]?.isDone() !== true).map(({ is }) => `${is}: never came`),
    remove() {
      for (const each of placed) each.remove?.();
    },
  };
}

type WriteFault = Extract<Fault, { on: 'write' }>;

/** One after the other, each counting writes from where the one before has struck. */
function inTurn(stage: Stage, faults: readonly WriteFault[], note: (what: string) => void) {
  const struck = new Map<WriteFault, (() => boolean) | undefined>();
  let begun: OutgoingWrite[] = [];
  return {
    haveStruck: (fault: WriteFault) => struck.has(fault) && (struck.get(fault)?.() ?? true),
    onWrite(write: OutgoingWrite, when: 'before' | 'after', operator: WholeOperator): void {
      if (when === 'before') begun.push(write);
      const fault = faults[struck.size];
      // Writes may overlap: the one that has just ended need not be the last that began.
      if (fault === undefined || fault.when !== when || begun.indexOf(write) !== fault.nth - 1) return;
      begun = [];
      note(`${fault.is} ${when} ${write.what}`);
      struck.set(fault, INCIDENTS[fault.is](stage, operator) ?? undefined);
    },
  };
}
