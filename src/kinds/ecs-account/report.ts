import type { Managed, Report } from '../../core/managed-kind.ts';
import type { Goal, Observation } from '../../core/plan.ts';
import type { AccountRemoval, AccountState, AccountWish, Candidate, EcsAccountTypes } from './model.ts';
import type { EcsAccountStatus } from './schema.ts';

const MOST_USERS = 50;

/** As whom AWS knows the operator there, as of the last time that it could be told, and who uses the account. */
export function reportAccount(
  { status }: Managed<EcsAccountTypes>,
  _goal: Goal<AccountWish, AccountRemoval>,
  observed: Observation<AccountState>,
): Report<EcsAccountStatus> {
  if (!observed.exists) return { status: {}, notices: [] };
  const { trial, users } = observed.state;
  const { accountId, callerArn } =
    trial.is === 'assumed' ? { accountId: trial.accountId, callerArn: trial.arn } : status;
  return {
    status: {
      ...(accountId !== undefined && { accountId }),
      ...(callerArn !== undefined && { callerArn }),
      usedBy: users.length,
      ...(users.length > 0 && { users: countUsers(users).slice(0, MOST_USERS) }),
    },
    notices: [],
  };
}

function countUsers(users: readonly Candidate[]): NonNullable<EcsAccountStatus['users']> {
  const groups = Map.groupBy(users, ({ namespace, kind }) => `${namespace} ${kind}`);
  return [...groups]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, [first, ...others]]) =>
      first === undefined ? [] : [{ namespace: first.namespace, kind: first.kind, count: others.length + 1 }],
    );
}
