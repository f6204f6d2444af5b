import type { DefaultTag } from '../core/managed-kind.ts';
import { group, keyedList, text } from './field.ts';

/** AWS allows 50 tags on a resource; five are the operator's own. */
const MAX_USER_TAGS = 45;

/** Keys that a user cannot set: AWS's own and ours. Anywhere in ECS's letters, as AWS's prefix has no case. */
export const RESERVED_TAG_KEY = /^([aA][wW][sS]:|ecs-operator[.]dev[/])/;

/** botocore's bounds of `TagKey` and `TagValue`. What characters they may have is for ECS to say. */
export const Tag = group('One tag.', {
  key: text('Name of the tag.', { min: 1, max: 128 }),
  value: text('Value of the tag; empty where absent.', { max: 256 }).optional(),
});

export const Tags = keyedList('AWS tags, beside those that the operator puts itself.', 'key', Tag, {
  max: MAX_USER_TAGS,
});

/** What an object states, and those of the account whose keys it does not state. */
export function withDefaultTags(
  stated: readonly DefaultTag[] | undefined,
  defaults: readonly DefaultTag[],
): readonly DefaultTag[] {
  const keys = new Set(stated?.map(({ key }) => key));
  return [...defaults.filter(({ key }) => !keys.has(key)), ...(stated ?? [])];
}
