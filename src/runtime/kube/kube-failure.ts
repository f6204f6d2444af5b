import { Failure, type FailureCode } from '../../core/failure.ts';
import { KubeError } from './kube-api.ts';

/**
 * What an error of the API server means for a reconcile. An object that is gone counts as a lost race: whoever looks
 * again finds that out. Missing rights count as unavailable, as they are the operator's and not the object's: slow
 * polling would only prolong the trouble once they are granted.
 */
export function classifyKubeError(error: unknown, attempt: string): unknown {
  if (!(error instanceof KubeError)) return error;
  const { code, message } = error.status;
  return new Failure(codeOf(code), `${attempt}: ${message}`, { cause: error, retryAfterMs: error.retryAfterMs });
}

function codeOf(status: number): FailureCode {
  if (status === 409 || status === 404) return 'Conflict';
  if (status === 429) return 'Throttled';
  if (status === 0 || status >= 500 || [401, 403, 408].includes(status)) return 'Unavailable';
  return 'Bug';
}
