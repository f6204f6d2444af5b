import { Failure } from '../../core/failure.ts';
import type { Goal, Observation } from '../../core/plan.ts';
import type { AccountGateway, AccountRemoval, AccountState, AccountWish, Candidate, Trial } from './model.ts';

/** Who uses the account, and, while it is wished for, whether its role can be assumed. */
export async function observeAccount(
  { name }: { readonly name: string },
  goal: Goal<AccountWish, AccountRemoval>,
  gateway: AccountGateway,
  signal: AbortSignal,
): Promise<Observation<AccountState>> {
  const { owner, candidates } = goal.want === 'present' ? goal.desired : goal.removal;
  const users = candidates.filter((candidate) => {
    const resolution = gateway.resolve(candidate);
    return resolution.is === 'account' && resolution.account.name === name;
  });
  const trial: Trial =
    goal.want === 'present'
      ? await tryAccount({ name, spec: goal.desired.spec }, users[0], gateway, signal)
      : { is: 'untried' };
  return { exists: true, owner, state: { trial, users } };
}

async function tryAccount(
  account: Parameters<AccountGateway['identify']>[0],
  as: Candidate | undefined,
  gateway: AccountGateway,
  signal: AbortSignal,
): Promise<Trial> {
  try {
    return { is: 'assumed', ...(await gateway.identify(account, as, signal)) };
  } catch (error) {
    if (error instanceof Failure && error.policy.stalled) return { is: 'refused', message: error.message };
    throw error;
  }
}
