import type { KindTypes } from '../../core/managed-kind.ts';
import type { Owner } from '../../core/plan.ts';
import type { Resolution } from './resolution.ts';
import type { EcsAccountSpec, EcsAccountStatus } from './schema.ts';

export interface EcsAccountTypes extends KindTypes {
  spec: EcsAccountSpec;
  status: EcsAccountStatus;
  address: { readonly name: string };
  desired: AccountWish;
  removal: AccountRemoval;
  state: AccountState;
  step: never;
  gateway: AccountGateway;
}

/** An object that may use an account. */
export interface Candidate {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly accountRef: string | undefined;
}

export interface AccountWish {
  readonly spec: EcsAccountSpec;
  readonly owner: Owner;
  readonly candidates: readonly Candidate[];
}

/** Nothing in AWS goes with the object; it is kept for as long as somebody needs it. */
export type AccountRemoval = Omit<AccountWish, 'spec'>;

export interface AccountState {
  readonly trial: Trial;
  readonly users: readonly Candidate[];
}

/** What came of assuming the role. A failure that is likely to pass is thrown, and tried again. */
export type Trial =
  | { readonly is: 'assumed'; readonly arn: string; readonly accountId: string }
  | { readonly is: 'refused'; readonly message: string }
  | { readonly is: 'untried' };

/** How the kind reaches the world. */
export interface AccountGateway {
  /** Assumes the role of this account as for that object, and asks AWS who that is. Rejects with a `Failure`. */
  identify(
    account: { readonly name: string; readonly spec: EcsAccountSpec },
    as: Candidate | undefined,
    signal: AbortSignal,
  ): Promise<{ readonly arn: string; readonly accountId: string }>;
  /** As whom the object is acted for. */
  resolve(candidate: Candidate): Resolution;
}
