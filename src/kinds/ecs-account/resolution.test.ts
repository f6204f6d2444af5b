import { describe, expect, test } from 'vitest';
import { type Account, type Asker, type OperatorIdentity, resolveAccount } from './resolution.ts';
import type { EcsAccountSpec } from './schema.ts';

function anAccount(name: string, namespaceSelector: EcsAccountSpec['namespaceSelector']): Account {
  return { name, spec: { roleArn: `arn:aws:iam::123456789012:role/${name}`, namespaceSelector } };
}

const LIVE = anAccount('live', { matchLabels: { stage: 'live' } });
const SHOP = anAccount('shop', { matchExpressions: [{ key: 'team', operator: 'In', values: ['shop', 'store'] }] });

function resolve(
  accounts: readonly Account[],
  asker: Partial<Asker>,
  operatorIdentity: OperatorIdentity = 'without-accounts',
) {
  return resolveAccount(
    { accounts, operatorIdentity },
    { namespace: 'shop', labels: {}, accountRef: undefined, ...asker },
  );
}

describe('resolveAccount', () => {
  test.for<{
    name: string;
    because: string;
    accounts: Account[];
    asker: Partial<Asker>;
    identity?: OperatorIdentity;
    found: object;
  }>([
    {
      name: 'means the operator while there is no account',
      because: 'one account needs no object for it',
      accounts: [],
      asker: { labels: undefined },
      found: { is: 'operator' },
    },
    {
      name: 'means the account that selects the namespace',
      because: 'tenants name no account',
      accounts: [LIVE, SHOP],
      asker: { labels: { team: 'store' } },
      found: { is: 'account', account: SHOP },
    },
    {
      name: 'picks among several by accountRef',
      because: 'both are open to the namespace',
      accounts: [LIVE, SHOP],
      asker: { labels: { team: 'shop', stage: 'live' }, accountRef: 'live' },
      found: { is: 'account', account: LIVE },
    },
    {
      name: 'refuses where several select and none is picked',
      because: 'a guess could write into the wrong account',
      accounts: [SHOP, LIVE],
      asker: { labels: { team: 'shop', stage: 'live' } },
      found: { is: 'refused', reason: 'AmbiguousAccount', message: expect.stringContaining('live, shop') },
    },
    {
      name: 'refuses an accountRef that does not select the namespace',
      because: 'a reference alone opens nothing',
      accounts: [LIVE, SHOP],
      asker: { labels: { team: 'shop' }, accountRef: 'live' },
      found: { is: 'refused', reason: 'NoAccount', message: expect.stringContaining('live') },
    },
    {
      name: 'refuses an accountRef while there is no account',
      because: 'whoever asks for an account is acted for as nobody else',
      accounts: [],
      asker: { accountRef: 'live' },
      identity: 'always',
      found: { is: 'refused', reason: 'NoAccount' },
    },
    {
      name: 'refuses where none selects the namespace',
      because: 'the first account ends the use of the operator’s own identity',
      accounts: [LIVE],
      asker: {},
      found: { is: 'refused', reason: 'NoAccount' },
    },
    {
      name: 'means the operator where none selects the namespace and that is allowed',
      because: 'the operator’s own account may go on beside others',
      accounts: [LIVE],
      asker: {},
      identity: 'always',
      found: { is: 'operator' },
    },
    {
      name: 'refuses without any account where the operator’s own identity is ruled out',
      because: 'deleting the last account must open nothing',
      accounts: [],
      asker: {},
      identity: 'never',
      found: { is: 'refused', reason: 'NoAccount' },
    },
    {
      name: 'tells nothing of a namespace that has not been seen',
      because: 'its labels are what counts',
      accounts: [LIVE],
      asker: { labels: undefined, accountRef: 'live' },
      found: { is: 'unseen' },
    },
  ])('$name, because $because', ({ accounts, asker, identity, found }) => {
    expect(resolve(accounts, asker, identity)).toMatchObject(found);
  });

  test.for<{ selector: EcsAccountSpec['namespaceSelector']; labels: Record<string, string>; isSelected: boolean }>([
    { selector: {}, labels: {}, isSelected: true },
    { selector: { matchExpressions: [{ key: 'a', operator: 'Exists' }] }, labels: { a: '' }, isSelected: true },
    { selector: { matchExpressions: [{ key: 'a', operator: 'DoesNotExist' }] }, labels: { a: '' }, isSelected: false },
    { selector: { matchExpressions: [{ key: 'a', operator: 'NotIn', values: ['1'] }] }, labels: {}, isSelected: true },
    {
      selector: { matchExpressions: [{ key: 'a', operator: 'NotIn', values: ['1'] }] },
      labels: { a: '1' },
      isSelected: false,
    },
    { selector: { matchLabels: { a: '1', b: '2' } }, labels: { a: '1' }, isSelected: false },
    {
      selector: { matchLabels: { a: '1' }, matchExpressions: [{ key: 'b', operator: 'In', values: ['2'] }] },
      labels: { a: '1', b: '3' },
      isSelected: false,
    },
    { selector: { matchLabels: { constructor: 'x' } }, labels: {}, isSelected: false },
  ])('reads $selector of $labels as Kubernetes does', ({ selector, labels, isSelected }) => {
    expect(resolve([anAccount('one', selector)], { labels }).is).toBe(isSelected ? 'account' : 'refused');
  });
});
