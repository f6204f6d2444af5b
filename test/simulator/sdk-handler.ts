import { type HttpRequest, HttpResponse } from '@smithy/core/protocols';
import type { HttpHandlerOptions } from '@smithy/types';
import { ConnectionLost } from './faults.ts';
import { readRequest, type WireAnswer, writeAnswer, writeError } from './json-protocol.ts';
import { SimulatedError } from './simulated-error.ts';

/** What the SDK asks of a `requestHandler`. */
export interface SdkHandler {
  readonly metadata: { handlerProtocol: string };
  handle(request: HttpRequest, options?: HttpHandlerOptions): Promise<{ response: HttpResponse }>;
  destroy(): void;
  updateHttpClientConfig(): void;
  httpHandlerConfigs(): Record<string, never>;
}

/** A request as it comes over the wire, with the names of its headers in lower case. */
export interface WireRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

type Call = (action: string, input: object, headers: Readonly<Record<string, string>>) => Promise<object>;

/** Answers the SDK's requests in this process. An abort ends the wait, not the call: a server would not see it either. */
export function createSdkHandler(call: Call): SdkHandler {
  return createWireHandler((request, requestId) => answerWire(call, request, requestId));
}

/** The same for whatever answers requests as they come over the wire. */
export function createWireHandler(
  answer: (request: WireRequest, requestId: string) => Promise<WireAnswer>,
): SdkHandler {
  let count = 0;
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(request, { abortSignal } = {}) {
      count += 1;
      const requestId = requestIdOf(count);
      if (abortSignal?.aborted === true) throw aborted();
      const answered = await untilAborted(answer(request, requestId), abortSignal);
      const body = new TextEncoder().encode(answered.body);
      return { response: new HttpResponse({ ...answered, headers: { ...answered.headers }, body }) };
    },
    destroy: () => undefined,
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
  };
}

/** The answer as it goes over the wire; rejects only if the connection is to be lost. */
export async function answerWire(call: Call, request: WireRequest, requestId: string): Promise<WireAnswer> {
  try {
    const { action, input } = readRequest(request.headers['x-amz-target'], textOf(request.body));
    return writeAnswer(await call(action, input, request.headers), requestId);
  } catch (error) {
    if (error instanceof ConnectionLost) throw networkError(error);
    if (error instanceof SimulatedError) return writeError(error, requestId);
    // A flaw of the simulator itself: said aloud, as ECS's own flaws are a ServerException with another message.
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return writeError(new SimulatedError('ServerException', `The simulator failed: ${message}`, 500), requestId);
  }
}

export function requestIdOf(count: number): string {
  return `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`;
}

function textOf(body: unknown): string {
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return new TextDecoder().decode(body);
  return '';
}

/** As Node's own client and the SDK's handler name them. */
function networkError(lost: ConnectionLost): Error {
  const error = new Error(lost.message, { cause: lost });
  if (lost.kind === 'timeout') error.name = 'TimeoutError';
  return Object.assign(error, { code: lost.kind === 'timeout' ? 'ETIMEDOUT' : 'ECONNRESET' });
}

/** The SDK's own signals, and those of the platform, can both be listened to. */
function untilAborted<Answer>(answer: Promise<Answer>, signal: HttpHandlerOptions['abortSignal']): Promise<Answer> {
  if (!(signal instanceof AbortSignal)) return answer;
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(aborted());
  signal.addEventListener('abort', abort, { once: true });
  return Promise.race([answer, promise]).finally(() => signal.removeEventListener('abort', abort));
}

function aborted(): Error {
  const error = new Error('Request aborted');
  error.name = 'AbortError';
  return error;
}
