import { deletableRevisions, surplusRevisions } from './history.ts';
import type { DesiredTaskDefinition, ObservedRevision, TaskDefinitionState } from './model.ts';
import { currentRevision } from './revision.ts';

/** So that those count as well whose age is only just not enough. */
const SOME_DAY = Number.POSITIVE_INFINITY;

/**
 * The state with the revisions that are to go as they are now. A sweep may know their tags as they were hours ago, and
 * what a stranger has taken over since is not ours to deregister.
 */
export async function withLiveTags(
  desired: DesiredTaskDefinition,
  state: TaskDefinitionState,
  look: (arn: string) => Promise<ObservedRevision | undefined>,
): Promise<TaskDefinitionState> {
  const current = currentRevision(desired, state.revisions)?.revision;
  if (current === undefined || desired.claim === 'observe') return state;
  const surplus = surplusRevisions(desired, state, current, SOME_DAY);
  const deletable = deletableRevisions(desired, state, SOME_DAY);
  const seen = await Promise.all([...surplus, ...deletable].map(async ({ arn }) => [arn, await look(arn)] as const));
  const live = new Map(seen);
  const renewed = (revisions: readonly ObservedRevision[]): readonly ObservedRevision[] =>
    revisions.flatMap((one) => (live.has(one.arn) ? (live.get(one.arn) ?? []) : one));
  return {
    ...state,
    revisions: renewed(state.revisions).filter(({ definition }) => definition.status !== 'INACTIVE'),
    inactive: renewed(state.inactive),
  };
}
