import { describe, expect, test } from 'vitest';
import { brokenRules, ruleExamples } from '../../../test/support/rule-examples.ts';
import { ecsAccountDefinition } from './definition.ts';

const EXAMPLES = ruleExamples(ecsAccountDefinition);

describe.each(EXAMPLES)('the rule $rule.id of EcsAccount', ({ rule, stored, refused, accepted }) => {
  test('says what to write instead, because a user reads nothing else', () => {
    expect(rule.message).toMatch(/[:,] |^state /);
  });

  test('is the only one that its example breaks, because the API server’s answer must be its own', () => {
    expect(brokenRules(ecsAccountDefinition, refused, stored)).toEqual([rule.id]);
  });

  test('lets the nearest neighbour pass, because a rule may never be stricter than ECS', () => {
    expect(brokenRules(ecsAccountDefinition, accepted, stored)).toEqual([]);
  });
});

test('every rule of EcsAccount has an id of its own, because docs and tests name rules by it', () => {
  const ids = EXAMPLES.map(({ rule }) => rule.id);

  expect(new Set(ids).size).toBe(ids.length);
});
