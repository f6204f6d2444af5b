import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Cluster } from './kubectl.ts';
import { startLoopbackServer } from './loopback-server.ts';
import { selfSigned } from './self-signed.ts';
import { waitFor } from './wait-for.ts';

const [GROUP, VERSION] = ['external.metrics.k8s.io', 'v1beta1'];
const GROUP_VERSION = `${GROUP}/${VERSION}`;
const ROOT = `/apis/${GROUP_VERSION}`;
const API_SERVICE = `${VERSION}.${GROUP}`;

/** Metrics by name, the same in each namespace, as the test sets them. One that was never set is not found. */
export interface ExternalMetrics extends AsyncDisposable {
  set(metric: string, value: number): void;
}

/**
 * The external metrics API, served by this process and registered with the API server, which must reach its loopback.
 *
 * There can be one in a cluster. Disposing of it takes the registration back first, and waits: while a registered API
 * does not answer, no namespace can be deleted.
 */
export async function serveExternalMetrics(cluster: Cluster, namespace: string): Promise<ExternalMetrics> {
  await using cleanup = new AsyncDisposableStack();
  const values = new Map<string, number>();
  const tls = selfSigned('localhost', new Date());
  const server = cleanup.use(await startLoopbackServer((request, response) => answer(values, request, response), tls));
  cleanup.defer(async () => {
    const { code, stderr } = await cluster.kubectl(['delete', 'apiservice', API_SERVICE, '--ignore-not-found']);
    if (code !== 0) throw new Error(`the metrics API is still registered: ${stderr}`);
  });
  await register(cluster, namespace, Number(new URL(server.url).port));
  const lifetime = cleanup.move();
  return {
    set: (metric, value) => void values.set(metric, value),
    [Symbol.asyncDispose]: () => lifetime.disposeAsync(),
  };
}

/** By a name that the API server resolves itself, as there is no network of services here. */
async function register(cluster: Cluster, namespace: string, port: number): Promise<void> {
  const service = { name: 'external-metrics', namespace };
  await cluster.apply({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: service,
    spec: { type: 'ExternalName', externalName: 'localhost' },
  });
  await cluster.apply({
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: API_SERVICE },
    spec: {
      group: GROUP,
      version: VERSION,
      service: { ...service, port },
      insecureSkipTLSVerify: true,
      groupPriorityMinimum: 100,
      versionPriority: 100,
    },
  });
  const served = (): ReturnType<Cluster['kubectl']> => cluster.kubectl(['get', '--raw', ROOT]);
  await waitFor('the metrics API to be served', served, ({ code }) => code === 0);
}

function answer(values: ReadonlyMap<string, number>, { url = '' }: IncomingMessage, response: ServerResponse): void {
  const { pathname } = new URL(url, 'https://localhost');
  const body = pathname === ROOT ? RESOURCES : seriesOf(values, pathname);
  response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** Names none: autoscalers ask for their metric without looking it up. */
const RESOURCES = { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: GROUP_VERSION, resources: [] };

function seriesOf(values: ReadonlyMap<string, number>, path: string): object | undefined {
  const metricName = path.startsWith(`${ROOT}/namespaces/`) ? path.slice(path.lastIndexOf('/') + 1) : '';
  const value = values.get(metricName);
  if (value === undefined) return undefined;
  const series = { metricName, metricLabels: {}, timestamp: new Date().toISOString(), value: String(value) };
  return { kind: 'ExternalMetricValueList', apiVersion: GROUP_VERSION, metadata: {}, items: [series] };
}
