/** The names that the operator owns, in Kubernetes and in AWS. Changing one loses what was made under it. */
export const GROUP = 'ecs-operator.dev';

export const VERSION = 'v1alpha1';

/** `kubectl get ecs` lists every kind of this category. */
export const CATEGORY = 'ecs';

export const FINALIZER = `${GROUP}/finalizer`;

/** Every label, annotation and AWS tag of ours begins with this. */
export const PREFIX = `${GROUP}/`;

/** Annotations by which a person asks for one act. One that is present at creation asks for nothing. */
export const ANNOTATIONS = {
  /** A new value: look now. */
  reconcileAt: `${PREFIX}reconcile-at`,
  /** The same, by the name that Flux's command line uses. */
  fluxRequestedAt: 'reconcile.fluxcd.io/requestedAt',
  /** A new value: one new deployment. */
  restartAt: `${PREFIX}restart-at`,
  /** How often to look without a reason: 10 min unless said otherwise, between 30 s and 24 h. */
  resyncInterval: `${PREFIX}resync-interval`,
} as const;

/**
 * The tags that say whose an AWS resource is. Apart, as namespace and name together can pass the 256 characters that
 * a value may have. `content` stands on task definition revisions only.
 */
export const TAG_KEYS = {
  clusterId: `${PREFIX}cluster-id`,
  kind: `${PREFIX}kind`,
  namespace: `${PREFIX}namespace`,
  name: `${PREFIX}name`,
  content: `${PREFIX}content`,
} as const;

/** The label selector that a service's scale subresource shows. It matches no pod: autoscalers only refuse an empty one. */
export function scaleSelector(uid: string): string {
  return `${PREFIX}uid=${uid}`;
}
