import { Agent, type Dispatcher, ProxyAgent } from 'undici';
import type { Clock } from '../../lib/clock.ts';
import { KubeError } from './kube-api.ts';
import { parseRefusal } from './kube-refusal.ts';

/** What a request needs to be let in. */
export interface KubeCredentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: KubeTls;
}

/** As `node:tls` takes them. */
export interface KubeTls {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly servername?: string | undefined;
  readonly rejectUnauthorized?: boolean | undefined;
}

/** Where the API server is and how to be let in. */
export interface KubeConnection {
  /** The base of all paths, such as `https://10.0.0.1:6443`. */
  readonly server: string;
  /** The namespace of the current context, or of the pod. */
  readonly namespace: string | undefined;
  readonly proxyUrl: string | undefined;
  /** Read anew for every request, since tokens and certificates rotate. */
  credentials(): Promise<KubeCredentials>;
  /** The last ones were refused: whatever of them is kept in memory is not to be used again. */
  forgetCredentials(): void;
}

export interface KubeRequestMetrics {
  /** `code` is the HTTP status, or `<error>` where no answer came. */
  requested(request: { readonly code: string; readonly method: string; readonly host: string }): void;
}

export interface KubeTimeouts {
  readonly connectMs: number;
  /** Until the answer begins, and between any two pieces of it. */
  readonly answerMs: number;
}

export interface KubeTransportOptions {
  readonly connection: KubeConnection;
  readonly clock: Clock;
  readonly userAgent: string;
  readonly metrics?: KubeRequestMetrics | undefined;
  readonly timeouts?: KubeTimeouts | undefined;
}

export interface KubeRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  readonly path: string;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  readonly contentType?: string;
}

/** API servers cut a request off after 60 s; one that is silent for half of it is taken for dead. */
const TIMEOUTS: KubeTimeouts = { connectMs: 10_000, answerMs: 30_000 };
const MOST_CONNECTIONS = 16;
const KEEP_ALIVE_MS = 30_000;

interface Agents {
  readonly fingerprint: string;
  readonly requests: Dispatcher;
  /** Apart, as each watch holds a connection for minutes: they may not take those of the requests. */
  readonly watches: Dispatcher;
}

/**
 * Sends requests on few, kept connections. The pools are built anew when the certificates change; requests under way
 * end on the old ones. Every failure is a `KubeError`; a signal's abort is the signal's reason.
 */
export class KubeTransport implements AsyncDisposable {
  readonly #options: KubeTransportOptions;
  readonly #timeouts: KubeTimeouts;
  readonly #base: URL;
  readonly #open = new Set<Dispatcher>();
  #agents: Agents | undefined;

  constructor(options: KubeTransportOptions) {
    this.#options = options;
    this.#timeouts = options.timeouts ?? TIMEOUTS;
    this.#base = new URL(options.connection.server);
  }

  /** The answer's JSON. */
  async json(request: KubeRequest, signal: AbortSignal): Promise<unknown> {
    const answer = await this.#send(request, { isWatch: false, bodyTimeout: this.#timeouts.answerMs }, signal);
    try {
      return await answer.body.json();
    } catch (error) {
      throw signal.aborted ? signal.reason : failed(error, 'BrokenOff', 'the answer broke off');
    }
  }

  /** The answer as it comes. It may be silent for so long. */
  async *stream(request: KubeRequest, silenceMs: number, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const answer = await this.#send(request, { isWatch: true, bodyTimeout: silenceMs }, signal);
    try {
      for await (const chunk of answer.body) yield bytesOf(chunk);
    } catch (error) {
      throw signal.aborted ? signal.reason : failed(error, 'BrokenOff', 'the watch broke off');
    } finally {
      answer.body.on('error', ignore).destroy();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#agents = undefined;
    await Promise.all([...this.#open].map((agent) => agent.destroy()));
    this.#open.clear();
  }

  async #send(
    request: KubeRequest,
    { isWatch, bodyTimeout }: { readonly isWatch: boolean; readonly bodyTimeout: number },
    signal: AbortSignal,
  ): Promise<Dispatcher.ResponseData> {
    signal.throwIfAborted();
    const { connection, clock, userAgent, metrics } = this.#options;
    const told = { method: request.method, host: this.#base.host };
    let answer: Dispatcher.ResponseData;
    try {
      const credentials = await connection.credentials();
      const agents = this.#agentsFor(credentials.tls);
      answer = await (isWatch ? agents.watches : agents.requests).request({
        origin: this.#base.origin,
        path: this.#pathOf(request),
        method: request.method,
        headers: {
          accept: 'application/json',
          'user-agent': userAgent,
          ...(request.body === undefined ? {} : { 'content-type': request.contentType ?? 'application/json' }),
          ...credentials.headers,
        },
        body: request.body === undefined ? null : JSON.stringify(request.body),
        headersTimeout: this.#timeouts.answerMs,
        bodyTimeout,
        signal,
      });
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      metrics?.requested({ ...told, code: '<error>' });
      throw failed(error, 'Unreachable', 'the API server did not answer');
    }
    metrics?.requested({ ...told, code: String(answer.statusCode) });
    if (answer.statusCode >= 200 && answer.statusCode < 300) return answer;
    if (answer.statusCode === 401) connection.forgetCredentials();
    const body = await answer.body.text().catch(() => '');
    if (signal.aborted) throw signal.reason;
    throw parseRefusal(answer.statusCode, body, answer.headers['retry-after'], clock);
  }

  #pathOf({ path, query }: KubeRequest): string {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, value);
    const prefix = this.#base.pathname.replace(/\/$/, '');
    return search.size === 0 ? `${prefix}${path}` : `${prefix}${path}?${search.toString()}`;
  }

  #agentsFor(tls: KubeTls): Agents {
    const fingerprint = JSON.stringify(tls);
    if (this.#agents?.fingerprint === fingerprint) return this.#agents;
    const old = this.#agents;
    this.#agents = {
      fingerprint,
      requests: this.#openAgent(tls, { connections: MOST_CONNECTIONS }),
      watches: this.#openAgent(tls, {}),
    };
    if (old !== undefined) this.#retire(old);
    return this.#agents;
  }

  #openAgent(tls: KubeTls, options: Agent.Options): Dispatcher {
    const { connectMs } = this.#timeouts;
    const shared = { ...options, allowH2: false, pipelining: 1, keepAliveTimeout: KEEP_ALIVE_MS };
    const { proxyUrl } = this.#options.connection;
    const agent =
      proxyUrl === undefined
        ? new Agent({ ...shared, connect: { ...tls, timeout: connectMs, keepAliveInitialDelay: KEEP_ALIVE_MS } })
        : new ProxyAgent({ ...shared, uri: proxyUrl, requestTls: { ...tls, timeout: connectMs } });
    this.#open.add(agent);
    return agent;
  }

  #retire({ requests, watches }: Agents): void {
    for (const agent of [requests, watches]) {
      agent.close().then(() => this.#open.delete(agent), ignore);
    }
  }
}

function failed(error: unknown, reason: 'Unreachable' | 'BrokenOff', what: string): KubeError {
  if (error instanceof KubeError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const because = [code, error instanceof Error ? error.message : String(error)].filter((part) => part !== '');
  const message = `${what}: ${[...new Set(because)].join(' ')}`;
  return new KubeError({ code: 0, reason, message }, { cause: error });
}

function bytesOf(chunk: unknown): Uint8Array {
  return chunk instanceof Uint8Array ? chunk : Buffer.from(String(chunk));
}

function ignore(): void {}
