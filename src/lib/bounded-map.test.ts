import { expect, test } from 'vitest';
import { BoundedMap } from './bounded-map.ts';

test('forgets the entry that was set longest ago, and says which it was', () => {
  const map = new BoundedMap<string, number>(2);
  map.set('a', 1);
  map.set('b', 2);
  map.set('a', 3);

  expect(map.set('c', 4)).toBe(2);
  expect(map.values()).toEqual([3, 4]);
});

test('forgets what is over, up to the first entry that is not', () => {
  const map = new BoundedMap<string, number>(9);
  for (const [key, value] of Object.entries({ a: 1, b: 2, c: 9, d: 3 })) map.set(key, value);

  map.forgetWhile((value) => value < 5);

  expect(map.values()).toEqual([9, 3]);
});
