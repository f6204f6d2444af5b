import type { ReasonEntry } from '../../core/reason.ts';

/** The reasons that only services have. */
export const ECS_SERVICE_REASONS = {
  RolloutInProgress: { meaning: 'ECS is rolling the service out. The message has the counts.' },
  RollingBack: { meaning: 'ECS is going back to the last deployment that succeeded; the wished one failed.' },
  DeploymentNotProgressing: {
    meaning:
      'The rollout goes on without getting anywhere: tasks fail and no circuit breaker ends it, or nothing has moved for ten minutes. The message says why tasks stopped.',
  },
  DeploymentFailed: {
    meaning:
      "The deployment to what is wished failed, was rolled back or was stopped. It is not tried again until the wish changes or a restart is asked for. The message has ECS's and the tasks' reasons.",
  },
  UnfamiliarAnswer: {
    meaning:
      'ECS has done what is wished and shows it otherwise: somebody else changes it back at once, or ECS spells it in a way that the operator does not know. It is not asked again before the spec or its answer changes, as that would never end; in the second case please report the fields that the message names.',
  },
  TasksMissing: { meaning: 'The rollout is complete, but fewer tasks run than should. ECS starts them again.' },
  AwaitingTaskSet: {
    meaning: 'Deployments of this service are run by CodeDeploy or from outside, and its task set is not stable yet.',
  },
  Creating: {
    meaning:
      'The object is being deleted right after its service was asked for, and ECS does not show the service yet. Deletion goes on once it does, or after a minute.',
  },
  Draining: { meaning: 'The tasks of the service are stopping. A service of that name can be made only after.' },
  TaskSetsRemain: {
    meaning: 'The service is to be deleted but still has task sets. Whoever made them deletes them, or `forceDelete`.',
  },
  ImmutableField: {
    meaning: 'ECS cannot change this field of a service in place. Put it back, or make a new object.',
  },
  ManagedByExpress: { meaning: 'The service belongs to ECS Express Mode, which changes it by itself.' },
  UntaggableArn: {
    meaning: 'The service has an ARN of the old format, which cannot be tagged, so nobody can be named its owner.',
  },
  ScalingOwnedElsewhere: {
    meaning:
      'The service has a scalable target that is not this object’s, so `spec.scaling` cannot be applied. The message says whose it is and what to do; nothing of it is changed. As an Event of an object without `spec.scaling`: who scales the service, so that `desiredCount` is not enforced, or for whom the target is left.',
  },
  ScalingActivity: { meaning: 'Application Auto Scaling changed the count. The message says why.' },
  NotScaled: {
    meaning: 'An alarm asked for another count, and Application Auto Scaling left it as it is; the message says why.',
  },
  ServiceEvent: { meaning: 'ECS said this of the service.' },
  ServiceWarning: { meaning: 'ECS said this of the service, and it means trouble.' },
  TaskStopped: { meaning: 'A task of a failing rollout stopped. The message says why.' },
} as const satisfies Record<string, ReasonEntry>;
