import { TAG_KEYS } from '../../../api/group.ts';
import { type Tag, tagMap } from '../../../api/ownership.ts';

const ADOPTED = 'adopted-';

/** The value of the content tag on a revision that was found and not made. */
export function adoptedTag(hash: string): string {
  return `${ADOPTED}${hash}`;
}

export function contentTagOf(tags: readonly Tag[]): string | undefined {
  return tagMap(tags).get(TAG_KEYS.content);
}

/** Only a content tag without that word says that the operator registered the revision. */
export function originOf(contentTag: string | undefined): 'registered' | 'adopted' {
  return contentTag === undefined || contentTag.startsWith(ADOPTED) ? 'adopted' : 'registered';
}

/** The hash in a content tag, however the revision came to us. */
export function hashOf(contentTag: string | undefined): string | undefined {
  return contentTag?.startsWith(ADOPTED) ? contentTag.slice(ADOPTED.length) : contentTag;
}
