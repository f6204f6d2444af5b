import type { CapacityProviderStrategyItem } from './capacity-provider-strategy.ts';
import { type Fragment, type Rule, rulesOf } from './rule.ts';
import { distinctBy } from './verdicts.ts';

type Strategy = CapacityProviderStrategyItem[];

const rule = rulesOf<Record<string, Strategy | undefined>>();

const FARGATE = ['FARGATE', 'FARGATE_SPOT'];

const SOURCE = 'SDK: CapacityProviderStrategyItem';

/** What holds of every capacity provider strategy. `member` is where the kind has it, `around` what its examples need. */
export function strategyRules(member: string, around: Fragment = {}): readonly Rule[] {
  return rulesAt(member).map((one) => ({ ...one, examples: { ...one.examples, base: around } }));
}

function rulesAt(member: string): readonly Rule[] {
  const examples = (refused: Strategy, accepted: Strategy) => ({
    refused: { [member]: refused },
    accepted: { [member]: accepted },
  });
  return [
    rule({
      id: 'strategy-names-a-provider-once',
      source: SOURCE,
      at: member,
      ...distinctBy('capacityProvider'),
      message: 'a capacity provider stands in the strategy twice: join the two items',
      examples: examples(
        [of('FARGATE', { weight: 1 }), of('FARGATE', { weight: 2 })],
        [of('FARGATE', { weight: 1 }), of('FARGATE_SPOT', { weight: 2 })],
      ),
    }),
    rule({
      id: 'strategy-has-one-base',
      source: `${SOURCE}.base`,
      at: member,
      cel: 'self.filter(i, i.?base.orValue(0) > 0).size() <= 1',
      holds: (items) => items.filter(({ base = 0 }) => base > 0).length <= 1,
      message: 'only one capacity provider can have a base: take base off the others',
      examples: examples(
        [of('FARGATE', { weight: 1, base: 1 }), of('FARGATE_SPOT', { weight: 1, base: 2 })],
        [of('FARGATE', { weight: 1, base: 1 }), of('FARGATE_SPOT', { weight: 1, base: 0 })],
      ),
    }),
    rule({
      id: 'strategy-has-a-weight',
      source: `${SOURCE}.weight`,
      at: member,
      cel: 'self.size() <= 1 || self.exists(i, i.?weight.orValue(0) > 0)',
      holds: (items) => items.length <= 1 || items.some(({ weight = 0 }) => weight > 0),
      message: 'one of several capacity providers must have a weight above 0: set weight',
      examples: examples(
        [of('FARGATE', { base: 1 }), of('FARGATE_SPOT', { weight: 0 })],
        [of('FARGATE', { base: 1 }), of('FARGATE_SPOT', { weight: 1 })],
      ),
    }),
    rule({
      id: 'strategy-does-not-mix-fargate',
      source: 'AWS: a strategy is of Fargate providers or of others',
      at: member,
      cel: "self.all(i, i.capacityProvider in ['FARGATE', 'FARGATE_SPOT']) || !self.exists(i, i.capacityProvider in ['FARGATE', 'FARGATE_SPOT'])",
      holds: (items) => new Set(items.map(({ capacityProvider }) => FARGATE.includes(capacityProvider))).size <= 1,
      message: 'a strategy cannot mix Fargate with other capacity providers: keep one sort',
      examples: examples(
        [of('FARGATE', { weight: 1 }), of('own', { weight: 1 })],
        [of('own', { weight: 1 }), of('other', { weight: 1 })],
      ),
    }),
  ];
}

function of(capacityProvider: string, figures: { weight?: number; base?: number }): CapacityProviderStrategyItem {
  return { capacityProvider, ...figures };
}
