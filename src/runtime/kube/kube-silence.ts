import { KubeError } from './kube-api.ts';

/** The failure of a call that was given up before any answer came. */
export function silence(message = 'the API server did not answer in time'): KubeError {
  return new KubeError({ code: 0, reason: 'Silence', message });
}
