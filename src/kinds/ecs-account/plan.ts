import type { Goal, Observation, Plan } from '../../core/plan.ts';
import type { AccountRemoval, AccountState, AccountWish } from './model.ts';
import type { EcsAccountStatus } from './schema.ts';

/** A role that was just made cannot be assumed for some seconds, as IAM is eventually consistent; people are slower. */
const TRY_AGAIN_MS = 60_000;
/** For what nobody was woken for. */
const IN_USE_LOOK_MS = 60_000;
const NAMED_USERS = 3;

/** Nothing in AWS is the account's own, so there is nothing to change: it is ready, refused, or still needed. */
export function planAccount(
  goal: Goal<AccountWish, AccountRemoval>,
  observed: Observation<AccountState>,
): Plan<never, EcsAccountStatus> {
  if (!observed.exists) return { verdict: 'in-sync' };
  const { trial, users } = observed.state;
  if (goal.want === 'absent') {
    if (users.length === 0) return { verdict: 'in-sync' };
    return { verdict: 'wait', reason: 'InUse', message: describeUsers(users), pollAfterMs: IN_USE_LOOK_MS };
  }
  if (trial.is === 'refused')
    return { verdict: 'refuse', reason: 'RoleNotAssumable', message: trial.message, lookAfterMs: TRY_AGAIN_MS };
  return trial.is === 'assumed'
    ? { verdict: 'in-sync', message: `the role is assumed as ${trial.arn}` }
    : { verdict: 'in-sync' };
}

function describeUsers(users: AccountState['users']): string {
  const named = users.slice(0, NAMED_USERS).map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`);
  const rest = users.length > named.length ? ` and ${users.length - named.length} more` : '';
  return `${named.join(', ')}${rest} still need the account; delete them first, or let another account select their namespaces`;
}
