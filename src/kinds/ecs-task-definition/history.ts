import type { DesiredTaskDefinition, ObservedRevision, TaskDefinitionState } from './model.ts';
import { contentDifferences, isOwnedBy } from './revision.ts';
import { revisionName } from './use.ts';

/** A revision so young may be about to be used by somebody whom we do not know. */
const LEAST_AGE_MS = 3_600_000;

/**
 * Which revisions have probably to go, by what status knows; the plan decides, on what was seen. Counted are those that
 * we registered and that no service runs; the current one is not known here, so one more is kept.
 */
export function surplusCandidates(desired: DesiredTaskDefinition, active: readonly string[]): readonly string[] {
  const registered = new Set(desired.known.filter(({ isAdopted }) => !isAdopted).map(({ arn }) => arn));
  const idle = active.filter((arn) => registered.has(arn) && !isInUse(desired, arn));
  return idle.slice(desired.history.limit).toReversed();
}

/** The ACTIVE revisions that are to be deregistered now: ours, made by us, used by nobody known, and old enough. */
export function surplusRevisions(
  desired: DesiredTaskDefinition,
  state: TaskDefinitionState,
  current: ObservedRevision,
  now: number,
): readonly ObservedRevision[] {
  const kept = historyOf(desired, state, current).slice(0, desired.history.limit);
  return state.revisions.filter(
    (revision) =>
      isRemovable(desired, revision, now) &&
      revision.arn !== current.arn &&
      (!kept.includes(revision.arn) || isDuplicate(desired, revision)),
  );
}

/** The ACTIVE revisions, newest first, that the history limit counts. */
function historyOf(
  desired: DesiredTaskDefinition,
  state: TaskDefinitionState,
  current: ObservedRevision,
): readonly string[] {
  const seen = state.revisions.filter((one) => isOwnedBy(desired.owner, one) && one.origin === 'registered');
  const ours = new Set([
    ...seen.map(({ arn }) => arn),
    ...desired.known.filter(({ isAdopted }) => !isAdopted).map(({ arn }) => arn),
  ]);
  return state.active.filter((arn) => ours.has(arn) && arn !== current.arn && !isInUse(desired, arn));
}

/** The INACTIVE revisions that are to be deleted now. */
export function deletableRevisions(
  desired: DesiredTaskDefinition,
  state: TaskDefinitionState,
  now: number,
): readonly ObservedRevision[] {
  return state.inactive.filter((revision) => isRemovable(desired, revision, now));
}

function isRemovable(desired: DesiredTaskDefinition, revision: ObservedRevision, now: number): boolean {
  if (desired.use.isUnsettled) return false;
  const age = now - (revision.definition.registeredAt?.getTime() ?? now);
  return (
    isOwnedBy(desired.owner, revision) &&
    revision.origin === 'registered' &&
    !isInUse(desired, revision.arn) &&
    age > LEAST_AGE_MS
  );
}

/** By its ARN, or as a service names it in its spec. */
function isInUse({ use: { inUse } }: DesiredTaskDefinition, arn: string): boolean {
  return inUse.includes(arn) || inUse.includes(revisionName(arn));
}

/** A second registration of the wish, by a lost answer, is of no use to anybody. */
function isDuplicate(desired: DesiredTaskDefinition, revision: ObservedRevision): boolean {
  return contentDifferences(desired, revision).length === 0;
}
