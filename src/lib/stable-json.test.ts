import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isEqual, stableHash, stableJson } from './stable-json.ts';

/** What JSON has no word for, beside what it has. */
const odd = fc.constantFrom<unknown>(undefined, null, Number.NaN, -0, 0, '', new Date(0), new Date(1), () => 1);
const key = fc.constantFrom('a', 'b', 'toString', '__proto__');
const { value } = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, odd, fc.integer({ max: 2, min: 0 }), tie('list'), tie('object')),
  list: fc.array(tie('value'), { maxLength: 3 }),
  object: fc
    .array(fc.tuple(key, tie('value')), { maxLength: 3 })
    .map((entries) => Object.fromEntries(entries) as unknown),
}));

describe('isEqual', () => {
  test('is true exactly where both sides have the same text', () => {
    fc.assert(
      fc.property(value, value, (a, b) => {
        expect(isEqual(a, b)).toBe(stableJson(a) === stableJson(b));
      }),
      { numRuns: 5_000 },
    );
  });

  test('does not care for the order of members, nor for those that are undefined', () => {
    expect(isEqual({ a: [{ b: 1, c: undefined }], d: 2 }, { d: 2, a: [{ b: 1 }] })).toBe(true);
  });
});

test('a hash is the beginning of the longer one, because names and tokens differ in how much they may hold', () => {
  const whole = stableHash({ a: 1 }, 64);

  expect(whole).toMatch(/^[0-9a-f]{64}$/);
  expect([7, 12, 36].map((length) => stableHash({ a: 1 }, length))).toEqual(
    [7, 12, 36].map((length) => whole.slice(0, length)),
  );
});
