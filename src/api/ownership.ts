import { HIDDEN } from '../core/diff.ts';
import type { Difference, Owner } from '../core/plan.ts';
import { PREFIX, TAG_KEYS } from './group.ts';

/** A tag in the shape that ECS gives and takes. */
export interface Tag {
  readonly key?: string | undefined;
  readonly value?: string | undefined;
}

export const OWNER_TAG_KEYS: readonly string[] = [TAG_KEYS.clusterId, TAG_KEYS.kind, TAG_KEYS.namespace, TAG_KEYS.name];

/** The tags that make a resource the owner's. `ownerOf` reads them back. */
export function ownerTags(owner: Owner): { key: string; value: string }[] {
  return [
    { key: TAG_KEYS.clusterId, value: owner.clusterId },
    { key: TAG_KEYS.kind, value: owner.kind },
    { key: TAG_KEYS.namespace, value: owner.namespace },
    { key: TAG_KEYS.name, value: owner.name },
  ];
}

/**
 * Whose a resource is. A single one of our tags makes it somebody's: what the others do not say is empty, and so like
 * nobody's own words. Thus a resource that lost a part of its tags is left alone rather than taken.
 */
export function ownerOf(tags: readonly Tag[] | undefined): Owner | undefined {
  const values = tagMap(tags);
  if (!OWNER_TAG_KEYS.some((key) => values.has(key))) return undefined;
  return {
    clusterId: values.get(TAG_KEYS.clusterId) ?? '',
    kind: values.get(TAG_KEYS.kind) ?? '',
    namespace: values.get(TAG_KEYS.namespace) ?? '',
    name: values.get(TAG_KEYS.name) ?? '',
  };
}

/** The keys that a user stated, sorted: what `status.lastApplied.tagKeys` remembers. */
export function tagKeysOf(tags: readonly Tag[] | undefined): string[] {
  return [...tagMap(tags).keys()].filter(isUserKey).toSorted();
}

/** Neither AWS's own tags, which nobody can set, nor ours. */
function isUserKey(key: string): boolean {
  return !/^aws:/i.test(key) && !key.startsWith(PREFIX);
}

export function tagMap(tags: readonly Tag[] | undefined): ReadonlyMap<string, string> {
  return new Map((tags ?? []).map(({ key, value }) => [key ?? '', value ?? '']));
}

export interface TagWish {
  /** All that must be there, ours included. */
  readonly tags: readonly Tag[];
  /** Keys that we have put at some time. Those that are wished for no more are taken off; no other key ever is. */
  readonly putKeys: readonly string[];
}

export interface TagChange {
  readonly because: readonly Difference[];
  readonly put: readonly { key: string; value: string }[];
  readonly remove: readonly string[];
}

/** What separates a resource's tags from the wish. Tags that others put are not seen. */
export function diffTags(wish: TagWish, found: readonly Tag[] | undefined): TagChange {
  const wanted = tagMap(wish.tags);
  const present = tagMap(found);
  const put = [...wanted].filter(([key, value]) => present.get(key) !== value);
  const remove = wish.putKeys.filter((key) => isUserKey(key) && present.has(key) && !wanted.has(key));
  return {
    because: [
      ...put.map(([key, value]) => ({
        path: `tags[${key}]`,
        wanted: told(key, value),
        found: told(key, present.get(key)),
      })),
      ...remove.map((key) => ({ path: `tags[${key}]`, wanted: undefined, found: told(key, present.get(key)) })),
    ],
    put: put.map(([key, value]) => ({ key, value })),
    remove,
  };
}

/** What a tag of the user says may be a secret, and differences stand in the status. */
function told(key: string, value: string | undefined): string | undefined {
  return value === undefined || key.startsWith(PREFIX) ? value : HIDDEN;
}

/** The calls on tags, in the shape of the gateway's writes. */
export type TagStep =
  | {
      readonly call: 'TagResource';
      readonly input: { resourceArn: string; tags: { key: string; value: string }[] };
    }
  | { readonly call: 'UntagResource'; readonly input: { resourceArn: string; tagKeys: string[] } };

/** Puts before it takes off, so that a crash in between never leaves the resource without an owner. */
export function tagSteps(resourceArn: string, change: Pick<TagChange, 'put' | 'remove'>): TagStep[] {
  const steps: TagStep[] = [];
  if (change.put.length > 0) steps.push({ call: 'TagResource', input: { resourceArn, tags: [...change.put] } });
  if (change.remove.length > 0) {
    steps.push({ call: 'UntagResource', input: { resourceArn, tagKeys: [...change.remove] } });
  }
  return steps;
}

/** Takes all of our own tags off, and nothing else. Empty where there is none. */
export function releaseSteps(resourceArn: string, found: readonly Tag[] | undefined): TagStep[] {
  return tagSteps(resourceArn, { put: [], remove: [...tagMap(found).keys()].filter((key) => key.startsWith(PREFIX)) });
}

/** The command by which a person lets go of a resource for its present owner. */
export function untagCommand(resourceArn: string, region: string | undefined): string {
  const place = region === undefined ? '' : ` --region ${region}`;
  const keys = [...OWNER_TAG_KEYS, TAG_KEYS.content].join(' ');
  return `aws ecs untag-resource${place} --resource-arn ${resourceArn} --tag-keys ${keys}`;
}

/** The region that an ARN names. */
export function regionOfArn(arn: string): string | undefined {
  return arn.split(':')[3] || undefined;
}
