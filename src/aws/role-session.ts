import { AssumeRoleCommand, GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import { Failure } from '../core/failure.ts';
import type { Clock } from '../lib/clock.ts';
import type { StsAction } from './actions.ts';
import type { EcsMetrics } from './caller.ts';
import { classify } from './classify.ts';
import { createStsClient, type EcsClientOptions } from './ecs-client.ts';

/** A role to act as, and all that is said when it is assumed. What differs in any word of this is another session. */
export interface RoleAccess {
  /** How messages name whose role it is: `EcsAccount live`. */
  readonly account: string;
  readonly roleArn: string;
  readonly externalId?: string | undefined;
  /** Where STS is asked. The session holds in all regions. */
  readonly region: string;
  readonly sessionName: string;
  readonly sessionTags: Readonly<Record<string, string>>;
}

/** In the SDK's own form. */
interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** As whom AWS knows the session. */
export interface CallerIdentity {
  readonly arn: string;
  readonly accountId: string;
}

export interface RoleSessionOptions {
  /** Of whoever assumes the role, in its region. It is shared, and not closed with the session. */
  readonly sts: STSClient;
  /** How clients are made that act as the role. */
  readonly client: EcsClientOptions;
  readonly clock: Clock;
  readonly metrics: Pick<EcsMetrics, 'onRequest'>;
}

/** What may still take a while is begun with credentials that last as long. */
const RENEW_BEFORE_MS = 300_000;
/** Everybody who acts as a role asks for it, so what AWS refuses is not asked for again at once. */
const REFUSED_FOR_MS = 30_000;

/** The credentials of one role, fetched when they are needed, for all who need them at the same time, and kept until they run out. */
export class RoleSession {
  readonly #role: RoleAccess;
  readonly #client: EcsClientOptions;
  readonly #clock: Clock;
  readonly #sts: STSClient;
  readonly #metrics: RoleSessionOptions['metrics'];
  readonly #ending = new AbortController();
  #current: SessionCredentials | undefined;
  #pending: Promise<SessionCredentials> | undefined;
  #refused: { readonly failure: unknown; readonly at: number } | undefined;

  constructor(role: RoleAccess, { sts, client, clock, metrics }: RoleSessionOptions) {
    this.#role = role;
    this.#client = client;
    this.#clock = clock;
    this.#sts = sts;
    this.#metrics = metrics;
  }

  /** Rejects with a `Failure` that names the account where the role cannot be assumed. */
  async credentials(): Promise<SessionCredentials> {
    const restMs = (this.#current?.expiration.getTime() ?? 0) - this.#clock.now();
    if (this.#current !== undefined && restMs > RENEW_BEFORE_MS) return this.#current;
    try {
      if (this.#refused !== undefined && this.#clock.monotonic() - this.#refused.at < REFUSED_FOR_MS)
        throw this.#refused.failure;
      return await this.#assume();
    } catch (error) {
      if (this.#current !== undefined && restMs > 0) return this.#current;
      throw error;
    }
  }

  /** Assumes the role anew, whatever is known of it, and asks AWS who that is. */
  async identify(signal: AbortSignal): Promise<CallerIdentity> {
    const credentials = await this.#assume();
    const sts = createStsClient({ ...this.#client, region: this.#role.region, credentials });
    try {
      const { Arn, Account } = await this.#counted('GetCallerIdentity', signal, () =>
        sts.send(new GetCallerIdentityCommand(), { abortSignal: signal }),
      );
      if (Arn === undefined || Account === undefined)
        throw this.#named(new Failure('Unavailable', 'GetCallerIdentity: the answer names nobody'));
      return { arn: Arn, accountId: Account };
    } finally {
      sts.destroy();
    }
  }

  /** That role was lent to somebody: where it was refused to this session, it is worth asking again. */
  forgive(roleArn: string): void {
    if (roleArn === this.#role.roleArn) this.#refused = undefined;
  }

  close(): void {
    this.#ending.abort(new Failure('Unavailable', 'the operator is stopping'));
  }

  async #assume(): Promise<SessionCredentials> {
    this.#pending ??= this.#ask().finally(() => {
      this.#pending = undefined;
    });
    return await this.#pending;
  }

  async #ask(): Promise<SessionCredentials> {
    const { roleArn, sessionName, externalId, sessionTags } = this.#role;
    const tags = Object.entries(sessionTags).map(([Key, Value]) => ({ Key, Value }));
    const command = new AssumeRoleCommand({
      RoleArn: roleArn,
      RoleSessionName: sessionName,
      ...(externalId !== undefined && { ExternalId: externalId }),
      ...(tags.length > 0 && { Tags: tags }),
    });
    try {
      const { signal } = this.#ending;
      const { Credentials: given } = await this.#counted('AssumeRole', signal, () =>
        this.#sts.send(command, { abortSignal: signal }),
      );
      this.#current = {
        accessKeyId: given?.AccessKeyId ?? '',
        secretAccessKey: given?.SecretAccessKey ?? '',
        sessionToken: given?.SessionToken ?? '',
        expiration: given?.Expiration ?? new Date(0),
      };
      this.#refused = undefined;
      return this.#current;
    } catch (failure) {
      this.#refused = { failure, at: this.#clock.monotonic() };
      throw failure;
    }
  }

  /** Rejects with a `Failure` that names the account. */
  async #counted<Output>(action: StsAction, signal: AbortSignal, send: () => Promise<Output>): Promise<Output> {
    const sentAt = this.#clock.monotonic();
    try {
      const output = await send();
      this.#metrics.onRequest(action, 'ok', this.#clock.monotonic() - sentAt);
      return output;
    } catch (error) {
      const failure = classify(error, action, signal);
      if (failure instanceof Failure) this.#metrics.onRequest(action, failure.code, this.#clock.monotonic() - sentAt);
      throw this.#named(failure);
    }
  }

  #named(failure: unknown): unknown {
    if (!(failure instanceof Failure)) return failure;
    return new Failure(
      failure.code,
      `${this.#role.account}: its role cannot be assumed: ${failure.message}`,
      failure.details,
    );
  }
}
