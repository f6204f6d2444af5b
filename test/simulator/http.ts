import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { CallPath } from './call-path.ts';
import type { WireAnswer } from './json-protocol.ts';
import { answerWire, requestIdOf, type WireRequest } from './sdk-handler.ts';

export interface ServedSimulator {
  readonly url: string;
  /** Ends at once, whatever is still open. */
  close(): Promise<void>;
}

/** Serves a simulator, or a proxy, as AWS would, in AWS JSON 1.1 without signatures being checked. Port 0 takes any free one. */
export async function serveSimulator(
  { call }: Pick<CallPath, 'call'>,
  at: { port: number; host?: string },
): Promise<ServedSimulator> {
  return await serveWire((request, requestId) => answerWire(call, request, requestId), at);
}

type AnswerWire = (request: WireRequest, requestId: string) => Promise<WireAnswer>;

/** Serves whatever answers requests as they come over the wire. */
export async function serveWire(
  answerRequest: AnswerWire,
  { port, host = '127.0.0.1' }: { port: number; host?: string },
): Promise<ServedSimulator> {
  let count = 0;
  const server = createServer((request, response) => {
    count += 1;
    void answer(answerRequest, { request, response, requestId: requestIdOf(count) });
  });
  // Longer than clients keep an idle connection, so that it is never the server's end that races a request.
  server.keepAliveTimeout = 120_000;
  await listen(server, port, host);
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://${host}:${bound}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
}

async function answer(answerRequest: AnswerWire, { request, response, requestId }: Exchange): Promise<void> {
  try {
    const headers = headersOf(request);
    const body = await readBody(request);
    const { statusCode, headers: answered, body: text } = await answerRequest({ headers, body }, requestId);
    response.writeHead(statusCode, { ...answered, 'content-length': Buffer.byteLength(text) });
    response.end(text);
  } catch {
    // A connection that is to be lost, or that the client gave up: either way nobody hears an answer.
    request.socket.destroy();
  }
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
