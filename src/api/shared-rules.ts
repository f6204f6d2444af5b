import type { CommonSpec } from '../core/managed-kind.ts';
import { type Fragment, type Rule, rulesOf } from './rule.ts';
import { RESERVED_TAG_KEY } from './tags.ts';
import { immutable } from './verdicts.ts';

interface SharedSpec extends CommonSpec {
  readonly tags?: { readonly key: string; readonly value?: string | undefined }[] | undefined;
}

const rule = rulesOf<SharedSpec>();

/** What holds of every kind: where its resource lives is settled at creation, and tags of others stay theirs. */
export const SHARED_RULES: readonly Rule[] = [
  rule({
    id: 'region-is-immutable',
    source: 'decided here: a resource does not move',
    at: '',
    asked: 'on-change',
    ...immutable('region'),
    message: 'region cannot be changed, as the resource would stay behind: make a new object for the other region',
    examples: { base: { region: 'eu-west-1' }, refused: { region: 'eu-west-2' }, accepted: { region: 'eu-west-1' } },
  }),
  rule({
    id: 'account-is-immutable',
    source: 'decided here: a resource does not move',
    at: '',
    asked: 'on-change',
    cel: 'has(self.accountRef) == has(oldSelf.accountRef) && (!has(self.accountRef) || self.accountRef.name == oldSelf.accountRef.name)',
    holds: (spec, old) => spec.accountRef?.name === old.accountRef?.name,
    message: 'accountRef cannot be changed, as the resource would stay behind: make a new object for the other account',
    examples: {
      base: { accountRef: { name: 'live' } },
      refused: { accountRef: { name: 'test' } },
      accepted: { accountRef: { name: 'live' } },
    },
  }),
  rule({
    id: 'tag-key-is-free',
    source: 'AWS: tags that begin with aws: are reserved, in any case; ecs-operator.dev/ is ours',
    at: 'tags[]',
    cel: `!self.key.matches('${RESERVED_TAG_KEY.source}')`,
    holds: (tag) => !RESERVED_TAG_KEY.test(tag.key),
    message: 'tag keys that begin with aws: or ecs-operator.dev/ are taken: choose another key',
    examples: {
      refused: { tags: [{ key: 'AWS:team', value: 'shop' }] },
      accepted: { tags: [{ key: 'aws-team', value: 'shop' }] },
    },
  }),
];

/**
 * ECS's names have no dot, Kubernetes' may. Asked at creation only: it looks at metadata, so it must sit at the root.
 * `member` is the one that stands in for the object's name.
 */
export function nameWithoutDot(member: string): Rule {
  return rulesOf<Fragment>()({
    id: `${kebabOf(member)}-has-no-dot`,
    source: 'SDK: names of clusters, families and services are of letters, digits, underscores and hyphens',
    at: 'root',
    asked: 'at-creation',
    cel: `oldSelf.hasValue() || has(self.spec.${member}) || !self.metadata.name.contains('.')`,
    holds: ({ metadata, spec }) => spec[member] !== undefined || !metadata.name.includes('.'),
    message: `set spec.${member}: the object's name has a dot, which ECS does not allow`,
    examples: { name: 'shop.web', refused: {}, accepted: { [member]: 'shop-web' } },
  });
}

/** `clusterName` → `cluster-name`. */
function kebabOf(member: string): string {
  return member.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
