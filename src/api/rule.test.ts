import { describe, expect, test } from 'vitest';
import { checkRules, placesOf, rulesOf } from './rule.ts';
import { areDisjoint, atMostOneOf, distinctBy, exactlyOneOf, immutable, needs } from './verdicts.ts';

interface Spec {
  readonly name?: string;
  readonly items?: readonly {
    readonly name: string;
    readonly port?: number;
    readonly inner?: { readonly on: boolean };
  }[];
}

const rule = rulesOf<Spec>();

const EXAMPLES = { refused: {}, accepted: {} };

const portIsOdd = rule({
  id: 'port-is-odd',
  source: 'a test',
  at: 'items[]',
  cel: '!has(self.port) || self.port % 2 == 1',
  holds: ({ port = 1 }) => port % 2 === 1,
  message: 'the port is even: choose an odd one',
  examples: EXAMPLES,
});

const innerIsOn = rule({
  id: 'inner-is-on',
  source: 'a test',
  at: 'items[].inner',
  holds: ({ on }) => on,
  message: 'inner is off: turn it on',
  examples: EXAMPLES,
});

describe('checkRules', () => {
  test('names the item that breaks a rule, because a list can be long', () => {
    const spec = {
      items: [
        { name: 'a', port: 1 },
        { name: 'b', port: 2 },
      ],
    };

    expect(checkRules([portIsOdd], { name: 'x', spec })).toEqual([
      { path: 'spec.items[b]', message: 'the port is even: choose an odd one' },
    ]);
  });

  test('asks nothing where the way to a rule is absent, because CEL does not either', () => {
    expect(checkRules([portIsOdd, innerIsOn], { name: 'x', spec: {} })).toEqual([]);
    expect(placesOf(innerIsOn, { name: 'x', spec: { items: [{ name: 'a' }] } })).toEqual([]);
  });

  test('leaves changes to the API server, because the operator knows no old object', () => {
    const fixed = rule({ ...portIsOdd, at: '', asked: 'on-change', holds: () => false, examples: EXAMPLES });

    expect(checkRules([fixed], { name: 'x', spec: {} })).toEqual([]);
  });

  test('gives a rule at the root the name as well, because names of objects become names in AWS', () => {
    const short = rule({
      id: 'short',
      source: 'a test',
      at: 'root',
      holds: ({ metadata, spec }) => metadata.name.length < 3 || spec.name !== undefined,
      message: 'the name is long: set spec.name',
      examples: EXAMPLES,
    });

    expect(checkRules([short], { name: 'long', spec: {} })).toHaveLength(1);
    expect(checkRules([short], { name: 'long', spec: { name: 'x' } })).toEqual([]);
  });

  test('takes a rule without CEL for one of the operator alone, because only CEL reaches admission', () => {
    expect([portIsOdd.level, innerIsOn.level]).toEqual(['admission', 'reconcile']);
  });
});

describe('verdicts', () => {
  test.for([
    { name: 'at most one', verdict: atMostOneOf('a', 'b'), holds: [{}, { a: 1 }], breaks: [{ a: 1, b: 1 }] },
    { name: 'exactly one', verdict: exactlyOneOf('a', 'b'), holds: [{ b: 1 }], breaks: [{}, { a: 1, b: 1 }] },
    { name: 'one needs another', verdict: needs('a', 'b'), holds: [{}, { b: 1 }, { a: 1, b: 1 }], breaks: [{ a: 1 }] },
  ])(
    '$name is told by what is stated, because an explicit empty value is a statement',
    ({ verdict, holds, breaks }) => {
      for (const value of holds) expect(verdict.holds(value, value)).toBe(true);
      for (const value of breaks) expect(verdict.holds(value, value)).toBe(false);
    },
  );

  test('immutable counts coming and going as a change, because a default would silently take its place', () => {
    const { holds } = immutable('name');

    expect(holds({ name: 'a' }, { name: 'a' })).toBe(true);
    expect(holds({}, { name: 'a' })).toBe(false);
    expect(holds({ name: 'a' }, {})).toBe(false);
  });

  test('distinctBy finds the second of two, because ECS keeps only one', () => {
    const { holds } = distinctBy('name');
    const [a, b] = [{ name: 'a' }, { name: 'b' }];

    expect(holds([a, b], [a, b])).toBe(true);
    expect(holds([a, b, a], [])).toBe(false);
  });

  test('areDisjoint holds for an empty side, because nothing can collide with it', () => {
    expect(areDisjoint([], ['a'])).toBe(true);
    expect(areDisjoint(['a', 'b'], ['b'])).toBe(false);
  });
});
