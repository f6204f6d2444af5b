import type { ControlPlane } from './control-plane.ts';
import type { Environment } from './environment.ts';
import { argsOf, type Helm, parseObjects } from './helm.ts';
import { BUNDLE, type OperatorProcess, startOperator } from './operator-process.ts';

export interface InstalledChart {
  readonly plane: ControlPlane;
  readonly helm: Helm;
  /** Of AWS. */
  readonly endpoint: string;
  readonly release: string;
  readonly namespace: string;
  readonly environment?: Environment;
}

/** Set by whoever runs the operator as a process: two of them may run beside each other on this machine. */
const OWN_PORTS = /^--(?:health|metrics)-port=/;

/** The operator as the installed Deployment would start it, under the installed service account: the bundle, as the image has it. */
export async function startInstalled(chart: InstalledChart): Promise<OperatorProcess> {
  const { plane, helm, endpoint, release, namespace, environment } = chart;
  const objects = parseObjects(await helm.must('get', 'manifest', release, `--namespace=${namespace}`));
  return await startOperator({
    kubeconfig: await plane.kubeconfigFor({ namespace, name: release }),
    endpoint,
    entry: BUNDLE,
    args: argsOf(objects).filter((flag) => !OWN_PORTS.test(flag)),
    environment: { POD_NAMESPACE: namespace, ...environment },
  });
}
