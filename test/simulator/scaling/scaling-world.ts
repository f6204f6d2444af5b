import type {
  ScalableTarget,
  ScalingActivity,
  ScalingPolicy,
  ScheduledAction,
} from '@aws-sdk/client-application-auto-scaling';

/** What Application Auto Scaling knows of the services of one account in one Region. */
export interface ScalingWorld {
  /** By resource id: `service/shop/web`. */
  readonly targets: Map<string, TargetRecord>;
  /** Newest first, by resource id. They outlive their target. */
  readonly activities: Map<string, ScalingActivity[]>;
}

export interface TargetRecord {
  target: ScalableTarget;
  tags: Record<string, string>;
  /** By name. They go with their target. */
  policies: Map<string, PolicyRecord>;
  /** By name. They go with their target. */
  actions: Map<string, ScheduledAction>;
  /** Until when another change is refused. */
  pendingUntil: number;
  /** When the count was last raised and lowered by target tracking, for the cooldowns. */
  raisedAt: number;
  loweredAt: number;
}

export interface PolicyRecord {
  policy: ScalingPolicy;
  /** For how many minutes in a row the metric has been above, or well below, its target. */
  above: number;
  below: number;
  /** The last step that it took, for its cooldown: when, and by how many tasks. */
  stepped: { readonly at: number; readonly by: number } | undefined;
}
