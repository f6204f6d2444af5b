import { describe, expect, test } from 'vitest';
import { isSameOwner, type Owner } from '../core/plan.ts';
import { TAG_KEYS } from './group.ts';
import { diffTags, ownerOf, ownerTags, releaseSteps, tagKeysOf, tagSteps, untagCommand } from './ownership.ts';

const OWNER: Owner = { clusterId: 'prod-1', kind: 'EcsCluster', namespace: 'shop', name: 'web' };
const ARN = 'arn:aws:ecs:eu-west-1:123456789012:cluster/web';

describe('ownerOf', () => {
  test('reads back what ownerTags says, among other tags', () => {
    const tags = [{ key: 'team', value: 'a' }, ...ownerTags(OWNER)];

    expect(ownerOf(tags)).toEqual(OWNER);
  });

  test('is nobody without our tags', () => {
    expect(ownerOf([{ key: 'team', value: 'a' }])).toBeUndefined();
    expect(ownerOf(undefined)).toBeUndefined();
  });

  test('is somebody else where a part is lost, because taking it could take it from its owner', () => {
    const found = ownerOf(ownerTags(OWNER).slice(1));

    expect(found).toBeDefined();
    expect(found && isSameOwner(found, OWNER)).toBe(false);
  });
});

describe('diffTags', () => {
  test('puts what is missing or other', () => {
    const change = diffTags({ tags: [{ key: 'a', value: '1' }, { key: 'b' }], putKeys: [] }, [
      { key: 'a', value: '2' },
    ]);

    expect(change.put).toEqual([
      { key: 'a', value: '1' },
      { key: 'b', value: '' },
    ]);
    expect(change.because.map(({ path }) => path)).toEqual(['tags[a]', 'tags[b]']);
  });

  test('takes off only keys that we have put, because the rest is not ours', () => {
    const found = [
      { key: 'ours', value: '1' },
      { key: 'theirs', value: '1' },
      { key: 'aws:stack', value: 'x' },
    ];

    expect(diffTags({ tags: [], putKeys: ['ours', 'gone', 'aws:stack'] }, found).remove).toEqual(['ours']);
  });

  test('never takes our own tags off, because they say whose the resource is', () => {
    expect(diffTags({ tags: [], putKeys: [TAG_KEYS.name] }, ownerTags(OWNER)).remove).toEqual([]);
  });

  test('does not tell what a tag of the user says, because differences stand in the status', () => {
    const wanted = [...ownerTags(OWNER).slice(0, 1), { key: 'note', value: 's3cret' }];

    expect(diffTags({ tags: wanted, putKeys: ['old'] }, [{ key: 'old', value: 's3cret too' }]).because).toEqual([
      { path: `tags[${TAG_KEYS.clusterId}]`, wanted: OWNER.clusterId, found: undefined },
      { path: 'tags[note]', wanted: '(hidden)', found: undefined },
      { path: 'tags[old]', wanted: undefined, found: '(hidden)' },
    ]);
  });

  test('an empty value is as none, because ECS shows either', () => {
    expect(diffTags({ tags: [{ key: 'a' }], putKeys: [] }, [{ key: 'a', value: '' }]).because).toEqual([]);
  });
});

test('tagSteps puts before it takes off, because a crash in between must leave an owner', () => {
  const steps = tagSteps(ARN, { put: [{ key: 'a', value: '1' }], remove: ['b'] });

  expect(steps.map(({ call }) => call)).toEqual(['TagResource', 'UntagResource']);
  expect(tagSteps(ARN, { put: [], remove: [] })).toEqual([]);
});

test('releaseSteps takes exactly our own tags off', () => {
  const found = [...ownerTags(OWNER), { key: TAG_KEYS.content, value: 'v1' }, { key: 'team', value: 'a' }];

  expect(releaseSteps(ARN, found)).toEqual([
    {
      call: 'UntagResource',
      input: { resourceArn: ARN, tagKeys: [...ownerTags(OWNER).map(({ key }) => key), TAG_KEYS.content] },
    },
  ]);
  expect(releaseSteps(ARN, [{ key: 'team', value: 'a' }])).toEqual([]);
});

test('tagKeysOf leaves out what no user can state', () => {
  expect(tagKeysOf([{ key: 'b' }, { key: 'AWS:x' }, ...ownerTags(OWNER), { key: 'a' }])).toEqual(['a', 'b']);
});

test('untagCommand names the resource, its region and every key of ours', () => {
  expect(untagCommand(ARN, 'eu-west-1')).toBe(
    `aws ecs untag-resource --region eu-west-1 --resource-arn ${ARN} --tag-keys ${Object.values(TAG_KEYS).join(' ')}`,
  );
});
