import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mergePatch } from '../../../test/support/fake-kube-objects.ts';
import { mergePatchOf } from './merge-patch.ts';

describe('mergePatchOf', () => {
  test.for([
    { name: 'nothing of equals', current: { a: 1 }, next: { a: 1 }, patch: undefined },
    { name: 'only what differs', current: { a: 1, b: 2 }, next: { a: 1, b: 3 }, patch: { b: 3 } },
    { name: 'null for what vanished', current: { a: 1, b: 2 }, next: { a: 1 }, patch: { b: null } },
    { name: 'null for what is undefined', current: { a: 1 }, next: { a: undefined }, patch: { a: null } },
    { name: 'nested members apart', current: { a: { x: 1, y: 2 } }, next: { a: { x: 1 } }, patch: { a: { y: null } } },
    { name: 'lists whole', current: { a: [1, 2] }, next: { a: [2] }, patch: { a: [2] } },
  ])('says $name', ({ current, next, patch }) => {
    expect(mergePatchOf(current, next)).toEqual(patch);
  });

  test('leads from any object to any other, because a merge patch can say all but null', () => {
    const json = fc.dictionary(
      fc.constantFrom('a', 'b', 'c'),
      fc.oneof(
        fc.integer(),
        fc.array(fc.integer()),
        fc.dictionary(fc.constantFrom('x', 'y'), fc.integer(), { noNullPrototype: true }),
      ),
      { noNullPrototype: true },
    );

    fc.assert(
      fc.property(json, json, (current, next) => {
        expect(mergePatch(current, mergePatchOf(current, next) ?? {})).toEqual(next);
      }),
    );
  });
});
