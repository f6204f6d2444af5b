import { describe, expect, test } from 'vitest';
import { ALL_DEFINITIONS } from '../../src/kinds/index.ts';
import type { ApiVerdict } from '../support/api-verdict.ts';
import { judgeOfFile } from '../support/file-judge.ts';
import { RULE_EXAMPLES, type RuleExample } from '../support/rule-examples.ts';

const ADMISSION = RULE_EXAMPLES.filter(({ rule }) => rule.level === 'admission').map((example) => ({
  ...example,
  id: example.rule.id,
}));

const told = { refused: 0, accepted: 0 };
const judge = judgeOfFile('admission');

/** Of both objects, after what must be stored before them. */
async function ask({ stored, refused, accepted }: RuleExample): Promise<{ refused: ApiVerdict; accepted: ApiVerdict }> {
  if (stored === undefined) return { refused: await judge.create(refused), accepted: await judge.create(accepted) };
  await judge.store(stored);
  return { refused: await judge.change(refused), accepted: await judge.change(accepted) };
}

describe('the rules at admission', () => {
  test.for(ADMISSION)('$kind: $id refuses its example and lets the neighbour pass', async (example) => {
    const verdicts = await ask(example);

    expect(verdicts.accepted.message).toBe('');
    expect(verdicts.refused.causes.map(({ message }) => message)).toEqual([
      expect.stringContaining(example.rule.message),
    ]);
    told.refused += 1;
    told.accepted += 1;
  });

  test('were all asked, because a rule without a verdict is a guess', () => {
    const known = ALL_DEFINITIONS.flatMap(({ rules }) => rules).filter(({ level }) => level === 'admission').length;
    console.log(`admission rules: ${known}; objects refused: ${told.refused}; neighbours accepted: ${told.accepted}`);

    expect(told).toEqual({ refused: known, accepted: known });
  });
});

/** Rules about a change whose example states the member from the start, so that it can also vanish or appear. */
const CHANGES = ADMISSION.flatMap(({ kind, id, rule, stored }) => {
  const definition = ALL_DEFINITIONS.find((known) => known.kind === kind);
  if (stored === undefined || definition === undefined) return [];
  const members = Object.keys(rule.examples.base ?? {}).filter((name) => !(name in definition.minimal));
  const bare = Object.fromEntries(Object.entries(stored.spec).filter(([name]) => !members.includes(name)));
  return [{ kind, id, rule, stated: stored, bare: { ...stored, spec: bare } }];
});

describe('what cannot be changed', () => {
  test.for(CHANGES)('$kind: $id lets nothing vanish or appear', async ({ rule, stated, bare }) => {
    await judge.store(stated);
    const vanishing = await judge.change(bare);
    await judge.store(bare);
    const appearing = await judge.change(stated);

    expect(vanishing.message).toContain(rule.message);
    expect(appearing.message).toContain(rule.message);
  });
});

describe('a misspelt member', () => {
  test.for(ALL_DEFINITIONS)(
    'of $kind is refused as kubectl asks, because it would be lost in silence',
    async (definition) => {
      const { group, version, kind, minimal } = definition;
      const metadata = { name: 'misspelt' };

      const { message } = await judge.create({
        apiVersion: `${group}/${version}`,
        kind,
        metadata,
        spec: { ...minimal, deletionPolcy: 'Retain' },
      });

      expect(message).toContain('unknown field "spec.deletionPolcy"');
    },
  );
});
