import { serviceOf } from './api-services.ts';
import { type ArrivedCall, type CallPath, type CallPathOptions, createCallPath, type Headers } from './call-path.ts';
import { ConnectionLost } from './faults.ts';
import { wireTarget, writeInput } from './json-protocol.ts';
import { SimulatedError } from './simulated-error.ts';

export interface ProxyOptions extends CallPathOptions {
  /** The ECS that answers: an emulator, or another simulator. */
  readonly endpoint: string;
  /** For calls without a signature of their own, as emulators read the Region from it. */
  readonly region?: string;
}

/**
 * Another ECS behind the simulator's front: its faults, throttling, latency, recording and hooks, without its world.
 * Answers are as they came over the wire, so timestamps are numbers. A signature is passed on as it came, which emulators
 * take; AWS itself would not, as the request was signed for another host. Faults with `stale` are refused.
 */
export function createProxy(options: ProxyOptions): CallPath {
  const { endpoint, region = 'eu-central-1' } = options;
  return createCallPath(options, {
    take: (call) => forward(call, { endpoint, region }),
    settle: () => undefined,
    onStale() {
      throw new Error('a proxy cannot answer as the world was: it does not keep one');
    },
  });
}

async function forward(
  { action, input, headers }: ArrivedCall,
  { endpoint, region }: { endpoint: string; region: string },
): Promise<object> {
  const response = await reach(endpoint, {
    method: 'POST',
    headers: { authorization: credentialFor(action, region), ...passedOn(headers), ...wireTarget(action) },
    body: writeInput(input),
  });
  const answer = parse(response.text);
  if (response.status < 400 && answer !== undefined) return answer;
  throw refusal(response.status, answer);
}

/** What belongs to one connection, or to the body as it was sent, is not passed on (RFC 9110, section 7.6.1). */
const NOT_PASSED_ON =
  /^(?:host|connection|keep-alive|te|trailer|upgrade|expect|transfer-encoding|content-length|accept-encoding|content-type|x-amz-target|proxy-.*)$/;

function passedOn(headers: Headers): Headers {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !NOT_PASSED_ON.test(name)));
}

/** Looks like a signature and is none. */
function credentialFor(action: string, region: string): string {
  const { prefix } = serviceOf(action).service;
  return `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/${prefix}/aws4_request, SignedHeaders=host, Signature=0`;
}

/** An endpoint that is not there is to its clients a connection that is lost. */
async function reach(endpoint: string, request: RequestInit): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(endpoint, { ...request, redirect: 'manual' });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    throw Object.assign(new ConnectionLost('reset'), { cause: error });
  }
}

function parse(text: string): object | undefined {
  try {
    const value: unknown = text === '' ? {} : JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The exception as the endpoint named it, or what it answered instead of one. */
function refusal(status: number, answer: object | undefined): SimulatedError {
  const { __type: type, message, Message } = { ...answer } as Record<string, unknown>;
  if (typeof type === 'string') {
    return new SimulatedError(type.split('#').at(-1) ?? type, textOf(message ?? Message), status);
  }
  const what = answer === undefined ? 'no JSON' : 'no exception that has a type';
  return new SimulatedError('ServerException', `The endpoint answered ${status} and ${what}.`, Math.max(status, 500));
}

function textOf(message: unknown): string {
  return typeof message === 'string' ? message : '';
}
