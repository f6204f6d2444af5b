import type { STSClient } from '@aws-sdk/client-sts';
import { Failure } from '../core/failure.ts';
import type { Location } from '../core/managed-kind.ts';
import type { Clock } from '../lib/clock.ts';
import { orAborted } from '../lib/deadline.ts';
import type { Random } from '../lib/random.ts';
import { stableJson } from '../lib/stable-json.ts';
import { type Caller, createCaller, type EcsMetrics } from './caller.ts';
import { createEcsClient, createScalingClient, createStsClient, type EcsClientOptions } from './ecs-client.ts';
import { connectEcs, type EcsConnection } from './ecs-gateway.ts';
import type { EcsGateway, Priority } from './gateway.ts';
import { type CallerIdentity, type RoleAccess, RoleSession } from './role-session.ts';

export interface EcsAccessOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly metrics: EcsMetrics;
  readonly quotaShare: number;
  /** How clients are made, but for what a route says. `region` is that of routes that name none. */
  readonly client: EcsClientOptions;
}

/** Which ECS is meant, and as whom. */
export interface Route {
  /** The operator itself where left out. */
  readonly role?: RoleAccess | undefined;
  readonly region?: string | undefined;
  /** That of ECS, instead of the operator's. */
  readonly endpoint?: string | undefined;
}

/**
 * The way to the ECS that is meant. Connections are made at their first use and kept; whoever acts as another shares
 * neither credentials nor caches with them, and quotas are shared by all who are in the same account and region.
 */
export interface EcsAccess {
  /** The region of a route that states this one, or none. */
  regionOf(stated: string | undefined): Promise<string>;
  /**
   * Rejects with a `Failure` where the route is not open, or where the account cannot be asked for. Writes that still
   * wait for their token give up once `superseded` aborts.
   */
  connect(
    route: Route,
    priority: Priority,
    signal: AbortSignal,
    superseded: AbortSignal,
  ): Promise<{ readonly gateway: EcsGateway; readonly location: Location }>;
  /** Whether the role can be assumed now, and who that is. Rejects with a `Failure` where it cannot. */
  identify(role: RoleAccess, signal: AbortSignal): Promise<CallerIdentity>;
  close(): void;
}

/** No look takes as long, so nobody works with what has not been asked for since. */
const IDLE_MS = 3_600_000;

export function createEcsAccess({ client, ...shared }: EcsAccessOptions): EcsAccess {
  const { clock, metrics } = shared;
  const sessions = new Kept<RoleSession>(clock);
  const connections = new Kept<EcsConnection>(clock);
  const callers = new Map<string, Caller>();
  const stsClients = new Map<string, STSClient>();
  let defaultRegion: Promise<string> | undefined;
  /** The operator's own, once somebody has found out. */
  let ownAccount = '';

  /** What the SDK's chain finds counts by its name: an object that states that very region shares the connection. */
  async function regionOf(given: string | undefined): Promise<string> {
    const stated = given ?? client.region;
    if (stated !== undefined) return stated;
    defaultRegion ??= createEcsClient(client).config.region();
    try {
      return await defaultRegion;
    } catch (error) {
      defaultRegion = undefined;
      throw new Failure('Rejected', 'no AWS region: set spec.region, or start the operator with --aws-region', {
        cause: error,
      });
    }
  }

  /** The operator's own, which lends all roles that are asked for there. */
  function stsIn(region: string): STSClient {
    const sts = stsClients.get(region) ?? createStsClient({ ...client, region });
    stsClients.set(region, sts);
    return sts;
  }

  function sessionOf(role: RoleAccess): RoleSession {
    return sessions.get(
      stableJson(role),
      () => new RoleSession(role, { sts: stsIn(role.region), client, clock, metrics }),
    );
  }

  function callerIn(account: string, region: string): Caller {
    const key = `${account}/${region}`;
    const caller = callers.get(key) ?? createCaller(shared);
    callers.set(key, caller);
    return caller;
  }

  function connectionTo({ role, endpoint }: Route, region: string): EcsConnection {
    return connections.get(stableJson([role, endpoint, region]), () => {
      const session = role && sessionOf(role);
      const options = {
        ...client,
        region,
        ecsEndpoint: endpoint,
        ...(session && { credentials: () => session.credentials() }),
      };
      return connectEcs({
        ...shared,
        call: (context, send) => callerIn(role === undefined ? ownAccount : accountOf(role), region)(context, send),
        client: createEcsClient(options),
        scaling: createScalingClient(options),
      });
    });
  }

  return {
    regionOf,
    async connect(route, priority, signal, superseded) {
      const region = await regionOf(route.region);
      const { role } = route;
      // A role that cannot be assumed is no failure of the call that happens to need it.
      if (role !== undefined) await orAborted(signal, () => sessionOf(role).credentials());
      const connection = connectionTo(route, region);
      const location = await connection.location(signal);
      if (role === undefined) ownAccount = location['accountId'] ?? '';
      return { gateway: connection.gateway(priority, superseded), location };
    },
    async identify(role, signal) {
      const caller = await orAborted(signal, () => sessionOf(role).identify(signal));
      for (const session of sessions.values()) session.forgive(role.roleArn);
      return caller;
    },
    close() {
      connections.close();
      sessions.close();
      for (const sts of stsClients.values()) sts.destroy();
    },
  };
}

function accountOf({ roleArn }: RoleAccess): string {
  return roleArn.split(':')[4] ?? '';
}

/** Made at their first use. One that nobody has asked for in a long time is closed when the next is made. */
class Kept<Value extends { close(): void }> {
  readonly #clock: Clock;
  readonly #values = new Map<string, { readonly value: Value; usedAt: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get(key: string, make: () => Value): Value {
    const now = this.#clock.monotonic();
    const known = this.#values.get(key);
    if (known !== undefined) {
      known.usedAt = now;
      return known.value;
    }
    for (const [other, { value, usedAt }] of this.#values) {
      if (now - usedAt < IDLE_MS) continue;
      this.#values.delete(other);
      value.close();
    }
    const value = make();
    this.#values.set(key, { value, usedAt: now });
    return value;
  }

  values(): readonly Value[] {
    return [...this.#values.values()].map(({ value }) => value);
  }

  close(): void {
    for (const value of this.values()) value.close();
  }
}
