import type { KindTypes } from '../core/managed-kind.ts';
import type { Controller, ControllerOptions } from './controller.ts';
import { createController } from './controller.ts';
import { createManager, type Manager, type ManagerOptions } from './manager.ts';
import { Neighbourhood } from './reconcile/neighbourhood.ts';
import type { Registration } from './registration.ts';
import type { Metrics } from './telemetry/metrics.ts';

/** A reconcile may wait for its turn at a quota that hundreds of others share. */
const RECONCILE_TIMEOUT_MS = 900_000;

type Shared = Omit<ControllerOptions<KindTypes>, 'registration' | 'neighbourhood' | 'metrics' | 'timeoutMs'>;

export interface OperatorOptions extends Shared, Omit<ManagerOptions, 'controllers'> {
  readonly registrations: readonly Registration<KindTypes>[];
  readonly metrics: Pick<Metrics, 'controller' | 'observe'>;
  readonly timeoutMs?: number | undefined;
}

/** All kinds, joined: what the process runs. */
export function createOperator({
  registrations,
  metrics,
  timeoutMs = RECONCILE_TIMEOUT_MS,
  ...options
}: OperatorOptions): Manager {
  const neighbourhood = new Neighbourhood();
  const controllers: readonly Controller[] = registrations.map((registration) => {
    const name = registration.kind.definition.kind.toLowerCase();
    return createController({ ...options, registration, neighbourhood, timeoutMs, metrics: metrics.controller(name) });
  });
  metrics.observe(controllers);
  return createManager({ ...options, controllers });
}
