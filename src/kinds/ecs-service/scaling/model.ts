import type {
  ScalableTarget,
  ScalingActivity,
  ScalingPolicy,
  ScheduledAction,
} from '@aws-sdk/client-application-auto-scaling';
import type { Owner } from '../../../core/plan.ts';
import type { Scaling } from './schema.ts';

/** What an object wishes of scaling, with what is remembered of it. */
export interface ScalingWish {
  /** `service/<cluster>/<service>`. */
  readonly resourceId: string;
  readonly owner: Owner;
  /** Undefined where the spec says nothing of scaling. */
  readonly block: Scaling | undefined;
  readonly mayAdopt: boolean;
  /** Nothing is written, so it does not matter whose the target is. */
  readonly isObserving: boolean;
  /** The target that was seen to be ours. */
  readonly knownArn: string | undefined;
  /** What was stated and must be set back once it is not: see `memory.ts`. */
  readonly remembered: readonly string[];
  /** The count that was seen last: where it has moved, there is something to tell. */
  readonly lastCount: number | undefined;
  /** Whether an activity that was told has not ended. */
  readonly hasUnended: boolean;
  /** Changes with the spec, and with each look that somebody asks for. */
  readonly asked: string;
  readonly now: number;
}

/** What is needed to take the scaling of a service away with it. */
export interface ScalingRemoval {
  readonly resourceId: string;
  readonly owner: Owner;
  /** Whether there ever was a target of ours, so that not being allowed to look is a failure. */
  readonly isKnown: boolean;
}

/** A scalable target that is there, with what hangs on it. */
export interface ScalingState {
  readonly target: ScalableTarget;
  readonly ownership: 'ours' | 'nobody' | 'others';
  /** Whose its tags say that it is. */
  readonly owner: Owner | undefined;
  /** Read only where the spec has a block, or a target of ours is to go. */
  readonly policies: readonly ScalingPolicy[] | undefined;
  readonly actions: readonly ScheduledAction[] | undefined;
  /** Read only where they may say something new. */
  readonly activities: readonly ScalingActivity[] | undefined;
}
