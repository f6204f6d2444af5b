import type { Stage } from '../support/operator-stage.ts';

/** What a user does, and how they see that it has come true. */
export interface Act {
  readonly act: (stage: Stage) => Promise<void> | void;
  readonly until: (stage: Stage) => boolean;
  /** How long they wait then before the next act; half a minute unless stated. */
  readonly lullMs?: number;
}

/** A story that has one end, whatever goes wrong on the way. */
export interface Scenario {
  readonly name: string;
  /** How things stand when the curtain rises; nothing goes wrong in it. */
  readonly given?: readonly Act[];
  readonly acts: readonly Act[];
  /** Calls of ECS that the undisturbed story makes, where the story is about them. */
  readonly calls?: readonly string[];
  /** The user does not wait for what comes true, so ECS may have seen more or less of it: only what is left counts. */
  readonly isHasty?: boolean;
  /** What is in ECS as the curtain rises belongs to others, and has to stay as it is. */
  readonly isOfStrangers?: boolean;
}
