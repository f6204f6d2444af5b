import { KubeConfig } from '@kubernetes/client-node';
import type { KubeApi } from './kube-api.ts';
import { createRestApi } from './kube-rest.ts';
import {
  type KubeConnection,
  type KubeCredentials,
  type KubeTls,
  KubeTransport,
  type KubeTransportOptions,
} from './kube-transport.ts';

export interface KubeConfigOptions {
  /** A kubeconfig file. Unless stated, what kubectl uses: KUBECONFIG, then ~/.kube/config, then the pod's service account. */
  readonly path?: string | undefined;
  /** A context of it; the current one unless stated. */
  readonly context?: string | undefined;
}

export interface KubeApiOptions extends KubeTransportOptions {
  /** Under which name the API server books what we write. */
  readonly fieldManager: string;
}

/**
 * Where the API server is, from a kubeconfig or from within a pod. Tokens in files, exec plugins and OIDC work as the
 * client library knows them; all are asked anew for each request, and forgotten once the API server refuses them.
 */
export function loadKubeConfig(options: KubeConfigOptions = {}): KubeConnection {
  let config = readKubeConfig(options);
  let reading: Promise<KubeCredentials> | undefined;
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new Error('the kubeconfig names no cluster; set a current context in it');
  if (cluster.proxyUrl?.startsWith('socks') === true) {
    throw new Error(`cluster ${cluster.name} is behind a SOCKS proxy, which is not supported; use an HTTP proxy`);
  }
  const context = config.getContextObject(config.getCurrentContext());
  return {
    server: cluster.server,
    namespace: context?.namespace,
    proxyUrl: cluster.proxyUrl,
    credentials() {
      // Many requests may ask at once; an exec plugin is to run once for all of them.
      reading ??= readCredentials(config).finally(() => {
        reading = undefined;
      });
      return reading;
    },
    forgetCredentials() {
      try {
        config = readKubeConfig(options);
      } catch {
        // The file is gone or being written; what was read of it before is tried on.
      }
    },
  };
}

/** The API server of this connection. Dispose of it to close all its connections; calls under way then fail. */
export function createKubeApi(options: KubeApiOptions): KubeApi & AsyncDisposable {
  const transport = new KubeTransport(options);
  return {
    ...createRestApi(transport, options.fieldManager),
    [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose](),
  };
}

function readKubeConfig({ path, context }: KubeConfigOptions): KubeConfig {
  const config = new KubeConfig();
  try {
    if (path === undefined) config.loadFromDefault();
    else config.loadFromFile(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`the kubeconfig cannot be read: ${reason}; set --kubeconfig or KUBECONFIG`, { cause });
  }
  if (context !== undefined) config.setCurrentContext(context);
  for (const cluster of config.getClusters()) {
    if (path === undefined && cluster.name === 'cluster' && cluster.server === 'http://localhost:8080') {
      throw new Error('no kubeconfig was found and this is no pod; set KUBECONFIG');
    }
    // The library refuses plain HTTP unless told that nobody expects TLS of it, as nobody does of an http:// address.
    if (cluster.server.startsWith('http:')) Object.assign(cluster, { skipTLSVerify: true });
  }
  return config;
}

/** `applyToHTTPSOptions` is the library's one public way to certificates and headers; the agent that it makes is not used. */
async function readCredentials(config: KubeConfig): Promise<KubeCredentials> {
  const options: Parameters<KubeConfig['applyToHTTPSOptions']>[0] = { headers: {} };
  await config.applyToHTTPSOptions(options);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {})) headers[name] = String(value).trim();
  if (typeof options.auth === 'string') {
    headers['Authorization'] = `Basic ${Buffer.from(options.auth).toString('base64')}`;
  }
  const { ca, cert, key, servername, rejectUnauthorized } = options;
  const tls: KubeTls = { ca: pem(ca), cert: pem(cert), key: pem(key), servername, rejectUnauthorized };
  return { headers, tls: withoutUndefined(tls) };
}

function pem(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return Buffer.isBuffer(value) ? value.toString('utf8') : undefined;
}

function withoutUndefined(tls: KubeTls): KubeTls {
  return Object.fromEntries(Object.entries(tls).filter(([, value]) => value !== undefined));
}
