import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { GROUP } from '../api/group.ts';
import { GROUP_OF, STS_ACTIONS } from '../aws/actions.ts';
import { FAILURES } from '../core/failure.ts';
import { KINDS } from '../kinds/index.ts';
import { systemClock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { systemRandom } from '../lib/random.ts';
import { createEventRecorder } from '../runtime/events/event-recorder.ts';
import type { KubeApi } from '../runtime/kube/kube-api.ts';
import { createKubeApi, loadKubeConfig } from '../runtime/kube/kube-client.ts';
import { createLeaderElector, type LeaderElector } from '../runtime/leader-election/leader-election.ts';
import type { Ending } from '../runtime/manager.ts';
import { createCallMetrics } from '../runtime/telemetry/call-metrics.ts';
import {
  cachesCheck,
  createLoopCheck,
  serveHealth,
  serveMetrics,
  stuckWorkerCheck,
} from '../runtime/telemetry/health.ts';
import { createMetrics, type Metrics } from '../runtime/telemetry/metrics.ts';
import { assembleOperator } from './assemble.ts';
import type { Config } from './config.ts';

export interface RunOptions {
  readonly config: Config;
  /** The kubeconfig file; undefined lets the Kubernetes client find it as kubectl does. */
  readonly kubeconfig: string | undefined;
  readonly version: string;
  readonly log: Log;
}

/** Of the metrics that are not controller-runtime's. */
export const METRICS_PREFIX = 'ecs_operator_';
const EVENTS_GRACE_MS = 2_000;
/** Above the time limit of a reconcile: whatever runs longer does not heed its signal. */
const STUCK_AFTER_MS = 1_200_000;

const OPERATOR_IDENTITY = { auto: 'without-accounts', true: 'always', false: 'never' } as const;

/** The operator as a process: until the signal aborts or the lease is lost. Everything it opened is closed then. */
export async function runOperator(
  { config, kubeconfig, version, log }: RunOptions,
  signal: AbortSignal,
): Promise<Ending> {
  await using cleanup = new AsyncDisposableStack();
  const userAgent = `ecs-operator/${version}`;
  const connection = loadKubeConfig({ path: kubeconfig });
  const metrics = metricsFor(config, connection.server);
  const shared = { connection, clock: systemClock, userAgent, metrics: metrics.kube };
  const api = cleanup.use(createKubeApi({ ...shared, fieldManager: 'ecs-operator' }));
  // Connections of its own: a renewal that waits behind a thousand writes of status comes too late.
  const leaseApi = cleanup.use(createKubeApi({ ...shared, fieldManager: 'ecs-operator' }));
  const reporter = { controller: `${GROUP}/controller`, instance: hostname() };
  const events = createEventRecorder({ api, clock: systemClock, log, reporter, onDiscard: metrics.eventDiscarded });
  const elector = config.leaderElection ? electorFor(config, { api: leaseApi, log, metrics }) : undefined;
  const { manager, access } = assembleOperator({
    api,
    elector,
    metrics,
    log,
    clock: systemClock,
    random: systemRandom,
    clusterId: config.clusterId,
    client: {
      region: config.awsRegion,
      endpoint: config.awsEndpoint,
      userAgent,
      beforeWrite: () => elector?.assertHeld(),
    },
    quotaShare: config.quotaShare,
    defaultTags: config.defaultTags,
    accounts: config.accounts ? { operatorIdentity: OPERATOR_IDENTITY[config.useOperatorIdentity] } : undefined,
    ecsMetrics: ecsMetricsFor(metrics),
    record: (object, event) => events.record(object, event),
    flush: () => events.close(EVENTS_GRACE_MS),
    namespaces: config.watchNamespaces,
    labelSelector: config.labelSelector,
    workers: config.concurrency,
    resyncIntervalMs: config.resyncInterval,
    shutdownGraceMs: config.shutdownGrace,
  });
  cleanup.defer(() => access.close());
  const loop = cleanup.use(createLoopCheck(systemClock));
  const checks = {
    live: [loop.check, stuckWorkerCheck(manager, STUCK_AFTER_MS)],
    ready: [cachesCheck(manager)],
  };
  const host = config.bindAddress;
  const health = cleanup.use(await serveHealth({ host, port: config.healthPort }, checks));
  const scrape = cleanup.use(await serveMetrics({ host, port: config.metricsPort }, metrics.registry));
  log.info({ host, healthPort: health.port, metricsPort: scrape.port }, 'listening');
  return await manager.run(signal);
}

/** Who is not elected leads from the start: of its work alerts and the dashboard tell as well. */
function metricsFor({ concurrency, leaderElection, leaderElectionName }: Config, server: string): Metrics {
  const metrics = createMetrics({
    prefix: METRICS_PREFIX,
    clock: systemClock,
    controllers: KINDS.map(({ definition }) => definition.kind.toLowerCase()),
    workers: concurrency,
    leaseName: leaderElectionName,
    kubeHost: new URL(server).host,
  });
  if (!leaderElection) metrics.leading(true);
  return metrics;
}

function ecsMetricsFor({ registry }: Metrics) {
  const outcomes = ['ok', ...Object.keys(FAILURES)];
  const operations = [...GROUP_OF.keys(), ...STS_ACTIONS];
  return createCallMetrics(registry, { prefix: `${METRICS_PREFIX}aws_`, operations, outcomes });
}

function electorFor(
  { leaderElectionNamespace, leaderElectionName }: Config,
  { api, log, metrics }: { readonly api: KubeApi; readonly log: Log; readonly metrics: Metrics },
): LeaderElector {
  return createLeaderElector({
    api,
    log,
    clock: systemClock,
    random: systemRandom,
    identity: `${hostname()}_${randomUUID()}`,
    namespace: leaderElectionNamespace,
    name: leaderElectionName,
    onMasterStatus: metrics.leading,
  });
}
