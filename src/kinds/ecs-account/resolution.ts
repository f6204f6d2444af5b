import { isSelected } from './label-selector.ts';
import type { EcsAccountSpec } from './schema.ts';

/** An EcsAccount, as far as others need it. */
export interface Account {
  readonly name: string;
  readonly spec: EcsAccountSpec;
}

/** Whether objects may be acted for as the operator itself where no account selects their namespace. */
export type OperatorIdentity = 'always' | 'never' | 'without-accounts';

export interface KnownAccounts {
  readonly accounts: readonly Account[];
  readonly operatorIdentity: OperatorIdentity;
}

/** The object that is to be acted for. */
export interface Asker {
  readonly namespace: string;
  /** Undefined while the namespace itself has not been seen. */
  readonly labels: Readonly<Record<string, string>> | undefined;
  readonly accountRef: string | undefined;
}

/** As whom an object is acted for. */
export type Resolution =
  | { readonly is: 'operator' }
  | { readonly is: 'account'; readonly account: Account }
  | { readonly is: 'unseen' }
  | { readonly is: 'refused'; readonly reason: 'NoAccount' | 'AmbiguousAccount'; readonly message: string };

/**
 * The account that selects the object's namespace; `accountRef` only picks among several that do. An object that asks
 * for an account is never acted for as anybody else.
 */
export function resolveAccount(
  { accounts, operatorIdentity }: KnownAccounts,
  { namespace, labels, accountRef }: Asker,
): Resolution {
  const isOperatorMeant =
    operatorIdentity === 'without-accounts' ? accounts.length === 0 : operatorIdentity === 'always';
  const isOperatorOpen = accountRef === undefined && isOperatorMeant;
  if (accounts.length > 0 && labels === undefined) return { is: 'unseen' };
  const selecting = accounts.filter(({ spec }) => isSelected(spec.namespaceSelector, labels ?? {}));
  const meant = accountRef === undefined ? selecting : selecting.filter(({ name }) => name === accountRef);
  const [account, ...others] = meant;
  if (account === undefined) return isOperatorOpen ? { is: 'operator' } : noAccount(namespace, accountRef);
  return others.length === 0 ? { is: 'account', account } : ambiguous(namespace, meant);
}

function noAccount(namespace: string, accountRef: string | undefined): Resolution {
  const message =
    accountRef === undefined
      ? `no EcsAccount selects the namespace ${namespace}; an administrator can let one select it`
      : `spec.accountRef: no EcsAccount ${accountRef} selects the namespace ${namespace}; an administrator can let it select the namespace`;
  return { is: 'refused', reason: 'NoAccount', message };
}

function ambiguous(namespace: string, accounts: readonly Account[]): Resolution {
  const names = accounts.map(({ name }) => name).toSorted();
  const message = `the EcsAccounts ${names.join(', ')} select the namespace ${namespace}; make the object anew with spec.accountRef, or let only one select the namespace`;
  return { is: 'refused', reason: 'AmbiguousAccount', message };
}
