import { KubeError } from '../../src/runtime/kube/kube-api.ts';
import type { KubeFault } from '../support/fake-kube-faults.ts';
import type { Stage } from '../support/operator-stage.ts';

/**
 * What goes wrong, once, after the curtain has risen: at the nth write to either side, at the nth call of ECS, or at the
 * nth patch of an object.
 */
export type Perturbation =
  | { readonly is: 'crash'; readonly nth: number; readonly when: 'before' | 'after' }
  | { readonly is: 'lost' | 'throttled' | 'broken'; readonly nth: number }
  | { readonly is: keyof typeof PATCH_FAULTS; readonly nth: number };

/** What an API server may do to a patch; by itself it takes effect or not at all. */
export const PATCH_FAULTS = {
  'lost on the way back': { when: 'after', error: 'reset' },
  'lost on the way': { when: 'before', error: 'reset' },
  'in conflict': {
    when: 'before',
    error: new KubeError({ code: 409, reason: 'Conflict', message: 'it was modified' }),
  },
  'too much': { when: 'before', error: new KubeError({ code: 429, reason: 'TooManyRequests', message: 'later' }) },
} as const satisfies Record<string, KubeFault>;

/** A perturbation, and the action that it hits. */
export type Point = Perturbation & { readonly what: string };

/** Puts the fault in place from now on. A crash is none: whoever plays brings it about at the write itself. */
export function placeFault({ simulator, api }: Stage, perturbation: Perturbation | undefined) {
  if (perturbation === undefined || perturbation.is === 'crash') return undefined;
  const { is, nth } = perturbation;
  switch (is) {
    case 'lost':
      return simulator.faults.add({ nth, when: 'after', error: 'reset' });
    case 'throttled':
      return simulator.faults.add({ nth, when: 'before', error: THROTTLED });
    case 'broken':
      return simulator.faults.add({ nth, when: 'before', error: BROKEN });
    case 'lost on the way back':
    case 'lost on the way':
    case 'in conflict':
    case 'too much':
      return api.faults.add({ ...PATCH_FAULTS[is], verb: 'patch', nth });
  }
}

const THROTTLED = { name: 'ThrottlingException', message: 'Rate exceeded', status: 400 };
const BROKEN = { name: 'ServerException', message: 'Service Unavailable', status: 503 };
