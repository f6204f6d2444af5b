import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  GetTaskProtectionCommand,
  ListServiceDeploymentsCommand,
  ListServicesCommand,
  ListTasksCommand,
  type ProtectedTask,
  type Service,
  type ServiceDeployment,
  type ServiceDeploymentBrief,
  type ServiceRevision,
  type Task,
} from '@aws-sdk/client-ecs';
import { Failure } from '../core/failure.ts';
import { type Batcher, createBatcher } from './batcher.ts';
import { type Connection, failuresByName, isNamedBy, isOfOneName, WINDOW_MS } from './connection.ts';
import type { Priority } from './gateway.ts';
import { createDescribeDeployments, createRevisionRead } from './revision-reads.ts';

/** "You may specify up to 10 services to describe in a single operation" (SDK type DescribeServicesRequest.services). */
const MAX_SERVICES = 10;

interface ServiceReads {
  service(cluster: string, service: string, priority: Priority, signal: AbortSignal): Promise<Service | undefined>;
  revision(arn: string, priority: Priority, signal: AbortSignal): Promise<ServiceRevision | undefined>;
  services(cluster: string, limit: number, priority: Priority, signal: AbortSignal): Promise<readonly string[]>;
  tasks(cluster: string, limit: number, priority: Priority, signal: AbortSignal): Promise<readonly string[]>;
  deployment(arn: string, priority: Priority, signal: AbortSignal): Promise<ServiceDeployment | undefined>;
  deployments(of: ServiceName, priority: Priority, signal: AbortSignal): Promise<readonly ServiceDeploymentBrief[]>;
  stoppedTasks(of: ServiceName, priority: Priority, signal: AbortSignal): Promise<readonly Task[]>;
  protectedTasks(of: ServiceName, priority: Priority, signal: AbortSignal): Promise<readonly ProtectedTask[]>;
}

interface ServiceName {
  readonly cluster: string;
  readonly service: string;
  readonly limit: number;
}

export function createServiceReads(connection: Connection): ServiceReads {
  const { client, call } = connection;
  const batchers = new Map<string, Batcher<Service>>();
  const readRevision = createRevisionRead(connection);
  const deployments = createDescribeDeployments(connection);

  return {
    async service(cluster, service, priority, signal) {
      const batcher = batchers.get(cluster) ?? createDescribeServices(connection, cluster);
      batchers.set(cluster, batcher);
      return batcher.read(service, priority, signal);
    },
    revision: readRevision,
    deployment: (arn, priority, signal) => deployments.read(arn, priority, signal),
    services: (cluster, limit, priority, signal) =>
      inExistingCluster([], async () => {
        const command = new ListServicesCommand({ cluster, maxResults: limit });
        const send = () => client.send(command, { abortSignal: signal });
        const { serviceArns = [] } = await call({ action: 'ListServices', priority, signal }, send);
        return serviceArns;
      }),
    tasks: (cluster, limit, priority, signal) =>
      inExistingCluster([], async () => {
        const command = new ListTasksCommand({ cluster, maxResults: limit });
        const send = () => client.send(command, { abortSignal: signal });
        const { taskArns = [] } = await call({ action: 'ListTasks', priority, signal }, send);
        return taskArns;
      }),
    deployments: (of, priority, signal) => listDeployments(connection, of, priority, signal),
    stoppedTasks: (of, priority, signal) => listStoppedTasks(connection, of, priority, signal),
    protectedTasks: (of, priority, signal) => listProtectedTasks(connection, of, priority, signal),
  };
}

/** One batcher for a cluster, as a call names a single one. */
function createDescribeServices(connection: Connection, cluster: string): Batcher<Service> {
  const { client, call, clock, metrics, lifetime } = connection;
  return createBatcher({
    maxItems: MAX_SERVICES,
    windowMs: WINDOW_MS,
    isOfOneName,
    clock,
    execute: (draw, priority) =>
      inExistingCluster(new Map<string, Service | Error>(), async () => {
        const action = 'DescribeServices';
        const { services = [], failures } = await call({ action, priority, signal: lifetime }, () => {
          const names = draw();
          metrics.onBatch(action, names.length);
          const command = new DescribeServicesCommand({ cluster, services: [...names], include: ['TAGS'] });
          return client.send(command, { abortSignal: lifetime });
        });
        const names = draw();
        const answers = new Map<string, Service | Error>(failuresByName(names, failures, action));
        for (const name of names) {
          const service = services.find(({ serviceArn }) => isNamedBy(serviceArn, name));
          if (service !== undefined) answers.set(name, service);
        }
        return answers;
      }),
  });
}

async function listDeployments(
  { client, call }: Connection,
  { cluster, service, limit }: ServiceName,
  priority: Priority,
  signal: AbortSignal,
): Promise<readonly ServiceDeploymentBrief[]> {
  return inExistingCluster([], async () => {
    const list = new ListServiceDeploymentsCommand({ cluster, service, maxResults: limit });
    const { serviceDeployments = [] } = await call({ action: 'ListServiceDeployments', priority, signal }, () =>
      client.send(list, { abortSignal: signal }),
    );
    return serviceDeployments.toSorted((a, b) => timeOf(b.createdAt) - timeOf(a.createdAt));
  });
}

async function listStoppedTasks(
  { client, call }: Connection,
  { cluster, service, limit }: ServiceName,
  priority: Priority,
  signal: AbortSignal,
): Promise<readonly Task[]> {
  return inExistingCluster([], async () => {
    const list = new ListTasksCommand({ cluster, serviceName: service, desiredStatus: 'STOPPED' });
    const { taskArns = [] } = await call({ action: 'ListTasks', priority, signal }, () =>
      client.send(list, { abortSignal: signal }),
    );
    if (taskArns.length === 0) return [];
    const describe = new DescribeTasksCommand({ cluster, tasks: taskArns });
    const { tasks = [] } = await call({ action: 'DescribeTasks', priority, signal }, () =>
      client.send(describe, { abortSignal: signal }),
    );
    return tasks.toSorted((a, b) => timeOf(b.stoppedAt) - timeOf(a.stoppedAt)).slice(0, limit);
  });
}

async function listProtectedTasks(
  { client, call }: Connection,
  { cluster, service, limit }: ServiceName,
  priority: Priority,
  signal: AbortSignal,
): Promise<readonly ProtectedTask[]> {
  return inExistingCluster([], async () => {
    const list = new ListTasksCommand({ cluster, serviceName: service, maxResults: limit });
    const { taskArns = [] } = await call({ action: 'ListTasks', priority, signal }, () =>
      client.send(list, { abortSignal: signal }),
    );
    if (taskArns.length === 0) return [];
    const get = new GetTaskProtectionCommand({ cluster, tasks: taskArns });
    const { protectedTasks = [] } = await call({ action: 'GetTaskProtection', priority, signal }, () =>
      client.send(get, { abortSignal: signal }),
    );
    return protectedTasks.filter(({ protectionEnabled }) => protectionEnabled === true);
  });
}

function timeOf(date: Date | undefined): number {
  return date?.getTime() ?? 0;
}

/** What `read` finds, or `nothing` where the cluster, or the service, is not there: absence is a value. */
async function inExistingCluster<Value>(nothing: Value, read: () => Promise<Value>): Promise<Value> {
  try {
    return await read();
  } catch (error) {
    const isAbsent =
      error instanceof Failure &&
      error.cause instanceof Error &&
      /^(?:ClusterNotFound|ServiceNotFound)Exception$/.test(error.cause.name);
    if (isAbsent) return nothing;
    throw error;
  }
}
