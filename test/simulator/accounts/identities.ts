import { SimulatedError } from '../simulated-error.ts';
import type { SimulatorClock } from '../world.ts';

/** Who may assume a role, as its trust policy would say. */
export interface Trust {
  readonly externalId?: string;
}

/** A session that was given out, or whoever was there from the start. */
export interface SimulatedIdentity {
  readonly accountId: string;
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** A call to STS as it was made. */
export interface StsCall {
  readonly action: string;
  readonly roleArn?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly outcome: string;
}

interface Assumption {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly externalId: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/** SDK: AssumeRoleRequest.DurationSeconds. */
const SESSION_MS = 3_600_000;

/** The roles that there are, and whoever has been given a session. Identities are told apart by their access key. */
export class Identities {
  readonly #clock: SimulatorClock;
  readonly #roles = new Map<string, Trust>();
  readonly #identities = new Map<string, SimulatedIdentity>();

  constructor(clock: SimulatorClock) {
    this.#clock = clock;
  }

  add(accessKeyId: string, accountId: string): void {
    const arn = `arn:aws:iam::${accountId}:user/${accessKeyId}`;
    this.#identities.set(accessKeyId, { accountId, arn, tags: {}, expiresAt: Number.POSITIVE_INFINITY });
  }

  trust(roleArn: string, trust: Trust = {}): void {
    this.#roles.set(roleArn, trust);
  }

  distrust(roleArn: string): void {
    this.#roles.delete(roleArn);
  }

  /** By the names that AWS answers with ("Common errors", API reference). */
  identityOf(accessKeyId: string): SimulatedIdentity {
    const identity = this.#identities.get(accessKeyId);
    if (identity === undefined)
      throw new SimulatedError('UnrecognizedClientException', 'The security token included in the request is invalid.');
    if (identity.expiresAt <= this.#clock.now())
      throw new SimulatedError('ExpiredTokenException', 'The security token included in the request is expired.');
    return identity;
  }

  assume(caller: SimulatedIdentity, { roleArn, sessionName, externalId, tags }: Assumption) {
    const trust = this.#roles.get(roleArn);
    if (trust === undefined || trust.externalId !== externalId) {
      const words = `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`;
      throw new SimulatedError('AccessDenied', words, 403);
    }
    const [, , , , accountId = ''] = roleArn.split(':');
    const role = roleArn.slice(roleArn.lastIndexOf('/') + 1);
    const accessKeyId = `ASIA${String(this.#identities.size).padStart(16, '0')}`;
    const arn = `arn:aws:sts::${accountId}:assumed-role/${role}/${sessionName}`;
    const expiresAt = this.#clock.now() + SESSION_MS;
    this.#identities.set(accessKeyId, { accountId, arn, tags, expiresAt });
    return { accessKeyId, arn, expiresAt };
  }
}
