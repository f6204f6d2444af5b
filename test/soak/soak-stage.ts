import { realClock } from '../simulator/clock.ts';
import { serveSimulator } from '../simulator/http.ts';
import { createSimulator, type Simulator } from '../simulator/simulator.ts';
import { operatorRights } from '../support/chart.ts';
import { type ControlPlane, startControlPlane } from '../support/control-plane.ts';
import { redirectKubeconfig } from '../support/control-plane-kubeconfig.ts';
import { installCrds } from '../support/crds.ts';
import { INSPECTED } from '../support/inspected-heap.ts';
import { type KubeHttp, openKubeHttp } from '../support/kube-http.ts';
import { BUNDLE, type OperatorProcess, startOperator } from '../support/operator-process.ts';
import { openTcpGate, type TcpGate } from '../support/tcp-gate.ts';

/** Three of them are waited for in the end. */
export const RESYNC_SECONDS = 30;

/** A control plane of its own, the operator's bundle as a process, and the simulator in this one. */
export interface SoakStage extends AsyncDisposable {
  readonly plane: ControlPlane;
  /** To the API server, past the gate. */
  readonly kube: KubeHttp;
  /** Where the operator's connections to the API server go through. */
  readonly gate: TcpGate;
  readonly simulator: Simulator;
  readonly namespace: string;
  /** The name under which the API server knows the operator. */
  readonly user: string;
  /** Starts the bundle anew, in place of the one that runs. There is only ever one, so that it needs no lease. */
  startOperator(): Promise<OperatorProcess>;
}

export async function openSoakStage(seed: number): Promise<SoakStage> {
  await using cleanup = new AsyncDisposableStack();
  const plane = cleanup.use(await startControlPlane());
  await installCrds(plane);
  const { name: namespace } = await plane.createNamespace('soak');
  const release = { name: namespace, namespace };
  await plane.apply(operatorRights(release));
  const gate = cleanup.use(await openTcpGate(Number(new URL(plane.url).port)));
  const kubeconfig = await redirectKubeconfig(await plane.kubeconfigFor(release), `https://127.0.0.1:${gate.port}`);
  const timings = { taskStartMs: 1_000, taskStopMs: 500, steadyMs: 1_000 };
  const simulator = createSimulator({ clock: realClock(), seed, throttle: true, latencyMs: 20, timings });
  const served = await serveSimulator(simulator, { port: 0 });
  cleanup.defer(() => served.close());
  const kube = cleanup.use(await openKubeHttp(plane.access));
  let operator: OperatorProcess | undefined;
  cleanup.defer(async () => void (await operator?.kill()));
  const lifetime = cleanup.move();
  return {
    plane,
    kube,
    gate,
    simulator,
    namespace,
    user: `system:serviceaccount:${namespace}:${namespace}`,
    async startOperator() {
      await operator?.kill();
      const environment = {
        ECS_OPERATOR_WATCH_NAMESPACES: namespace,
        ECS_OPERATOR_RESYNC_INTERVAL: `${RESYNC_SECONDS}s`,
        POD_NAMESPACE: namespace,
        ECS_OPERATOR_LEADER_ELECTION: 'false',
      };
      const options = { entry: BUNDLE, nodeFlags: INSPECTED, kubeconfig, endpoint: served.url, timeoutMs: 120_000 };
      operator = await startOperator({ ...options, environment });
      return operator;
    },
    [Symbol.asyncDispose]: () => lifetime.disposeAsync(),
  };
}
