import type { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { DescribeClustersCommand, type ECSClient } from '@aws-sdk/client-ecs';
import { Failure } from '../core/failure.ts';
import type { Location } from '../core/managed-kind.ts';
import type { Clock } from '../lib/clock.ts';
import { orAborted } from '../lib/deadline.ts';
import type { Random } from '../lib/random.ts';
import { type Caller, createCaller, type EcsMetrics } from './caller.ts';
import { createClusterReads } from './cluster-reads.ts';
import type { Connection } from './connection.ts';
import type { EcsGateway, EcsWrite, Priority } from './gateway.ts';
import { createScalingReads } from './scaling-reads.ts';
import { createServiceReads } from './service-reads.ts';
import { createTaskDefinitionReads } from './task-definition-reads.ts';
import { sendWrite } from './writes.ts';

export interface EcsConnectionOptions {
  readonly client: ECSClient;
  readonly scaling: ApplicationAutoScalingClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly metrics: EcsMetrics;
  /** Which part of ECS's documented quotas is ours, 0 < share ≤ 1. */
  readonly quotaShare: number;
  /** That of all who are connected to the same account and region; one of its own where left out. */
  readonly call?: Caller | undefined;
}

/** One account and region: a gateway for each priority, all on the same buckets, batches and caches. */
export interface EcsConnection {
  /** Once `superseded` aborts, writes that still wait for their token give up with its reason. */
  gateway(priority: Priority, superseded?: AbortSignal): EcsGateway;
  /** The account and region that the credentials lead to. Asked once, for all that ask at the same time. */
  location(signal: AbortSignal): Promise<Location>;
  /** Ends all that is under way and closes the client's sockets. */
  close(): void;
}

const DEFAULT_LIMIT = 10;
const MAX_DEPLOYMENTS = 5;
const DEFAULT_ACTIVITIES = 5;
/** One page of ListTasks, and as many as GetTaskProtection takes (SDK types of both requests). */
const MAX_PROTECTED = 100;

export function connectEcs(options: EcsConnectionOptions): EcsConnection {
  const { client, scaling, clock, random, metrics, quotaShare } = options;
  const ending = new AbortController();
  const call = options.call ?? createCaller({ clock, random, metrics, quotaShare });
  const connection: Connection = { client, scaling, call, clock, random, metrics, lifetime: ending.signal };
  const reads = {
    clusters: createClusterReads(connection),
    services: createServiceReads(connection),
    taskDefinitions: createTaskDefinitionReads(connection),
    scaling: createScalingReads(connection),
  };
  let location: Promise<Location> | undefined;

  async function locate(): Promise<Location> {
    try {
      return { accountId: await readAccountId(client, call, ending.signal), region: await client.config.region() };
    } catch (error) {
      location = undefined;
      throw error;
    }
  }

  return {
    gateway: (priority, superseded = ending.signal) => gatewayFor({ priority, superseded }, connection, reads),
    location: (signal) =>
      orAborted(signal, () => {
        location ??= locate();
        return location;
      }),
    close() {
      ending.abort(new Failure('Unavailable', 'the operator is stopping'));
      client.destroy();
      scaling.destroy();
    },
  };
}

interface Reads {
  readonly clusters: ReturnType<typeof createClusterReads>;
  readonly services: ReturnType<typeof createServiceReads>;
  readonly taskDefinitions: ReturnType<typeof createTaskDefinitionReads>;
  readonly scaling: ReturnType<typeof createScalingReads>;
}

interface Turn {
  readonly priority: Priority;
  readonly superseded: AbortSignal;
}

function gatewayFor({ priority, superseded }: Turn, connection: Connection, reads: Reads): EcsGateway {
  const { clusters, services, taskDefinitions, scaling } = reads;
  return {
    describeCluster: (cluster, signal) => clusters.read(cluster, priority, signal),
    describeService: (cluster, service, signal) => services.service(cluster, service, priority, signal),
    listServices: (cluster, signal, limit = DEFAULT_LIMIT) => services.services(cluster, limit, priority, signal),
    listTasks: (cluster, signal, limit = DEFAULT_LIMIT) => services.tasks(cluster, limit, priority, signal),
    describeTaskDefinition: (definition, signal, tags) => taskDefinitions.describe(definition, priority, signal, tags),
    listRevisions: (family, status, signal) => taskDefinitions.revisions(family, status, priority, signal),
    describeServiceRevision: (arn, signal) => services.revision(arn, priority, signal),
    listServiceDeployments: (cluster, service, signal) =>
      services.deployments({ cluster, service, limit: MAX_DEPLOYMENTS }, priority, signal),
    describeServiceDeployment: (arn, signal) => services.deployment(arn, priority, signal),
    listStoppedTasks: (cluster, service, signal, limit = DEFAULT_LIMIT) =>
      services.stoppedTasks({ cluster, service, limit }, priority, signal),
    listProtectedTasks: (cluster, service, signal) =>
      services.protectedTasks({ cluster, service, limit: MAX_PROTECTED }, priority, signal),
    describeScalableTarget: (resourceId, signal, absence) => scaling.target(resourceId, priority, signal, absence),
    listScalingPolicies: (resourceId, signal) => scaling.policies(resourceId, priority, signal),
    listScheduledActions: (resourceId, signal) => scaling.actions(resourceId, priority, signal),
    listScalableTargetTags: (arn, signal) => scaling.tags(arn, priority, signal),
    listScalingActivities: (resourceId, signal, limit = DEFAULT_ACTIVITIES) =>
      scaling.activities({ resourceId, limit }, priority, signal),
    async write(write, signal) {
      const context = { action: write.call, priority, signal, superseded, input: write.input };
      try {
        await connection.call(context, () => sendWrite(connection, write, signal));
      } finally {
        // Also after a failure: the answer may be what got lost, not the effect.
        forgetWhatIsOld(write, reads);
      }
    },
  };
}

function forgetWhatIsOld(write: EcsWrite, { taskDefinitions, scaling }: Reads): void {
  if ('ResourceId' in write.input) {
    scaling.forget(String(write.input.ResourceId));
  } else if (write.call === 'TagResource' || write.call === 'UntagResource') {
    taskDefinitions.forgetTags(String(write.input.resourceArn));
  } else if (write.call.endsWith('TaskDefinition') || write.call.endsWith('TaskDefinitions')) {
    taskDefinitions.forgetRevisions();
  }
}

/**
 * The account id out of the ARN that DescribeClusters gives for any name, whether such a cluster exists (`clusterArn`)
 * or not (`failures[].arn`, SDK type `Failure`): no other service, endpoint or permission is needed for it.
 */
async function readAccountId(client: ECSClient, call: Caller, signal: AbortSignal): Promise<string> {
  const command = new DescribeClustersCommand({ clusters: ['default'] });
  const { clusters, failures } = await call({ action: 'DescribeClusters', priority: 'urgent', signal }, () =>
    client.send(command, { abortSignal: signal }),
  );
  const arn = clusters?.[0]?.clusterArn ?? failures?.[0]?.arn;
  const accountId = arn?.split(':')[4];
  if (!accountId) {
    throw new Failure(
      'Unavailable',
      `DescribeClusters: no account id in the answer for cluster default (${arn ?? 'no ARN'})`,
    );
  }
  return accountId;
}
