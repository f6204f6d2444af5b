import type { EcsGateway } from '../../aws/gateway.ts';
import type { ServiceStep } from './model.ts';

/** Every step is one write of the gateway as it stands. */
export function applyServiceStep(step: ServiceStep, gateway: EcsGateway, signal: AbortSignal): Promise<void> {
  return gateway.write(step, signal);
}
