import type { CallFault } from './call-faults.ts';
import type { Incident } from './incidents.ts';
import type { KubeWriteFault } from './kube-faults.ts';
import type { WatchFault } from './watch-faults.ts';

/**
 * One thing that goes wrong, once, after the curtain has risen. Counting begins there, or where the fault before it in
 * the same play has struck.
 */
export type Fault =
  /** As the nth write to either side is about to leave, or has just taken effect. */
  | { readonly on: 'write'; readonly is: Incident; readonly nth: number; readonly when: 'before' | 'after' }
  /** To the nth call of ECS; of those that change something where an answer is lost. */
  | { readonly on: 'call'; readonly is: CallFault; readonly nth: number }
  /** To the nth write to Kubernetes. */
  | { readonly on: 'Kubernetes write'; readonly is: KubeWriteFault; readonly nth: number }
  /** To the nth event of a watch. */
  | { readonly on: 'event'; readonly is: WatchFault; readonly nth: number };

/** One way of disturbing a story, at one place: what the matrix counts. */
export interface Point {
  readonly name: string;
  /** More than one: the next is armed once the one before has struck. */
  readonly faults: readonly Fault[];
}
