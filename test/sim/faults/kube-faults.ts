import { KubeError } from '../../../src/runtime/kube/kube-api.ts';
import type { KubeFault } from '../../support/fake-kube-faults.ts';

function refusal(code: number, reason: string): Pick<KubeFault, 'when' | 'error'> {
  return { when: 'before', error: new KubeError({ code, reason, message: 'not now' }) };
}

/** What an API server may do to a write; by itself it takes effect or not at all. */
export const KUBE_WRITE_FAULTS = {
  'an answer that is lost': { when: 'after', error: 'reset' },
  'a connection that breaks': { when: 'before', error: 'reset' },
  '403 Forbidden': refusal(403, 'Forbidden'),
  '409 Conflict': refusal(409, 'Conflict'),
  '422 Invalid': refusal(422, 'Invalid'),
  '429 Too Many Requests': refusal(429, 'TooManyRequests'),
  '500 Internal Server Error': refusal(500, 'InternalError'),
} as const satisfies Record<string, KubeFault>;

export type KubeWriteFault = keyof typeof KUBE_WRITE_FAULTS;
