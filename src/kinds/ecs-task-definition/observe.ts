import type { EcsGateway } from '../../aws/gateway.ts';
import { type Goal, isSameOwner, type Observation, type Owner } from '../../core/plan.ts';
import { isOtherContent } from './canonical/content-difference.ts';
import { surplusCandidates } from './history.ts';
import { withLiveTags } from './live-tags.ts';
import type {
  DesiredTaskDefinition,
  ObservedRevision,
  TaskDefinitionAddress,
  TaskDefinitionRemoval,
  TaskDefinitionState,
} from './model.ts';
import { currentRevision, isOwnedBy, toRevision } from './revision.ts';

/**
 * A family has one owner, so that our revisions are the newest ones, but for a few that strangers put in between: after
 * so many in a row that are not ours, older ones are not asked for. As many are compared on adoption.
 */
const STRANGERS_IN_A_ROW = 5;
/** Revisions that go in one step of a deletion: as many as DeleteTaskDefinitions takes. */
const MOST_TO_REMOVE = 10;

type Look = (arn: string) => Promise<ObservedRevision | undefined>;

export async function observeTaskDefinition(
  at: TaskDefinitionAddress,
  goal: Goal<DesiredTaskDefinition, TaskDefinitionRemoval>,
  gateway: EcsGateway,
  signal: AbortSignal,
): Promise<Observation<TaskDefinitionState>> {
  const active = await gateway.listRevisions(at.family, 'ACTIVE', signal);
  if (goal.want === 'present') return observePresent(goal.desired, active, gateway, signal);
  const inactive = goal.removal.isRetained ? [] : await gateway.listRevisions(at.family, 'INACTIVE', signal);
  return observeRemoval(goal.removal, { active, inactive }, createLook(gateway, signal, 'live'));
}

/** Reads each revision once. One that is on its way out (rule T45) is as none, whatever a list says. */
function createLook(gateway: EcsGateway, signal: AbortSignal, tags?: 'live'): Look {
  const seen = new Map<string, Promise<ObservedRevision | undefined>>();
  async function read(arn: string): Promise<ObservedRevision | undefined> {
    const described = await gateway.describeTaskDefinition(arn, signal, tags);
    return described === undefined || described.definition.status === 'DELETE_IN_PROGRESS'
      ? undefined
      : toRevision(described);
  }
  return (arn) => {
    const answer = seen.get(arn) ?? read(arn);
    seen.set(arn, answer);
    return answer;
  };
}

async function observePresent(
  desired: DesiredTaskDefinition,
  active: readonly string[],
  gateway: EcsGateway,
  signal: AbortSignal,
): Promise<Observation<TaskDefinitionState>> {
  if (active.length === 0) return { exists: false };
  const look = createLook(gateway, signal);
  const revisions = await lookForCurrent(desired, active, look);
  const leftovers = await lookForLeftovers(desired, active, look, gateway, signal);
  const [newest] = revisions;
  if (newest === undefined) return { exists: false };
  const state = { active, revisions, ...leftovers };
  const live = await withLiveTags(desired, state, createLook(gateway, signal, 'live'));
  return { exists: true, state: live, owner: newest.owner };
}

/**
 * The newest revision says whose the family is. From there downwards until one holds the wish, leaving out those that
 * are known to hold something else; all of ours, where status does not know them any more. Then those that are to be
 * cleaned up.
 */
async function lookForCurrent(
  desired: DesiredTaskDefinition,
  active: readonly string[],
  look: Look,
): Promise<readonly ObservedRevision[]> {
  const isForgotten = !desired.known.some(({ arn }) => active.includes(arn));
  const seen: ObservedRevision[] = [];
  let strangers = 0;
  for (const [index, arn] of active.entries()) {
    if (strangers >= STRANGERS_IN_A_ROW && !isKnown(desired, arn)) continue;
    // The hash takes the spelling of a role for content, so the one that was taken before is compared in any case.
    if (index > 0 && arn !== desired.last && isKnownToDiffer(desired, arn)) continue;
    if (!isForgotten && holdsWish(desired, seen)) break;
    const revision = await lookAtActive(arn, look);
    if (revision === undefined) continue;
    seen.push(revision);
    if (!isWorthWalking(desired, seen)) return seen;
    strangers = isOwnedBy(desired.owner, revision) ? 0 : strangers + 1;
  }
  const others = holdsWish(desired, seen)
    ? [...twinCandidates(desired), ...surplusCandidates(desired, active).slice(0, MOST_TO_REMOVE)]
    : desired.preferred;
  const missing = [...new Set(others)].filter((arn) => active.includes(arn) && !seen.some((one) => one.arn === arn));
  const found = await Promise.all(missing.map((arn) => lookAtActive(arn, look)));
  return [...seen, ...found.filter((one) => one !== undefined)].toSorted((a, b) => b.revision - a.revision);
}

function isKnown({ known }: DesiredTaskDefinition, arn: string): boolean {
  return known.some((one) => one.arn === arn);
}

/** Those that come before a newer revision of the same content, if they hold it as well. */
function twinCandidates(desired: DesiredTaskDefinition): readonly string[] {
  const { preferred, last } = desired;
  return [...(last === undefined ? [] : [last]), ...preferred].filter((arn) => !isKnownToDiffer(desired, arn));
}

function isKnownToDiffer({ known, hash }: DesiredTaskDefinition, arn: string): boolean {
  return isOtherContent(known.find((one) => one.arn === arn)?.contentHash, hash);
}

async function lookAtActive(arn: string, look: Look): Promise<ObservedRevision | undefined> {
  const revision = await look(arn);
  return revision?.definition.status === 'INACTIVE' ? undefined : revision;
}

/** A family that somebody else owns, or nobody and we do not adopt, is not looked into. */
function isWorthWalking({ owner, claim }: DesiredTaskDefinition, [newest]: readonly ObservedRevision[]): boolean {
  if (newest === undefined) return true;
  if (claim === 'observe') return false;
  return newest.owner === undefined ? claim === 'adopt' : isSameOwner(newest.owner, owner);
}

/** A revision that holds the wish and bears our content tag ends the search; another may come before one without. */
function holdsWish(desired: DesiredTaskDefinition, seen: readonly ObservedRevision[]): boolean {
  const current = currentRevision(desired, seen);
  return current !== undefined && current.unfamiliar.length === 0 && current.revision.contentTag !== undefined;
}

/** Revisions that were deregistered and not yet deleted, when both are wished: a crash can come in between. */
async function lookForLeftovers(
  desired: DesiredTaskDefinition,
  active: readonly string[],
  look: Look,
  gateway: EcsGateway,
  signal: AbortSignal,
): Promise<Pick<TaskDefinitionState, 'inactive' | 'waiting'>> {
  const none = { inactive: [], waiting: [] };
  if (desired.history.cleanup !== 'Delete' || desired.claim === 'observe') return none;
  const gone = desired.known.filter(({ arn, isAdopted }) => !isAdopted && !active.includes(arn)).map(({ arn }) => arn);
  if (gone.length === 0) return none;
  const inactive = new Set(await gateway.listRevisions(desired.family, 'INACTIVE', signal));
  const listed = gone.filter((arn) => inactive.has(arn));
  const unlisted = gone.filter((arn) => !inactive.has(arn));
  const lookAtFirst = async (arns: readonly string[]): Promise<readonly ObservedRevision[]> => {
    const found = await Promise.all(arns.slice(0, MOST_TO_REMOVE).map(look));
    return found.filter((one) => one !== undefined).filter((one) => isOwnedBy(desired.owner, one));
  };
  const late = (await lookAtFirst(unlisted)).map(({ arn }) => arn);
  const rest = [...listed.slice(MOST_TO_REMOVE), ...unlisted.slice(MOST_TO_REMOVE)];
  return { inactive: await lookAtFirst(listed), waiting: [...late, ...rest] };
}

/** All that is ours and has to go, up to as many as go in one step. It exists as long as there is any. */
async function observeRemoval(
  removal: TaskDefinitionRemoval,
  arns: { readonly active: readonly string[]; readonly inactive: readonly string[] },
  look: Look,
): Promise<Observation<TaskDefinitionState>> {
  const { owner } = removal;
  const known = removal.known.map(({ arn }) => arn);
  const revisions = await lookForOurs(owner, arns.active, known, look, () => true);
  const inactive = await lookForOurs(owner, arns.inactive, known, look, ({ origin }) => origin === 'registered');
  if (revisions.length + inactive.length === 0) return { exists: false };
  return { exists: true, state: { active: arns.active, revisions, inactive, waiting: [] }, owner };
}

/** What is known was ours: it may have lost our tags in an earlier look, and then hides nothing that is older. */
async function lookForOurs(
  owner: Owner,
  arns: readonly string[],
  known: readonly string[],
  look: Look,
  counts: (revision: ObservedRevision) => boolean,
): Promise<readonly ObservedRevision[]> {
  const ours: ObservedRevision[] = [];
  let strangers = 0;
  for (const arn of arns) {
    if (ours.length >= MOST_TO_REMOVE) break;
    if (strangers >= STRANGERS_IN_A_ROW && !known.includes(arn)) continue;
    const revision = await look(arn);
    if (revision === undefined) continue;
    const isOurs = isOwnedBy(owner, revision);
    if (isOurs) strangers = 0;
    else if (!known.includes(arn)) strangers += 1;
    if (isOurs && counts(revision)) ours.push(revision);
  }
  return ours;
}
