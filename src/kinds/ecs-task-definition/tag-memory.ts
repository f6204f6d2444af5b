import { TAG_KEYS } from '../../api/group.ts';
import { diffTags, type TagChange } from '../../api/ownership.ts';
import { adoptedTag } from './canonical/content-tag.ts';
import type { DesiredTaskDefinition, ObservedRevision } from './model.ts';
import { isOwnedBy } from './revision.ts';

/** What separates the tags of the revision that is used from the wish. */
export function tagChange(desired: DesiredTaskDefinition, current: ObservedRevision): TagChange {
  const { tags, claim } = desired;
  const own = claim === 'observe' ? [] : [{ key: TAG_KEYS.content, value: contentTagFor(desired, current) }];
  return diffTags({ tags: [...tags, ...own], putKeys: putKeysOf(desired, current) }, current.tags);
}

/** A revision that had no content tag is marked as found, not made, unless status knows better. */
function contentTagFor(desired: DesiredTaskDefinition, current: ObservedRevision): string {
  const { hash } = desired;
  return current.contentTag ?? (isKnownAsMade(desired, current) ? hash : adoptedTag(hash));
}

function isKnownAsMade({ known }: DesiredTaskDefinition, { arn }: ObservedRevision): boolean {
  return known.some((one) => one.arn === arn && !one.isAdopted);
}

/** Where the tag that says it has got lost, status does until it is put again. */
export function isAdopted(desired: DesiredTaskDefinition, revision: ObservedRevision): boolean {
  const isUntold = revision.contentTag === undefined;
  return revision.origin === 'adopted' && !(isUntold && isKnownAsMade(desired, revision));
}

/**
 * The user tags that we may have put on a revision: no other key is ever taken off it. Each remembers its own, as it may
 * be used again when they are long out of the spec. One that we made and that status does not know yet is the one that
 * was announced last.
 */
export function putKeysOf(
  { known, last, tagKeys, owner, claim }: DesiredTaskDefinition,
  revision: ObservedRevision,
): readonly string[] {
  if (claim === 'observe') return [];
  const entry = known.find(({ arn }) => arn === revision.arn);
  if (entry !== undefined) return entry.tagKeys;
  const isAnnounced = revision.origin === 'registered' && isOwnedBy(owner, revision);
  return isAnnounced || revision.arn === last ? tagKeys.before : [];
}

/** What is to be remembered of the revision that is used: narrow once its tags are as wished. */
export function keysOfCurrent(desired: DesiredTaskDefinition, current: ObservedRevision): string[] {
  const isPut = tagChange(desired, current).because.length === 0;
  return isPut ? [...desired.tagKeys.now] : wideKeys(desired, current);
}

/** With those that are about to be put. */
export function wideKeys(desired: DesiredTaskDefinition, current: ObservedRevision): string[] {
  return union(putKeysOf(desired, current), desired.tagKeys.now);
}

/** Those of the revision that is about to be registered, and of one that was announced and may yet show. */
export function announcedKeys({ tagKeys, registering }: DesiredTaskDefinition): string[] {
  return union(registering === undefined ? [] : tagKeys.before, tagKeys.now);
}

function union(before: readonly string[], now: readonly string[]): string[] {
  return [...new Set([...before, ...now])].toSorted();
}
