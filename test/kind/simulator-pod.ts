import { createInterface } from 'node:readline';
import { ECSClient } from '@aws-sdk/client-ecs';
import { startChild } from '../support/child-process.ts';
import type { Cluster } from '../support/kubectl.ts';

/** The simulator as a pod behind a Service. */
export interface SimulatorPod extends AsyncDisposable {
  /** For pods. */
  readonly endpoint: string;
  /** Sees what the operator made of it, over a forwarded port. */
  readonly ecs: ECSClient;
}

const NAME = 'simulator';
const PORT = 4580;

export async function runSimulatorPod(cluster: Cluster, namespace: string, image: string): Promise<SimulatorPod> {
  await cluster.apply(objectsOf(namespace, image));
  const where = `--namespace=${namespace}`;
  const { code, stderr } = await cluster.kubectl(['rollout', 'status', `deployment/${NAME}`, where, '--timeout=120s']);
  if (code !== 0) throw new Error(`the simulator does not run: ${stderr}`);
  const { access } = cluster;
  const [program, ...before] = access.kubectl;
  const forward = startChild(program, [...before, 'port-forward', `service/${NAME}`, `:${PORT}`, where], {
    environment: { ...access.environment, KUBECONFIG: access.kubeconfigPath },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const { stdout } = forward.process;
  if (stdout === null) throw new Error('kubectl was started without pipes');
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  createInterface({ input: stdout }).on('line', (line) => {
    const port = /^Forwarding from 127\.0\.0\.1:(\d+)/.exec(line)?.[1];
    if (port !== undefined) resolve(`http://127.0.0.1:${port}`);
  });
  void forward.ended.then(() => reject(new Error('kubectl port-forward ended')));
  const ecs = new ECSClient({
    endpoint: await promise,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  return {
    endpoint: `http://${NAME}.${namespace}.svc:${PORT}`,
    ecs,
    async [Symbol.asyncDispose]() {
      ecs.destroy();
      await forward.end('SIGTERM');
    },
  };
}

function objectsOf(namespace: string, image: string): object {
  const metadata = { name: NAME, namespace, labels: { app: NAME } };
  const container = { name: NAME, image, args: ['--speed=20'], readinessProbe: { tcpSocket: { port: PORT } } };
  const spec = {
    selector: { matchLabels: metadata.labels },
    template: { metadata: { labels: metadata.labels }, spec: { containers: [container] } },
  };
  const service = { selector: metadata.labels, ports: [{ port: PORT }] };
  return {
    apiVersion: 'v1',
    kind: 'List',
    items: [
      { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec },
      { apiVersion: 'v1', kind: 'Service', metadata, spec: service },
    ],
  };
}
