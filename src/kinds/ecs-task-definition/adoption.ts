import type { Plan } from '../../core/plan.ts';
import type { DesiredTaskDefinition, TaskDefinitionState, TaskDefinitionStep } from './model.ts';
import type { EcsTaskDefinitionStatus } from './schema.ts';

/** How long after an object came it may be told which revision runs: services apply later in a file, and look at ECS first. */
const HEARING_MS = 10_000;
const POLL_MS = 1_000;

/**
 * Before a family that nobody owns is taken over, its services are heard: of several revisions the one that runs is to be
 * taken, as any other would roll them. There need not be any service, so the wait is short.
 */
export function waitForServices(
  { claim, preferred, createdAt, family }: DesiredTaskDefinition,
  { active, revisions: [newest] }: TaskDefinitionState,
  now: number,
): Plan<TaskDefinitionStep, EcsTaskDefinitionStatus> | undefined {
  const isOpen = claim === 'adopt' && newest !== undefined && newest.owner === undefined && active.length > 1;
  // The two moments are of different clocks, so a little before is as good as a little after.
  const isYoung = Math.abs(now - createdAt) < HEARING_MS;
  if (!isOpen || !isYoung || preferred.length > 0) return undefined;
  return {
    verdict: 'wait',
    reason: 'ChoosingRevision',
    message: `family ${family} has several revisions, and no EcsService has told yet which one it runs`,
    pollAfterMs: POLL_MS,
  };
}
