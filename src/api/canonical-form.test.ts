import { describe, expect, test } from 'vitest';
import { keyed, leaf, members, ordered, presence, set, textMap } from './canonical-form.ts';
import { accountOfArn, canonicalRole } from './canonical-role.ts';

interface Thing {
  size?: number;
  name?: string;
  inner?: { flag?: boolean };
  list?: string[];
}

const THING = members<Thing>({
  size: leaf(0),
  name: leaf(''),
  inner: members<{ flag?: boolean }>({ flag: leaf(false) }),
  list: set(),
});

describe('modes', () => {
  test('drop leaves out what equals its default, down to empty objects and lists', () => {
    expect(THING({ size: 0, name: 'a', inner: { flag: false }, list: [] }, 'drop')).toEqual({ name: 'a' });
    expect(THING({ size: 0, inner: {} }, 'drop')).toBeUndefined();
  });

  test('fill puts every default in, however deep', () => {
    expect(THING({}, 'fill')).toEqual({ size: 0, name: '', inner: { flag: false }, list: [] });
  });

  test('keep leaves stated what is stated, because an explicit empty value is a wish', () => {
    expect(THING({ size: 0, name: '', list: [], inner: { flag: false } }, 'keep')).toEqual({
      size: 0,
      name: '',
      inner: { flag: false },
      list: [],
    });
    expect(THING({}, 'keep')).toEqual({});
  });

  test('no mode lets unknown members through', () => {
    expect(THING({ novelty: 1, size: 2 }, 'keep')).toEqual({ size: 2 });
  });
});

describe('lists', () => {
  test('sets are sorted, ordered lists are not', () => {
    expect(set()(['b', 'a'], 'keep')).toEqual(['a', 'b']);
    expect(ordered()(['b', 'a'], 'keep')).toEqual(['b', 'a']);
  });

  test('keyed lists are sorted by their key, and items are compared whole', () => {
    const form = keyed('id', members<{ id?: string; size?: number }>({ id: leaf(), size: leaf(0) }));

    expect(
      form(
        [
          { id: 'b', size: 0 },
          { id: 'a', size: 1 },
        ],
        'fill',
      ),
    ).toEqual([{ id: 'a', size: 1 }, { id: 'b' }]);
  });
});

test('presence keeps an object that states nothing but defaults, because being there has a meaning', () => {
  const form = presence<{ driver?: string }>({ driver: leaf('local') });

  expect(form({ driver: 'local' }, 'drop')).toEqual({ driver: 'local' });
  expect(form({}, 'drop')).toBeUndefined();
});

test('textMap keeps empty texts and drops stated defaults', () => {
  expect(textMap({ log: 'true' })({ log: 'true', a: '', b: null }, 'drop')).toEqual({ a: '' });
});

describe('canonicalRole', () => {
  test('reduces a role of the account to path and name, because ECS takes either', () => {
    expect(canonicalRole('arn:aws:iam::123456789012:role/app/web', '123456789012')).toBe('app/web');
    expect(canonicalRole('web', '123456789012')).toBe('web');
  });

  test("leaves another account's role as it is", () => {
    const arn = 'arn:aws:iam::999999999999:role/web';

    expect(canonicalRole(arn, '123456789012')).toBe(arn);
    expect(canonicalRole(arn, undefined)).toBe(arn);
  });

  test('accountOfArn reads the account', () => {
    expect(accountOfArn('arn:aws:ecs:eu-west-1:123456789012:cluster/web')).toBe('123456789012');
    expect(accountOfArn(undefined)).toBeUndefined();
  });
});
