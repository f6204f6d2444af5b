import { describe, expect, test } from 'vitest';
import type { Condition } from '../../core/managed-kind.ts';
import { conditionsAfter, isReadyAt } from './conditions.ts';

const THEN = '2026-01-01T00:00:00Z';
const NOW = Date.UTC(2026, 0, 2);
const at = { generation: 2, now: NOW };

function condition(type: string, status: Condition['status'], more: Partial<Condition> = {}): Condition {
  return { type, status, reason: 'Old', message: 'old', lastTransitionTime: THEN, observedGeneration: 1, ...more };
}

describe('conditionsAfter', () => {
  test('gives each condition the reason, the message and the generation', () => {
    const wish = { ready: 'False', reason: 'Growing', message: 'it grows', also: 'Reconciling' } as const;

    const facts = {
      reason: 'Growing',
      message: 'it grows',
      observedGeneration: 2,
      lastTransitionTime: '2026-01-02T00:00:00Z',
    };
    expect(conditionsAfter([], wish, at)).toEqual([
      { type: 'Ready', status: 'False', ...facts },
      { type: 'Reconciling', status: 'True', ...facts },
    ]);
  });

  test('keeps the time of a condition whose status stays, because it says since when', () => {
    const next = conditionsAfter([condition('Ready', 'False')], { ready: 'False', reason: 'New', message: 'new' }, at);

    expect(next).toEqual([condition('Ready', 'False', { reason: 'New', message: 'new', observedGeneration: 2 })]);
  });

  test.for([
    { name: 'Stalled takes the place of Reconciling', also: 'Stalled' as const, left: ['Ready', 'Stalled'] },
    { name: 'what does not apply is removed, not False', also: undefined, left: ['Ready'] },
  ])('$name', ({ also, left }) => {
    const previous = [condition('Ready', 'False'), condition('Reconciling', 'True'), condition('Suspended', 'True')];

    const next = conditionsAfter(previous, { ready: 'False', reason: 'X', message: 'x', ...(also && { also }) }, at);

    expect(next.map(({ type }) => type)).toEqual(left);
  });

  test('carries over the conditions of others, in their places', () => {
    const theirs = condition('Theirs', 'Unknown');

    const next = conditionsAfter(
      [theirs, condition('Ready', 'True')],
      { ready: 'True', reason: 'InSync', message: 'm' },
      at,
    );

    expect(next[0]).toBe(theirs);
    expect(next.map(({ type }) => type)).toEqual(['Theirs', 'Ready']);
  });

  test('bounds a message, because a status is no archive', () => {
    const [ready] = conditionsAfter([], { ready: 'False', reason: 'X', message: 'x'.repeat(9_999) }, at);

    expect(ready?.message).toHaveLength(2_048);
  });

  test('changes nothing the second time, or nothing would ever be silent', () => {
    const wish = { ready: 'False', reason: 'X', message: 'x', also: 'Stalled' } as const;
    const once = conditionsAfter([], wish, at);

    expect(conditionsAfter(once, wish, { generation: 2, now: NOW + 60_000 })).toEqual(once);
  });
});

describe('isReadyAt', () => {
  test.for([
    { name: 'the newest generation', conditions: [condition('Ready', 'True', { observedGeneration: 2 })], ready: true },
    { name: 'an older one', conditions: [condition('Ready', 'True')], ready: false },
    {
      name: 'none that is told',
      conditions: [condition('Ready', 'True', { observedGeneration: undefined })],
      ready: false,
    },
    { name: 'nothing', conditions: [], ready: false },
  ])('Ready for $name: $ready', ({ conditions, ready }) => {
    expect(isReadyAt(conditions, 2)).toBe(ready);
  });
});
