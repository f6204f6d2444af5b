import { type Cluster, type ClusterField, DescribeClustersCommand } from '@aws-sdk/client-ecs';
import { type Batcher, createBatcher } from './batcher.ts';
import { type Connection, failuresByName, isNamedBy, isOfOneName, WINDOW_MS } from './connection.ts';

/** "Up to 100" (SDK type DescribeClustersRequest.clusters). */
const MAX_CLUSTERS = 100;

/** Clusters with all that ECS shows only when asked, up to 100 in a call. */
export function createClusterReads(connection: Connection): Batcher<Cluster> {
  const { client, call, clock, metrics, lifetime } = connection;
  return createBatcher({
    maxItems: MAX_CLUSTERS,
    windowMs: WINDOW_MS,
    isOfOneName,
    clock,
    execute: async (draw, priority) => {
      const action = 'DescribeClusters';
      const { clusters = [], failures } = await call({ action, priority, signal: lifetime }, () => {
        const names = draw();
        metrics.onBatch(action, names.length);
        const include: ClusterField[] = ['TAGS', 'SETTINGS', 'CONFIGURATIONS', 'STATISTICS', 'ATTACHMENTS'];
        const command = new DescribeClustersCommand({ clusters: [...names], include });
        return client.send(command, { abortSignal: lifetime });
      });
      const names = draw();
      const answers = new Map<string, Cluster | Error>(failuresByName(names, failures, action));
      for (const name of names) {
        const cluster = clusters.find(({ clusterArn }) => isNamedBy(clusterArn, name));
        if (cluster !== undefined) answers.set(name, cluster);
      }
      return answers;
    },
  });
}
