import type { Clock } from '../../lib/clock.ts';
import { isPlainObject } from '../../lib/stable-json.ts';
import { KubeError, type KubeStatus } from './kube-api.ts';

const MOST_TEXT = 300;

/** The `KubeError` of an answer that is no success; proxies in between answer in text rather than with a Status. */
export function parseRefusal(
  code: number,
  body: string,
  retryAfter: string | readonly string[] | undefined,
  clock: Pick<Clock, 'now'>,
): KubeError {
  const answer = parseJson(body);
  const text = body.trim().slice(0, MOST_TEXT);
  const fallback = text === '' ? `the API server answered ${code}` : `the API server answered ${code}: ${text}`;
  const status = parseStatus(answer, { code, reason: '', message: fallback });
  const retryAfterMs = parseRetryAfter(retryAfter, clock) ?? retryAfterOf(answer);
  const options = { cause: isPlainObject(answer) ? answer : undefined };
  return new KubeError({ ...status, code }, retryAfterMs === undefined ? options : { ...options, retryAfterMs });
}

/** A Kubernetes Status; what it does not say is taken from the fallback. */
export function parseStatus(value: unknown, fallback: KubeStatus): KubeStatus {
  if (!isPlainObject(value)) return fallback;
  const { code, reason, message } = value;
  return {
    code: typeof code === 'number' ? code : fallback.code,
    reason: typeof reason === 'string' ? reason : fallback.reason,
    message: typeof message === 'string' && message !== '' ? message : fallback.message,
  };
}

/** Whether a 404 is about this object, and not about a resource or path that the server does not serve. */
export function isObjectMissing(error: unknown, name: string): boolean {
  if (!(error instanceof KubeError) || error.status.code !== 404) return false;
  const details = isPlainObject(error.cause) ? error.cause['details'] : undefined;
  return isPlainObject(details) && details['name'] === name;
}

function parseRetryAfter(
  header: string | readonly string[] | undefined,
  clock: Pick<Clock, 'now'>,
): number | undefined {
  const text = typeof header === 'string' ? header : header?.[0];
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1_000;
  const moment = Date.parse(text);
  return Number.isNaN(moment) ? undefined : Math.max(moment - clock.now(), 0);
}

function retryAfterOf(status: unknown): number | undefined {
  const details = isPlainObject(status) ? status['details'] : undefined;
  const seconds = isPlainObject(details) ? details['retryAfterSeconds'] : undefined;
  return typeof seconds === 'number' ? seconds * 1_000 : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
