import { randomBytes } from 'node:crypto';
import { ECSClient } from '@aws-sdk/client-ecs';
import type { CallPath, Headers } from '../simulator/call-path.ts';
import { realClock } from '../simulator/clock.ts';
import { type ServedSimulator, serveSimulator } from '../simulator/http.ts';
import { createSimulator, type Simulator, type SimulatorOptions } from '../simulator/simulator.ts';
import { operatorRights } from './chart.ts';
import { redirectKubeconfig } from './control-plane-kubeconfig.ts';
import type { Environment } from './environment.ts';
import { type KubeProxy, startKubeProxy } from './kube-proxy.ts';
import type { Cluster } from './kubectl.ts';
import { type OperatorProcess, startOperator } from './operator-process.ts';

export interface StackOptions {
  readonly cluster: Cluster;
  /** No container instances unless stated: a cluster that has some cannot be deleted. */
  readonly simulator?: Partial<SimulatorOptions>;
  /** What the name of the namespace begins with: `story` unless stated. */
  readonly namespacePrefix?: string;
  /** Whether the operator has a namespace of its own, as an installed one has: without it, it ends with the objects' one. */
  readonly livesApart?: boolean;
  /** How much faster than the wall the simulator's time goes. */
  readonly speed?: number;
  /** On top of the settings of `startOperator`. */
  readonly environment?: Environment;
  readonly args?: readonly string[];
  /** What Node runs as the operator: the sources unless stated. */
  readonly entry?: string;
  /** Whether the operator reaches the API server by a proxy, which sees its writes and may misbehave. */
  readonly hasProxy?: boolean;
  /** Told of each call as it reaches the endpoint, with its headers. */
  readonly onArrival?: (action: string, headers: Headers) => void;
}

/**
 * All that a story needs: a namespace, the simulator behind HTTP, a plain SDK client that sees what the operator made
 * of it, and the operator as a process with the chart's own rights. Disposing of it ends and removes everything, and
 * fails where these rights were not enough.
 */
export interface Stack extends AsyncDisposable {
  /** The namespace of the story's objects; the operator watches no other. */
  readonly namespace: string;
  /** The id in the ownership tags; one of its own for each stack. */
  readonly clusterId: string;
  readonly simulator: Simulator;
  readonly endpoint: string;
  readonly ecs: ECSClient;
  readonly proxy: KubeProxy | undefined;
  /** The operator that runs now. */
  readonly operator: OperatorProcess;
  /** Ends the operator where it stands, unless it has ended already, and starts it anew with empty memory. */
  restartOperator(): Promise<OperatorProcess>;
  /** One more operator with the same settings, but for these. The stack ends it too. */
  startReplica(environment: Environment): Promise<OperatorProcess>;
}

export async function startStack(options: StackOptions): Promise<Stack> {
  const { cluster, namespacePrefix = 'story', speed = 1, environment, args, entry, hasProxy = false } = options;
  const { livesApart = false } = options;
  await using cleanup = new AsyncDisposableStack();
  const namespace = cleanup.use(await cluster.createNamespace(namespacePrefix));
  const clusterId = `test-${randomBytes(4).toString('hex')}`;
  const home = livesApart ? cleanup.use(await cluster.createNamespace('operator')) : namespace;
  const direct = await installRights(cluster, home.name);
  const proxy = hasProxy ? cleanup.use(await startKubeProxy(direct)) : undefined;
  const kubeconfig = proxy === undefined ? direct : await redirectKubeconfig(direct, proxy.url);
  const simulator = createSimulator({ clock: realClock({ speed }), containerInstances: 0, ...options.simulator });
  const call: CallPath['call'] = async (action, input, headers = {}) => {
    options.onArrival?.(action, headers);
    return await simulator.call(action, input, headers);
  };
  const served = await serveSimulator({ call }, { port: 0 });
  cleanup.defer(() => served.close());
  const ecs = connectTo(served);
  cleanup.defer(() => ecs.destroy());
  const start = (own: Environment = {}): Promise<OperatorProcess> =>
    startOperator({
      kubeconfig,
      endpoint: served.url,
      environment: {
        ECS_OPERATOR_CLUSTER_ID: clusterId,
        ECS_OPERATOR_WATCH_NAMESPACES: namespace.name,
        POD_NAMESPACE: home.name,
        ...environment,
        ...own,
      },
      ...(args && { args }),
      ...(entry && { entry }),
    });
  let operator = await start();
  cleanup.defer(() => operator[Symbol.asyncDispose]());
  if (isKept(cluster)) {
    cleanup.defer(async () => {
      if (!operator.isRunning()) operator = await start(TIDYING);
      await removeFrom(cluster, namespace.name, home.name);
    });
  }
  const replicas = cleanup.use(new AsyncDisposableStack());
  const lifetime = cleanup.move();
  return {
    namespace: namespace.name,
    clusterId,
    simulator,
    endpoint: served.url,
    ecs,
    proxy,
    get operator() {
      return operator;
    },
    async restartOperator() {
      await operator[Symbol.asyncDispose]();
      operator = await start();
      return operator;
    },
    startReplica: async (own) => replicas.use(await start(own)),
    [Symbol.asyncDispose]: () => lifetime.disposeAsync(),
  };
}

/** One that was there before, and stays. Another ends with all that is in it. */
function isKept({ access }: Cluster): boolean {
  return access.auditLogPath === undefined;
}

/** Of an operator that comes for the end, where the test's own have ended: at once, and as fast as may be. */
const TIDYING = { ECS_OPERATOR_LEADER_ELECTION: 'false', ECS_OPERATOR_QUOTA_SHARE: '1' };

/** While an operator runs: who else should take its finalizers off? */
async function removeFrom(cluster: Cluster, namespace: string, home: string): Promise<void> {
  await cluster.kubectl(['delete', 'ecs', '--all', '--namespace', namespace, '--timeout=120s']);
  const rights = JSON.stringify(operatorRights({ name: home, namespace: home }));
  await cluster.kubectl(['delete', '--ignore-not-found', '--filename=-'], { input: rights });
}

/** The rights of the chart, in a release named after the namespace, so that stories do not share them. */
async function installRights(cluster: Cluster, namespace: string): Promise<string> {
  const release = { name: namespace, namespace };
  await cluster.apply(operatorRights(release));
  return await cluster.kubeconfigFor(release);
}

/** Sees ECS as any other user of the account would. */
function connectTo(served: ServedSimulator): ECSClient {
  return new ECSClient({
    endpoint: served.url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
}
