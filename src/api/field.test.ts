import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { group, integer, keyedList, text } from './field.ts';

describe('text', () => {
  test('counts characters as the API server does, because what it stored must be readable', () => {
    const schema = text('A text.', { max: 3 });

    expect(schema.safeParse('😀😀😀').success).toBe(true);
    expect(schema.safeParse('😀😀😀😀').success).toBe(false);
  });

  test('tells its bounds to the CRD, because one source is the point', () => {
    const schema = text('A text.', { min: 1, max: 3, pattern: /^a+$/ });

    expect(z.toJSONSchema(schema)).toMatchObject({
      minLength: 1,
      maxLength: 3,
      pattern: '^a+$',
      description: 'A text.',
    });
  });
});

test('integer is of 32 bits unless said otherwise, because ECS has no wider ones', () => {
  const schema = integer('A number.');

  expect(schema.safeParse(2 ** 31 - 1).success).toBe(true);
  expect(schema.safeParse(2 ** 31).success).toBe(false);
});

test('keyedList says by which member, because server-side apply merges by it', () => {
  const schema = keyedList('Pairs.', 'name', group('A pair.', { name: text('Name.') }));

  expect(z.toJSONSchema(schema)).toMatchObject({
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['name'],
  });
});
