import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent, request as requestOf } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { z } from 'zod';
import { bodyOf } from './loopback-server.ts';

/** A request on its way to the API server, and the answer that its sender waits for. */
export interface Passage {
  readonly method: string;
  readonly url: URL;
  readonly body: string;
  /** For those who answer in the API server's place, or not at all. */
  readonly response: ServerResponse;
  /** Has the API server do it. Nothing of its answer is passed on yet. */
  fulfil(): Promise<IncomingMessage>;
  /** Has it done and passes the answer on as it comes. Settles when that has ended on either side. */
  forward(): Promise<void>;
}

/** Decides about a request. Rejecting cuts its connection. */
export type Warden = (passage: Passage) => Promise<void>;

/**
 * The API server behind a plain HTTP server of ours, which may misbehave. Who asks is asked for by the API server itself:
 * headers pass. Disposing of it cuts all connections.
 */
export interface KubeProxy extends AsyncDisposable {
  readonly url: string;
  /** All requests so far: `GET /api/v1/configmaps?limit=500`. */
  readonly requests: readonly string[];
  /** Every request that comes from now on is this warden's, until another is named. */
  appoint(warden: Warden): void;
  /** Resets all connections. */
  cut(): void;
  /** Nobody answers at the address until `open`; connections end. */
  close(): Promise<void>;
  open(): Promise<void>;
}

const Kubeconfig = z.object({
  clusters: z.tuple([
    z.object({
      cluster: z.object({
        server: z.url(),
        'certificate-authority': z.string().optional(),
        'certificate-authority-data': z.base64().optional(),
      }),
    }),
  ]),
});

/** In front of the API server of this kubeconfig. */
export async function startKubeProxy(kubeconfigPath: string, warden: Warden = letPass): Promise<KubeProxy> {
  const { clusters } = Kubeconfig.parse(JSON.parse(await readFile(kubeconfigPath, 'utf8')));
  const { server: target, ...authority } = clusters[0].cluster;
  const file = authority['certificate-authority'];
  const data = authority['certificate-authority-data'];
  const ca = file === undefined ? Buffer.from(data ?? '', 'base64') : await readFile(file);
  const agent = new Agent({ ca, keepAlive: true });
  const sockets = new Set<Socket>();
  const requests: string[] = [];
  let inCharge = warden;
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const passing = openPassage({ request, response, target, agent }).then((passage) => inCharge(passage));
    passing.catch(() => request.socket.resetAndDestroy());
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  let port = 0;
  function cut(): void {
    for (const socket of sockets) socket.resetAndDestroy();
  }
  async function open(): Promise<void> {
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    ({ port } = server.address() as AddressInfo);
  }
  async function close(): Promise<void> {
    cut();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  }
  await open();
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    appoint(named) {
      inCharge = named;
    },
    cut,
    close,
    open,
    async [Symbol.asyncDispose]() {
      await close();
      agent.destroy();
    },
  };
}

export function letPass(passage: Passage): Promise<void> {
  return passage.forward();
}

interface Arrival {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly target: string;
  readonly agent: Agent;
}

async function openPassage({ request, response, target, agent }: Arrival): Promise<Passage> {
  const { method = 'GET', headers } = request;
  const url = new URL(request.url ?? '/', target);
  const body = await bodyOf(request);
  async function fulfil(): Promise<IncomingMessage> {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const passed = { ...headers, host: url.host, 'content-length': String(Buffer.byteLength(body)) };
    const outgoing = requestOf(url, { method, agent, headers: passed }, resolve);
    outgoing.once('error', reject);
    outgoing.end(body);
    const answer = await promise;
    // A watch ends with its watcher; a connection that has done its work serves others.
    response.once('close', () => {
      if (!answer.complete) answer.destroy();
    });
    return answer;
  }
  return {
    method,
    url,
    body,
    response,
    fulfil,
    async forward() {
      const answer = await fulfil();
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.flushHeaders();
      answer.pipe(response);
      await new Promise((resolve) => response.once('close', resolve));
    },
  };
}
