import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  type ServiceDeployment,
  type ServiceRevision,
} from '@aws-sdk/client-ecs';
import { BoundedMap } from '../lib/bounded-map.ts';
import { createArnBatcher } from './arn-batcher.ts';
import type { Batcher } from './batcher.ts';
import type { Connection } from './connection.ts';
import type { Priority } from './gateway.ts';

/** "You can specify up to 20" service revisions, and as many deployments (SDK types of both requests). */
const MAX_ITEMS = 20;
const REMEMBERED_SERVICES = 10_000;
/** What a service runs, comes from, or went back to; what it ran before is not looked at any more. */
const REMEMBERED_OF_ONE = 4;

type RevisionRead = (arn: string, priority: Priority, signal: AbortSignal) => Promise<ServiceRevision | undefined>;

/** A service revision never changes, so it is read once, and remembered until its service has newer ones. */
export function createRevisionRead(connection: Connection): RevisionRead {
  const { client, lifetime } = connection;
  const known = new BoundedMap<string, readonly ServiceRevision[]>(REMEMBERED_SERVICES);
  const batcher = createArnBatcher<ServiceRevision>(connection, {
    action: 'DescribeServiceRevisions',
    maxItems: MAX_ITEMS,
    async describe(arns) {
      const command = new DescribeServiceRevisionsCommand({ serviceRevisionArns: [...arns] });
      const { serviceRevisions, failures } = await client.send(command, { abortSignal: lifetime });
      return { items: serviceRevisions, failures };
    },
    arnOf: ({ serviceRevisionArn }) => serviceRevisionArn,
  });
  return async (arn, priority, signal) => {
    const service = arn.slice(0, arn.lastIndexOf('/'));
    const remembered = known.get(service)?.find(({ serviceRevisionArn }) => serviceRevisionArn === arn);
    const revision = remembered ?? (await batcher.read(arn, priority, signal));
    if (revision === undefined) return undefined;
    const others = (known.get(service) ?? []).filter(({ serviceRevisionArn }) => serviceRevisionArn !== arn);
    known.set(service, [revision, ...others].slice(0, REMEMBERED_OF_ONE));
    return revision;
  };
}

export function createDescribeDeployments(connection: Connection): Batcher<ServiceDeployment> {
  const { client, lifetime } = connection;
  return createArnBatcher<ServiceDeployment>(connection, {
    action: 'DescribeServiceDeployments',
    maxItems: MAX_ITEMS,
    async describe(arns) {
      const command = new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [...arns] });
      const { serviceDeployments, failures } = await client.send(command, { abortSignal: lifetime });
      return { items: serviceDeployments, failures };
    },
    arnOf: ({ serviceDeploymentArn }) => serviceDeploymentArn,
  });
}
