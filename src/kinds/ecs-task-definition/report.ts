import type { Managed, Notice, Report } from '../../core/managed-kind.ts';
import type { Goal, Observation } from '../../core/plan.ts';
import { hashOf } from './canonical/content-tag.ts';
import type {
  DesiredTaskDefinition,
  EcsTaskDefinitionTypes,
  ObservedRevision,
  TaskDefinitionRemoval,
  TaskDefinitionState,
} from './model.ts';
import { type CurrentRevision, currentRevision, isOwnedBy } from './revision.ts';
import type { EcsTaskDefinitionStatus } from './schema.ts';
import { isAdopted, keysOfCurrent, putKeysOf } from './tag-memory.ts';

type Status = Partial<EcsTaskDefinitionStatus>;
type Revisions = NonNullable<EcsTaskDefinitionStatus['revisions']>;

/** Which revision holds the wish, which others are ours, and what is still under way. */
export function reportTaskDefinition(
  object: Managed<EcsTaskDefinitionTypes>,
  goal: Goal<DesiredTaskDefinition, TaskDefinitionRemoval>,
  observed: Observation<TaskDefinitionState>,
): Report<EcsTaskDefinitionStatus> {
  const state: TaskDefinitionState = observed.exists
    ? observed.state
    : { active: [], revisions: [], inactive: [], waiting: [] };
  if (goal.want === 'absent') return { status: whileGoing(object, state), notices: [] };
  const { desired } = goal;
  const current = currentRevision(desired, state.revisions);
  const before = object.status.revisions ?? [];
  const revisions = desired.claim === 'observe' ? [] : ourRevisions(before, desired, { ...state, current });
  return {
    status: {
      family: desired.family,
      ...(current === undefined ? withoutCurrent(object.status, desired, state) : withCurrent(desired, current)),
      ...(revisions.length > 0 && { revisions }),
    },
    notices: current === undefined ? [] : noticesOf(current),
  };
}

function withCurrent(desired: DesiredTaskDefinition, { revision }: CurrentRevision): Status {
  return {
    arn: revision.arn,
    revision: `${desired.family}:${revision.revision}`,
    contentHash: desired.hash,
    ...(desired.claim !== 'observe' && { lastApplied: { tagKeys: keysOfCurrent(desired, revision) } }),
  };
}

/** Until the new revision shows, the last one is what there is, as long as it is ACTIVE. The announcement stays. */
function withoutCurrent(
  { arn, revision, contentHash, registering, lastApplied }: Status,
  desired: DesiredTaskDefinition,
  { active }: TaskDefinitionState,
): Status {
  const isThere = arn !== undefined && active.includes(arn);
  return {
    ...(isThere && { arn, revision, contentHash }),
    ...(registering && { registering }),
    ...(lastApplied && desired.claim !== 'observe' && { lastApplied }),
  };
}

/** What was seen to be ours now, and what was known before and is still there. */
function ourRevisions(
  before: Revisions,
  desired: DesiredTaskDefinition,
  { active, revisions, inactive, waiting, current }: TaskDefinitionState & { current: CurrentRevision | undefined },
): Revisions {
  const seen = [...revisions, ...inactive];
  const stillThere = new Set([...active, ...waiting, ...inactive.map(({ arn }) => arn)]);
  const unseen = before.filter(({ arn }) => stillThere.has(arn) && !seen.some((one) => one.arn === arn));
  const ours = seen
    .filter((one) => isOwnedBy(desired.owner, one))
    .map((one) => {
      const isCurrent = one.arn === current?.revision.arn;
      const tagKeys = isCurrent ? keysOfCurrent(desired, one) : keysStillThere(desired, one);
      return { ...toEntry(one, isAdopted(desired, one)), ...(tagKeys.length > 0 && { tagKeys }) };
    });
  return [...unseen, ...ours].toSorted((a, b) => b.revision - a.revision);
}

function keysStillThere(desired: DesiredTaskDefinition, revision: ObservedRevision): string[] {
  return putKeysOf(desired, revision).filter((put) => revision.tags.some(({ key }) => key === put));
}

function toEntry({ arn, revision, contentTag, definition }: ObservedRevision, adopted: boolean): Revisions[number] {
  const contentHash = hashOf(contentTag);
  return {
    arn,
    revision,
    ...(contentHash !== undefined && { contentHash }),
    ...(definition.registeredAt && { registeredAt: definition.registeredAt.toISOString() }),
    ...(adopted && { adopted }),
  };
}

/** On the way out, what is left and what was found is kept in mind: the next look must know what this one released. */
function whileGoing({ status }: Managed<EcsTaskDefinitionTypes>, state: TaskDefinitionState): Status {
  const { registering } = status;
  const seen = [...state.revisions, ...state.inactive];
  const left = new Set([...state.active, ...seen.map(({ arn }) => arn)]);
  const unseen = (status.revisions ?? []).filter(({ arn }) => left.has(arn) && !seen.some((one) => one.arn === arn));
  const found = seen.map((one) => toEntry(one, one.origin === 'adopted'));
  const revisions = [...unseen, ...found].toSorted((a, b) => b.revision - a.revision);
  // An INACTIVE one of the same content was there before it was asked for.
  const isShown = ({ contentTag }: ObservedRevision): boolean => contentTag === registering?.hash;
  return {
    ...(status.family !== undefined && { family: status.family }),
    ...(status.arn !== undefined && left.has(status.arn) && { arn: status.arn, revision: status.revision }),
    ...(revisions.length > 0 && { revisions }),
    ...(registering && !state.revisions.some(isShown) && { registering }),
  };
}

function noticesOf({ revision, unfamiliar }: CurrentRevision): readonly Notice[] {
  if (unfamiliar.length === 0) return [];
  const paths = unfamiliar.map(({ path }) => path).join(', ');
  return [
    {
      id: `unfamiliar-${revision.arn}`,
      type: 'Warning',
      reason: 'UnfamiliarAnswer',
      message: `ECS shows ${revision.definition.family}:${revision.revision} otherwise than it was registered, at ${paths}; it is used as it is`,
    },
  ];
}
