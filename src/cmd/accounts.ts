import type { EcsAccess, Route } from '../aws/access.ts';
import type { RoleAccess } from '../aws/role-session.ts';
import { Failure } from '../core/failure.ts';
import type { Claim, DefaultTag, KindTypes, ManagedKind } from '../core/managed-kind.ts';
import { AccountBook, type Standing } from '../kinds/ecs-account/account-book.ts';
import { refusalOf } from '../kinds/ecs-account/allowance.ts';
import { accountRefOf } from '../kinds/ecs-account/desire.ts';
import { ecsAccount } from '../kinds/ecs-account/kind.ts';
import type { Candidate, EcsAccountTypes } from '../kinds/ecs-account/model.ts';
import type { Account, OperatorIdentity } from '../kinds/ecs-account/resolution.ts';
import type { Clock } from '../lib/clock.ts';
import type { KubeObject, KubeResource } from '../runtime/kube/kube-api.ts';
import type { Manager } from '../runtime/manager.ts';
import type { QueuePriority } from '../runtime/queue/work-queue.ts';
import { isReadyAt } from '../runtime/reconcile/conditions.ts';
import { referentOf } from '../runtime/reconcile/managed-object.ts';
import type { Approach, Connection, Refusal, Registration } from '../runtime/registration.ts';
import type { StoreChange } from '../runtime/watch/object-store.ts';
import { lentRole } from './lent-role.ts';

export const NAMESPACES: KubeResource = { group: '', version: 'v1', plural: 'namespaces' };

export interface AccountsOptions {
  readonly access: EcsAccess;
  readonly clock: Clock;
  readonly clusterId: string;
  readonly operatorIdentity: OperatorIdentity;
  /** For what is made as the operator itself. */
  readonly defaultTags: readonly DefaultTag[];
  /** Where objects are woken; asked only once something changes. */
  readonly manager: () => Pick<Manager, 'wake' | 'isReady'>;
}

/** Objects come and go by the hundred, and counting them costs a look at the account. */
const COUNT_AFTER_MS = 15_000;

/** Joins what is known of accounts with the way to ECS: as whom, where and within which bounds each object is acted for. */
export class Accounts {
  readonly #options: AccountsOptions;
  readonly #book: AccountBook;
  readonly #uncounted = new Set<string>();
  #cancelCount: (() => void) | undefined;

  constructor(options: AccountsOptions) {
    this.#options = options;
    const { operatorIdentity } = options;
    this.#book = new AccountBook({ operatorIdentity, onChange: (isConcerned) => this.#resolveAnew(isConcerned) });
  }

  /** The registration of accounts themselves. */
  registration(): Registration<EcsAccountTypes> {
    const { access } = this.#options;
    const gateway: EcsAccountTypes['gateway'] = {
      resolve: (candidate) => this.#book.resolve(candidate),
      identify: async (account, as, signal) => await access.identify(await this.#roleOf(account, as), signal),
    };
    return {
      kind: ecsAccount,
      connect: () => Promise.resolve({ gateway, location: undefined }),
      onChange: (change) => this.#noteAccount(change),
    };
  }

  noteNamespace({ object, is }: StoreChange): void {
    this.#book.noteNamespace(object, is === 'deleted');
  }

  /** The registration of a kind whose objects are acted for through accounts. */
  register(kind: ManagedKind<KindTypes>): Registration<KindTypes> {
    return {
      kind,
      connect: (approach, signal) => this.#connect(kind, approach, signal),
      onChange: ({ object, is, isInitial }) => {
        if (is === 'updated' || isInitial) return;
        const resolution = this.#book.resolve(standingOf(object));
        if (resolution.is === 'account') this.#countLater(resolution.account.name);
      },
    };
  }

  close(): void {
    this.#cancelCount?.();
  }

  async #connect(
    kind: ManagedKind<KindTypes>,
    approach: Approach<KindTypes>,
    signal: AbortSignal,
  ): Promise<Connection<object> | Refusal> {
    const { metadata, spec } = approach.object;
    const { namespace } = metadata;
    const resolution = this.#book.resolve({ namespace, accountRef: spec.accountRef?.name });
    switch (resolution.is) {
      case 'operator':
        return await this.#connectAsOperator(spec.region, approach, signal);
      case 'unseen':
        throw new Failure('DependencyNotReady', `the namespace ${namespace} has not been seen yet`);
      case 'refused':
        return { reason: resolution.reason, message: resolution.message };
      case 'account':
        return await this.#connectBy(resolution.account, kind, approach, signal);
    }
  }

  async #connectAsOperator(region: string | undefined, approach: Approach<KindTypes>, signal: AbortSignal) {
    const connection = await this.#open({ region }, approach, signal);
    return { ...connection, defaultTags: this.#options.defaultTags };
  }

  async #connectBy(
    account: Account,
    kind: ManagedKind<KindTypes>,
    approach: Approach<KindTypes>,
    signal: AbortSignal,
  ): Promise<Connection<object> | Refusal> {
    const { object, refs } = approach;
    const { spec } = account;
    const region = await this.#options.access.regionOf(object.spec.region ?? spec.region);
    const refuse = (claims: readonly Claim[]): Refusal | undefined => {
      const message = refusalOf(account, { region, claims });
      return message === undefined ? undefined : { reason: 'NotAllowed', message };
    };
    // What was made when it was allowed must be able to go.
    const isLeaving = object.metadata.deletionTimestamp !== undefined;
    const refusal = isLeaving ? undefined : refuse(kind.claims(object, refs));
    if (refusal !== undefined) return refusal;
    const { namespace, name } = object.metadata;
    const as: Candidate = { kind: object.owner.kind, namespace, name, accountRef: object.spec.accountRef?.name };
    const role = await this.#roleOf(account, as);
    const connection = await this.#open({ role, region, endpoint: spec.endpoint }, approach, signal);
    return { ...connection, defaultTags: spec.defaultTags, refusalOf: refuse };
  }

  async #open(route: Route, { priority, superseded }: Approach<KindTypes>, signal: AbortSignal) {
    return await this.#options.access.connect(
      route,
      priority === 'background' ? 'sweep' : 'urgent',
      signal,
      superseded,
    );
  }

  async #roleOf(account: Account, as: Candidate | undefined): Promise<RoleAccess> {
    const { access, clusterId } = this.#options;
    return lentRole(account, { as, clusterId, region: await access.regionOf(account.spec.region) });
  }

  /** Users may have gone from any account to any other. */
  #resolveAnew(isConcerned: (standing: Standing) => boolean): void {
    this.#wake(isConcerned, 'edit');
    if (this.#options.manager().isReady) this.#countLater(...this.#book.names);
  }

  /** What waits for the role of an account goes on as soon as that can be assumed again. */
  #noteAccount({ object, previous, is }: StoreChange): void {
    this.#book.noteAccount(object, is === 'deleted');
    const isMended = is === 'updated' && isReady(object) && previous !== undefined && !isReady(previous);
    if (isMended) this.#wake((standing) => this.#usesAccount(standing, object.metadata.name), 'follow-up');
  }

  #usesAccount(standing: Standing, name: string): boolean {
    const resolution = this.#book.resolve(standing);
    return resolution.is === 'account' && resolution.account.name === name;
  }

  /** Before all is known every object is looked at anyway. */
  #wake(isConcerned: (standing: Standing) => boolean, priority: QueuePriority): void {
    const manager = this.#options.manager();
    if (!manager.isReady) return;
    manager.wake((object) => isUser(object) && isConcerned(standingOf(object)), priority);
  }

  #countLater(...names: readonly string[]): void {
    for (const name of names) this.#uncounted.add(name);
    this.#cancelCount ??= this.#options.clock.schedule(COUNT_AFTER_MS, () => {
      this.#cancelCount = undefined;
      const counted = new Set(this.#uncounted);
      this.#uncounted.clear();
      this.#options.manager().wake((object) => !isUser(object) && counted.has(object.metadata.name), 'follow-up');
    });
  }
}

/** All that live in a namespace are acted for through an account; what lives in none is one. */
function isUser({ metadata }: KubeObject): boolean {
  return metadata.namespace !== undefined;
}

function standingOf({ metadata, spec }: KubeObject): Standing {
  return { namespace: metadata.namespace ?? '', accountRef: accountRefOf(spec) };
}

function isReady(object: KubeObject): boolean {
  const { metadata, status } = referentOf(object, ecsAccount.definition.kind);
  return isReadyAt(status.conditions, metadata.generation);
}
