import { accountOfArn } from '../../api/canonical-role.ts';
import { ownerOf } from '../../api/ownership.ts';
import type { DescribedTaskDefinition } from '../../aws/gateway.ts';
import { type Difference, isSameOwner, type Owner } from '../../core/plan.ts';
import { canonicalContent } from './canonical/canonical.ts';
import { diffContent } from './canonical/content-difference.ts';
import { contentTagOf, hashOf, originOf } from './canonical/content-tag.ts';
import type { DesiredTaskDefinition, ObservedRevision } from './model.ts';

export function toRevision({ definition, tags }: DescribedTaskDefinition): ObservedRevision {
  const contentTag = contentTagOf(tags);
  return {
    arn: definition.taskDefinitionArn ?? '',
    revision: definition.revision ?? 0,
    owner: ownerOf(tags),
    origin: originOf(contentTag),
    contentTag,
    definition,
    tags,
  };
}

export function isOwnedBy(owner: Owner, revision: ObservedRevision): boolean {
  return revision.owner !== undefined && isSameOwner(revision.owner, owner);
}

/** Where a revision's content differs from the wish. Roles are compared as of the revision's account. */
export function contentDifferences(
  { content }: DesiredTaskDefinition,
  revision: ObservedRevision,
): readonly Difference[] {
  const accountId = accountOfArn(revision.arn);
  return diffContent(canonicalContent(content, accountId), canonicalContent(revision.definition, accountId));
}

export interface CurrentRevision {
  readonly revision: ObservedRevision;
  /** Differences that can only be ECS's own spelling of what was sent; empty in all known cases. */
  readonly unfamiliar: readonly Difference[];
}

/**
 * The revision that holds the wish: among those that count, the one whose content is equal. Several can be: one with
 * our content tag comes before one without, then one that a service runs, as another would roll it, then the one that
 * was taken before, then the newest.
 *
 * As a last resort, a revision that we registered from this very wish is taken although ECS shows it differently.
 * Revisions never change, so this is ECS's spelling, which registering again would not change either.
 */
export function currentRevision(
  desired: DesiredTaskDefinition,
  revisions: readonly ObservedRevision[],
): CurrentRevision | undefined {
  const candidates = candidatesOf(desired, revisions);
  const equal = candidates.filter((revision) => contentDifferences(desired, revision).length === 0);
  const tagged = equal.filter(({ contentTag }) => contentTag !== undefined);
  const best = preferKnown(desired, tagged) ?? preferKnown(desired, equal);
  if (best !== undefined) return { revision: best, unfamiliar: [] };
  const made = candidates.find(
    ({ origin, contentTag }) => origin === 'registered' && hashOf(contentTag) === desired.hash,
  );
  return made && { revision: made, unfamiliar: contentDifferences(desired, made) };
}

function candidatesOf(
  desired: DesiredTaskDefinition,
  revisions: readonly ObservedRevision[],
): readonly ObservedRevision[] {
  if (desired.claim === 'observe') return revisions.slice(0, 1);
  const isFree = ({ owner }: ObservedRevision): boolean => desired.claim === 'adopt' && owner === undefined;
  return revisions.filter((one) => isFree(one) || isOwnedBy(desired.owner, one));
}

function preferKnown(
  { preferred, last }: DesiredTaskDefinition,
  equal: readonly ObservedRevision[],
): ObservedRevision | undefined {
  const used = equal.filter(({ arn }) => preferred.includes(arn));
  const best = used.length > 0 ? used : equal;
  return best.find(({ arn }) => arn === last) ?? best[0];
}
