import { isEqual } from '../../lib/stable-json.ts';
import type { KubeMeta, KubeObject } from '../kube/kube-api.ts';
import type { QueuePriority } from '../queue/work-queue.ts';
import { commonStatusOf, membersOf } from '../reconcile/managed-object.ts';
import type { Identity } from '../registration.ts';
import type { StoreChange } from '../watch/object-store.ts';
import { hasFinalizer } from './finalizer.ts';

/** The annotation by which Flux's command line asks for a look; it counts like our own. */
const FLUX_REQUESTED_AT = 'reconcile.fluxcd.io/requestedAt';

/** How urgently a change makes its object be looked at; undefined where it tells nothing new, as our own writes do. */
export function wakeOf(
  change: StoreChange,
  identity: Pick<Identity, 'finalizer' | 'annotationPrefix'>,
): QueuePriority | undefined {
  const { is, object, previous, isInitial } = change;
  if (is === 'deleted') return undefined;
  if (is === 'added') return isInitial && isObserved(object) ? 'background' : 'edit';
  return previous === undefined || isEdited(previous, object, identity) ? 'edit' : undefined;
}

/** How urgently a change makes those look who refer to its object. */
export function wakeOfReferrers({ is, object, previous, isInitial }: StoreChange): QueuePriority | undefined {
  if (isInitial) return undefined;
  if (is !== 'updated' || previous === undefined) return 'edit';
  const [before, after] = [previous.metadata, object.metadata];
  const isRenewed = before.generation !== after.generation || before.deletionTimestamp !== after.deletionTimestamp;
  if (isRenewed) return 'edit';
  return isEqual(previous['status'], object['status']) ? undefined : 'follow-up';
}

function isObserved(object: KubeObject): boolean {
  return commonStatusOf(membersOf(object['status'])).observedGeneration === object.metadata.generation;
}

function isEdited(
  { metadata: before }: KubeObject,
  { metadata: after }: KubeObject,
  { finalizer, annotationPrefix }: Pick<Identity, 'finalizer' | 'annotationPrefix'>,
): boolean {
  const requests = (annotations: Readonly<Record<string, string>> = {}) =>
    Object.entries(annotations).filter(([name]) => name.startsWith(annotationPrefix) || name === FLUX_REQUESTED_AT);
  return (
    before.generation !== after.generation ||
    before.deletionTimestamp !== after.deletionTimestamp ||
    isTakenOff(before, after, finalizer) ||
    !isEqual(Object.fromEntries(requests(before.annotations)), Object.fromEntries(requests(after.annotations)))
  );
}

/** By somebody else: we take it off a deleting object only. */
function isTakenOff(before: KubeMeta, after: KubeMeta, finalizer: string): boolean {
  const isDeleting = after.deletionTimestamp !== undefined;
  return !isDeleting && hasFinalizer(before, finalizer) && !hasFinalizer(after, finalizer);
}
