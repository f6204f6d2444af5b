import type { RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs';
import { TAG_KEYS } from '../../api/group.ts';
import { diffTags, ownerTags, releaseSteps, type TagChange, tagSteps } from '../../api/ownership.ts';
import type { Difference, Goal, Observation, Plan } from '../../core/plan.ts';
import { waitForServices } from './adoption.ts';
import { deletableRevisions, surplusRevisions } from './history.ts';
import type {
  DesiredTaskDefinition,
  ObservedRevision,
  Registering,
  TaskDefinitionRemoval,
  TaskDefinitionState,
  TaskDefinitionStep,
} from './model.ts';
import { contentDifferences, currentRevision, isOwnedBy } from './revision.ts';
import type { EcsTaskDefinitionStatus } from './schema.ts';
import { announcedKeys, tagChange, wideKeys } from './tag-memory.ts';

type TaskDefinitionPlan = Plan<TaskDefinitionStep, EcsTaskDefinitionStatus>;

/** A service waits for the revision, and lists show it soon. */
const LOOK_AFTER_MS = 100;
/** How long an announced registration is looked for before it is made once more; lists may lag, answers get lost. */
const REGISTRATION_LAG_MS = 60_000;
const REGISTRATION_POLL_MS = 2_000;

export function planTaskDefinition(
  goal: Goal<DesiredTaskDefinition, TaskDefinitionRemoval>,
  observed: Observation<TaskDefinitionState>,
  now: number,
): TaskDefinitionPlan {
  if (goal.want === 'absent')
    return observed.exists ? planRemoval(goal.removal, observed.state) : waitForLast(goal.removal, now);
  const { desired } = goal;
  const state: TaskDefinitionState = observed.exists
    ? observed.state
    : { active: [], revisions: [], inactive: [], waiting: [] };
  const wait = waitForServices(desired, state, now);
  if (wait !== undefined) return wait;
  const current = currentRevision(desired, state.revisions);
  if (current === undefined) return planRegistration(desired, state, now);
  return planUpkeep(desired, state, current.revision, now);
}

/** RegisterTaskDefinition has no token: what was announced is looked for before it is done again. */
function planRegistration(desired: DesiredTaskDefinition, state: TaskDefinitionState, now: number): TaskDefinitionPlan {
  const { registering, hash, family } = desired;
  const isAwaited = registering?.hash === hash && mayYetShow(registering, now);
  if (isAwaited && desired.claim !== 'observe') return waitForRegistration(family, registering);
  return {
    verdict: 'change',
    because: registrationReasons(desired, state),
    steps: [{ call: 'RegisterTaskDefinition', input: registrationInput(desired) }],
    intents: {
      registering: { hash, at: new Date(now).toISOString() },
      lastApplied: { tagKeys: announcedKeys(desired) },
    },
    stamp: { intent: 'registering', call: 'RegisterTaskDefinition' },
    lookAfterMs: LOOK_AFTER_MS,
  };
}

/** What was announced far in the future was so by a clock that has been set back since. */
function mayYetShow({ at }: Registering, now: number): boolean {
  return Math.abs(now - at) < REGISTRATION_LAG_MS;
}

function waitForRegistration(family: string, { at }: Registering): TaskDefinitionPlan {
  return {
    verdict: 'wait',
    reason: 'Registering',
    message: `a revision of family ${family} was asked for at ${new Date(at).toISOString()} and does not show yet`,
    pollAfterMs: REGISTRATION_POLL_MS,
  };
}

/** How the wish differs from the newest revision: what a person who changed it expects to read. */
function registrationReasons(
  desired: DesiredTaskDefinition,
  { revisions }: TaskDefinitionState,
): readonly Difference[] {
  const [newest] = revisions;
  const differences = newest === undefined ? [] : contentDifferences(desired, newest);
  return differences.length > 0 ? differences : [{ path: 'family', wanted: desired.family, found: undefined }];
}

function registrationInput({ family, content, tags, hash }: DesiredTaskDefinition): RegisterTaskDefinitionCommandInput {
  return {
    ...content,
    family,
    tags: [...tags.map(({ key, value }) => ({ key, value })), { key: TAG_KEYS.content, value: hash }],
  };
}

/**
 * The wish is there: its tags and the claim on the family, and once these are right the history. That alone is
 * housekeeping, which may fail without harm, so it is a plan of its own.
 */
function planUpkeep(
  desired: DesiredTaskDefinition,
  state: TaskDefinitionState,
  current: ObservedRevision,
  now: number,
): TaskDefinitionPlan {
  const tags = tagChange(desired, current);
  const claim = claimChange(desired, state, current);
  const isUpkeep = tags.because.length === 0 && claim === undefined;
  const isTidied = isUpkeep && desired.claim !== 'observe';
  const surplus = isTidied ? surplusRevisions(desired, state, current, now) : [];
  const deletable = isTidied ? deletableRevisions(desired, state, now) : [];
  const [first, ...rest] = [
    ...tagSteps(current.arn, tags),
    ...(claim === undefined ? [] : tagSteps(claim.arn, claim.change)),
    ...surplus.map(deregister),
    ...deletion(deletable),
  ];
  if (first === undefined) return { verdict: 'in-sync' };
  return {
    verdict: 'change',
    because: [...tags.because, ...(claim?.change.because ?? []), ...[...surplus, ...deletable].map(surplusDifference)],
    steps: [first, ...rest],
    intents: { lastApplied: { tagKeys: wideKeys(desired, current) } },
    lookAfterMs: LOOK_AFTER_MS,
    isUpkeep,
  };
}

/** On adoption the newest revision is marked as well, since it says whose the family is. */
function claimChange(
  { owner, claim }: DesiredTaskDefinition,
  { revisions: [newest] }: TaskDefinitionState,
  current: ObservedRevision,
): { arn: string; change: TagChange } | undefined {
  if (claim !== 'adopt' || newest === undefined || newest.arn === current.arn || isOwnedBy(owner, newest))
    return undefined;
  return { arn: newest.arn, change: diffTags({ tags: ownerTags(owner), putKeys: [] }, newest.tags) };
}

/** Ours are deregistered and then deleted; those that were found and not made only lose our tags. */
function planRemoval(removal: TaskDefinitionRemoval, { revisions, inactive }: TaskDefinitionState): TaskDefinitionPlan {
  const ours = revisions.filter((revision) => isOwnedBy(removal.owner, revision));
  const [first, ...rest] = [
    ...ours.flatMap((revision): TaskDefinitionStep[] =>
      removal.isRetained || revision.origin === 'adopted'
        ? releaseSteps(revision.arn, revision.tags)
        : [deregister(revision)],
    ),
    ...deletion(inactive),
  ];
  if (first === undefined) return { verdict: 'in-sync' };
  return {
    verdict: 'change',
    because: [...ours, ...inactive].map(surplusDifference),
    steps: [first, ...rest],
    lookAfterMs: LOOK_AFTER_MS,
  };
}

/** Nothing of ours is in sight. A registration that may yet show would stay for ever, so it is waited for. */
function waitForLast({ family, registering }: TaskDefinitionRemoval, now: number): TaskDefinitionPlan {
  const isAwaited = registering !== undefined && mayYetShow(registering, now);
  return isAwaited ? waitForRegistration(family, registering) : { verdict: 'in-sync' };
}

function deregister({ arn }: ObservedRevision): TaskDefinitionStep {
  return { call: 'DeregisterTaskDefinition', input: { taskDefinition: arn } };
}

/** At most ten, which is as many as were looked for and as the call takes. */
function deletion(revisions: readonly ObservedRevision[]): TaskDefinitionStep[] {
  if (revisions.length === 0) return [];
  return [{ call: 'DeleteTaskDefinitions', input: { taskDefinitions: revisions.map(({ arn }) => arn) } }];
}

function surplusDifference({ arn, definition }: ObservedRevision): Difference {
  return { path: `revisions[${arn.slice(arn.lastIndexOf('/') + 1)}]`, wanted: undefined, found: definition.status };
}
