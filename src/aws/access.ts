import { Failure } from '../core/failure.ts';
import type { CommonSpec, Location } from '../core/managed-kind.ts';
import type { Clock } from '../lib/clock.ts';
import type { Random } from '../lib/random.ts';
import type { EcsMetrics } from './caller.ts';
import { createEcsClient, createScalingClient, type EcsClientOptions } from './ecs-client.ts';
import { connectEcs, type EcsConnection } from './ecs-gateway.ts';
import type { EcsGateway, Priority } from './gateway.ts';

export interface EcsAccessOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly metrics: EcsMetrics;
  readonly quotaShare: number;
  /** How clients are made, but for the region, which an object may name. `region` is that of objects that name none. */
  readonly client: EcsClientOptions;
}

/** The way from an object to the ECS that it means. Connections are made at the first use of a region and kept. */
export interface EcsAccess {
  /**
   * Rejects with a `Failure` where the object cannot be acted for, or where the account cannot be asked for. Writes that
   * still wait for their token give up once `superseded` aborts.
   */
  connect(
    spec: CommonSpec,
    priority: Priority,
    signal: AbortSignal,
    superseded: AbortSignal,
  ): Promise<{ readonly gateway: EcsGateway; readonly location: Location }>;
  close(): void;
}

export function createEcsAccess({ client, ...shared }: EcsAccessOptions): EcsAccess {
  const connections = new Map<string, EcsConnection>();

  let defaultRegion: Promise<string> | undefined;

  /** What the SDK's chain finds counts by its name: an object that states that very region shares the connection. */
  async function regionOf(spec: CommonSpec): Promise<string> {
    const stated = spec.region ?? client.region;
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

  function connectionTo(region: string): EcsConnection {
    const options = { ...client, region };
    const connection =
      connections.get(region) ??
      connectEcs({ ...shared, client: createEcsClient(options), scaling: createScalingClient(options) });
    connections.set(region, connection);
    return connection;
  }

  return {
    async connect(spec, priority, signal, superseded) {
      if (spec.accountRef !== undefined) {
        throw new Failure(
          'Rejected',
          'spec.accountRef: this version of the operator acts as itself only; leave it out',
        );
      }
      const connection = connectionTo(await regionOf(spec));
      return { gateway: connection.gateway(priority, superseded), location: await connection.location(signal) };
    },
    close() {
      for (const connection of connections.values()) connection.close();
    },
  };
}
