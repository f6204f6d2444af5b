import type { EcsGateway } from '../../aws/gateway.ts';
import type { TaskDefinitionStep } from './model.ts';

/** A step is a write as the gateway takes it; what came of it is learnt by looking. */
export function applyTaskDefinitionStep(
  step: TaskDefinitionStep,
  gateway: EcsGateway,
  signal: AbortSignal,
): Promise<void> {
  return gateway.write(step, signal);
}
