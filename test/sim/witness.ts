import type { KubeResource, KubeWatchEvent } from '../../src/runtime/kube/kube-api.ts';
import type { Stage } from '../support/operator-stage.ts';
import type { OutgoingWrite } from '../support/process-boundary.ts';
import type { WholeOperator } from '../support/whole-operator.ts';
import type { Damages } from './faults/damages.ts';
import type { WatchDamage } from './faults/watch-faults.ts';
import { type TruthWatch, watchTruth } from './oracles/told.ts';
import { stallsIn, untimelyIn } from './oracles/truth.ts';
import type { SeenEvent } from './play.ts';
import { createTrace } from './trace.ts';

/** Sees each write and each event of a play, passes them on to the faults, and judges what it sees at that instant. */
export interface Witness {
  follow(stage: Stage): void;
  readonly onWrite: (write: OutgoingWrite, when: 'before' | 'after', operator: WholeOperator) => void;
  readonly onEvent: (event: KubeWatchEvent, resource: KubeResource) => WatchDamage | undefined;
  /** From here on all counts. */
  raiseCurtain(damages: Damages): void;
  lowerCurtain(): void;
  readonly note: (what: string) => void;
  judge(violations: readonly string[]): void;
  /** When something was written. */
  readonly moments: readonly number[];
  seen(): {
    readonly writes: readonly OutgoingWrite[];
    readonly events: readonly SeenEvent[];
    readonly stalls: readonly string[];
    readonly violations: readonly string[];
    readonly trace: readonly string[];
  };
}

export function createWitness(): Witness {
  let stage: Stage | undefined;
  let truth: TruthWatch | undefined;
  let damages: Damages | undefined;
  const writes: OutgoingWrite[] = [];
  const events: SeenEvent[] = [];
  const unseen = new Set<string>();
  const moments: number[] = [];
  const stalls = new Set<string>();
  const violations = new Set<string>();
  const trace = createTrace(() => stage?.clock.monotonic() ?? 0);

  function judge(found: readonly string[]): void {
    for (const violation of found) {
      if (!violations.has(violation)) trace.mark(violation);
      violations.add(violation);
    }
  }

  return {
    moments,
    judge,
    note: trace.note,
    follow(followed) {
      stage = followed;
      truth = watchTruth(followed, judge);
    },
    raiseCurtain(placed) {
      damages = placed;
    },
    lowerCurtain() {
      damages = undefined;
    },
    onWrite(write, when, operator) {
      if (stage === undefined || isOfLease(write)) return;
      if (damages !== undefined && when === 'before') {
        writes.push(write);
        moments.push(stage.clock.now());
        unseen.add(objectOf(write));
        trace.note(write.what);
      }
      if (when === 'before') judge([...untimely(stage, write), ...tooLate(stage, write, operator)]);
      else judge(truth?.after(write) ?? []);
      if (damages !== undefined && when === 'after') for (const stall of stallsIn(stage)) stalls.add(stall);
      damages?.onWrite(write, when, operator);
    },
    onEvent(event, resource) {
      if (damages === undefined || !('object' in event)) return undefined;
      const object = `${resource.plural}/${event.object.metadata.name}`;
      const what = `${event.type} ${object}`;
      events.push({ what, at: stage?.clock.now() ?? 0, isOwn: unseen.delete(object) });
      trace.note(`  ${what}`);
      return damages.onEvent(event, resource);
    },
    seen: () => ({
      writes,
      events,
      stalls: [...stalls].toSorted(),
      violations: [...violations],
      trace: trace.lines,
    }),
  };
}

/** Claims on the lease come by the clock, and are no part of a story. */
function isOfLease({ what }: OutgoingWrite): boolean {
  return what.includes(' leases/');
}

/** `ecsservices/web`, of a write to Kubernetes. */
function objectOf({ what }: OutgoingWrite): string {
  return what.split(' ')[1] ?? '';
}

/** After a pause of a minute the lease is another's. What was signed before it was seen here before, and leaves once the pause is over. */
function tooLate({ clock }: Stage, { to, what }: OutgoingWrite, { thawsAt }: WholeOperator): readonly string[] {
  const isAwake = thawsAt !== undefined && clock.monotonic() >= thawsAt;
  return isAwake && to === 'AWS' ? [`a leader that was paused writes after waking: ${what}`] : [];
}

/** Nobody says Ready while what they are to run is registered. */
function untimely(stage: Stage, { to, what }: OutgoingWrite): readonly string[] {
  return to === 'AWS' && what === 'RegisterTaskDefinition' ? untimelyIn(stage, 'web') : [];
}
