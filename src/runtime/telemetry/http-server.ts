import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

export interface HttpServerOptions {
  /** `127.0.0.1` for this machine only, `0.0.0.0` for all. */
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** By path. Everything else is 404. */
  readonly routes: Readonly<Record<string, () => Answer | Promise<Answer>>>;
}

/** Disposing of it closes it, with all connections. */
export interface HttpServer extends AsyncDisposable {
  readonly port: number;
}

/** Listens when it resolves; rejects where the port is taken. */
export async function serveHttp({ host, port, routes }: HttpServerOptions): Promise<HttpServer> {
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const route = isRead && Object.hasOwn(routes, path) ? routes[path] : undefined;
    answer(response, route).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, resolve);
  });
  return {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what listens on TCP has such an address
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(response: ServerResponse, route: HttpServerOptions['routes'][string] | undefined): Promise<void> {
  const { status, contentType, body } = (await route?.()) ?? plain(404, 'not found\n');
  response.writeHead(status, { 'content-type': contentType }).end(body);
}

export function plain(status: number, body: string): Answer {
  return { status, contentType: 'text/plain; charset=utf-8', body };
}
