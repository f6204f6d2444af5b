import { existsSync, statSync } from 'node:fs';
import { operatorRights } from '../support/chart.ts';
import { openCluster } from '../support/control-plane-cluster.ts';
import { installCrds } from '../support/crds.ts';
import type { Environment } from '../support/environment.ts';
import { type KubeHttp, openKubeHttp } from '../support/kube-http.ts';
import { type Cluster, connectCluster } from '../support/kubectl.ts';
import { BUNDLE, type OperatorProcess, startOperator } from '../support/operator-process.ts';
import { type EcsProcess, startEcs } from './ecs-process.ts';

/** Each in a process of its own: the API server, ECS and the operator. This process only applies and looks. */
export interface BenchStage extends AsyncDisposable {
  readonly cluster: Cluster;
  readonly kube: KubeHttp;
  readonly ecs: EcsProcess;
  readonly namespace: string;
  /** The name under which the API server knows the operator. */
  readonly user: string;
  /** Starts the bundle, in place of the one that runs. */
  startOperator(environment?: Environment): Promise<OperatorProcess>;
}

export async function openBenchStage(): Promise<BenchStage> {
  await using cleanup = new AsyncDisposableStack();
  const opened = cleanup.use(await openCluster(process.env));
  const cluster = connectCluster(opened.access);
  await installCrds(cluster);
  const { name: namespace } = cleanup.use(await cluster.createNamespace('bench'));
  const release = { name: namespace, namespace };
  await cluster.apply(operatorRights(release));
  const kubeconfig = await cluster.kubeconfigFor(release);
  const ecs = cleanup.use(await startEcs());
  const kube = cleanup.use(await openKubeHttp(opened.access));
  let operator: OperatorProcess | undefined;
  cleanup.defer(async () => void (await operator?.kill()));
  const lifetime = cleanup.move();
  return {
    cluster,
    kube,
    ecs,
    namespace,
    user: `system:serviceaccount:${namespace}:${namespace}`,
    async startOperator(environment = {}) {
      await operator?.stop();
      const stated = { ECS_OPERATOR_WATCH_NAMESPACES: namespace, POD_NAMESPACE: namespace, ...environment };
      operator = await startOperator({ entry: BUNDLE, kubeconfig, endpoint: ecs.url, environment: stated });
      return operator;
    },
    [Symbol.asyncDispose]: () => lifetime.disposeAsync(),
  };
}

export function bundleMegabytes(): number {
  if (!existsSync(BUNDLE)) throw new Error('there is no bundle: run `make build`, or `make bench` for all of it');
  return statSync(BUNDLE).size / 1e6;
}
