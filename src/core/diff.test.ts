import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DiffOptions, diff } from './diff.ts';

const WHOLE: DiffOptions = { mode: 'whole' };
const STATED: DiffOptions = { mode: 'stated' };

function paths(wanted: unknown, found: unknown, options: DiffOptions): string[] {
  return diff(wanted, found, options).map(({ path }) => path);
}

describe('members', () => {
  test('names the innermost member that differs, with both values', () => {
    expect(diff({ a: { b: 1, c: 2 } }, { a: { b: 1, c: 3 } }, WHOLE)).toEqual([{ path: 'a.c', wanted: 2, found: 3 }]);
  });

  test('whole: a member on either side counts, because content is compared as a whole', () => {
    expect(paths({ a: 1 }, { b: 2 }, WHOLE)).toEqual(['a', 'b']);
  });

  test('stated: a member absent from the wish is not ours, whatever its value', () => {
    expect(paths({ a: { b: 1 } }, { a: { b: 1, c: 2 }, d: 3 }, STATED)).toEqual([]);
  });

  test('stated: an explicit empty value is a wish', () => {
    expect(paths({ a: 0, b: false, c: [], d: '' }, { a: 1, b: true, c: [1], d: 'x' }, STATED)).toEqual([
      'a',
      'b',
      'c',
      'd',
    ]);
  });

  test('stated, with paths that count as a whole: there a member on either side counts, once the path is stated', () => {
    const options: DiffOptions = { mode: 'stated', whole: ['a.b'] };

    expect(paths({ a: { b: { c: 1 } } }, { a: { b: { c: 1, d: 2 }, e: 3 } }, options)).toEqual(['a.b.d']);
    expect(paths({ a: { e: 3 } }, { a: { b: { d: 2 }, e: 3 } }, options)).toEqual([]);
  });

  test.for([WHOLE, STATED])('an object without members is as absent, on either side (%o)', (options) => {
    expect(paths({ a: {} }, {}, options)).toEqual([]);
    expect(paths({}, { a: {} }, options)).toEqual([]);
  });

  test('an object that is there on one side only is told member by member', () => {
    expect(paths({ a: { b: 1, c: 2 } }, {}, WHOLE)).toEqual(['a.b', 'a.c']);
    expect(paths({}, { a: { b: 1, c: 2 } }, WHOLE)).toEqual(['a.b', 'a.c']);
  });

  test('what is inherited is no member, because a label may be called constructor', () => {
    expect(diff({ labels: { constructor: 'x' } }, { labels: {} }, WHOLE)).toEqual([
      { path: 'labels.constructor', wanted: 'x', found: undefined },
    ]);
  });

  test('values of different forms differ as a whole', () => {
    expect(diff({ a: { b: 1 } }, { a: 'text' }, WHOLE)).toEqual([{ path: 'a', wanted: { b: 1 }, found: 'text' }]);
    expect(diff({ a: [1] }, { a: { 0: 1 } }, WHOLE)).toHaveLength(1);
  });

  test('undefined members are as absent', () => {
    expect(paths({ a: undefined, b: 1 }, { b: 1, c: undefined }, WHOLE)).toEqual([]);
  });
});

describe('lists', () => {
  test('are compared whole and in order, because what is a set was sorted before', () => {
    expect(diff({ a: [1, 2] }, { a: [2, 1] }, WHOLE)).toEqual([{ path: 'a', wanted: [1, 2], found: [2, 1] }]);
  });

  test('the order of members within items does not count', () => {
    expect(paths({ a: [{ x: 1, y: 2 }] }, { a: [{ y: 2, x: 1 }] }, WHOLE)).toEqual([]);
  });
});

describe('keyed lists', () => {
  const keyed: DiffOptions = { mode: 'whole', keyed: { list: 'name', 'list.inner': 'key' } };

  test('are compared item by item, in any order', () => {
    const wanted = {
      list: [
        { name: 'a', v: 1 },
        { name: 'b', v: 1 },
      ],
    };
    const found = {
      list: [
        { name: 'b', v: 2 },
        { name: 'a', v: 1 },
      ],
    };

    expect(diff(wanted, found, keyed)).toEqual([{ path: 'list[b].v', wanted: 1, found: 2 }]);
  });

  test('an item on one side only is one difference', () => {
    expect(diff({ list: [{ name: 'a' }] }, { list: [{ name: 'b' }] }, keyed)).toEqual([
      { path: 'list[a]', wanted: { name: 'a' }, found: undefined },
      { path: 'list[b]', wanted: undefined, found: { name: 'b' } },
    ]);
  });

  test('stated: an item that nobody wished for counts, because the list itself was stated', () => {
    expect(paths({ list: [] }, { list: [{ name: 'b' }] }, { ...keyed, mode: 'stated' })).toEqual(['list[b]']);
    expect(paths({}, { list: [{ name: 'b' }] }, { ...keyed, mode: 'stated' })).toEqual([]);
  });

  test('whole: a list that is there on one side only is told item by item', () => {
    expect(paths({}, { list: [{ name: 'b' }] }, keyed)).toEqual(['list[b]']);
    expect(paths({ list: [{ name: 'b' }] }, {}, keyed)).toEqual(['list[b]']);
  });

  test('nested lists are found by their path without indices', () => {
    const wanted = { list: [{ name: 'a', inner: [{ key: 'k', v: 1 }] }] };
    const found = { list: [{ name: 'a', inner: [{ key: 'k', v: 2 }] }] };

    expect(paths(wanted, found, keyed)).toEqual(['list[a].inner[k].v']);
  });

  test('a name that stands twice makes the list compared whole, because items could not be told apart', () => {
    const twice = {
      list: [
        { name: 'a', v: 1 },
        { name: 'a', v: 2 },
      ],
    };

    expect(paths(twice, { list: [{ name: 'a', v: 2 }] }, keyed)).toEqual(['list']);
    expect(paths({ list: [{ name: 'a', v: 2 }] }, twice, keyed)).toEqual(['list']);
    expect(paths(twice, twice, keyed)).toEqual([]);
  });
});

describe('hidden values', () => {
  const hiding: DiffOptions = {
    mode: 'whole',
    keyed: { env: 'name' },
    isHidden: (path) => path.startsWith('env') || path === 'options.token',
  };

  test('are told to differ, and not what they are', () => {
    expect(diff({ options: { token: 's3cret' } }, { options: { token: 'other' } }, hiding)).toEqual([
      { path: 'options.token', wanted: '(hidden)', found: '(hidden)' },
    ]);
  });

  test('of whole items are not told either, yet on which side they are', () => {
    expect(diff({ env: [{ name: 'A', value: 's3cret' }] }, { env: [] }, hiding)).toEqual([
      { path: 'env[A]', wanted: '(hidden)', found: undefined },
    ]);
  });

  test('that are equal are not told at all', () => {
    expect(diff({ options: { token: 'x' } }, { options: { token: 'x' } }, hiding)).toEqual([]);
  });
});

describe('properties', () => {
  const json = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }));

  test('a value never differs from itself', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(diff(value, structuredClone(value), WHOLE)).toEqual([]);
      }),
    );
  });

  test('whole: no difference means equal but for members that are null or an empty object', () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        const isSame = JSON.stringify(withoutEmpty(a)) === JSON.stringify(withoutEmpty(b));

        expect(diff(a, b, WHOLE).length === 0).toBe(isSame);
      }),
    );
  });

  test('whole: looks the same from either side', () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        expect(paths(a, b, WHOLE).toSorted()).toEqual(paths(b, a, WHOLE).toSorted());
      }),
    );
  });

  test('stated: whatever was merged onto the found is in sync', () => {
    const object = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.oneof(fc.integer(), fc.string()));

    fc.assert(
      fc.property(object, object, (wish, found) => {
        expect(paths(wish, { ...found, ...wish }, STATED)).toEqual([]);
      }),
    );
  });
});

/** Members that are null, or an object without members, are left out, and keys are sorted. */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value)
    .map(([key, member]) => [key, withoutEmpty(member)] as const)
    .filter(([, member]) => member !== null && !isEmptyObject(member))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, member]) => [key, sorted(member)] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
}
