import type { Task } from '@aws-sdk/client-ecs';
import type { StoppedTask } from '../model.ts';

const MAX_REASON = 300;

/** A rollout that fails, and since when: tasks of it are those of its revision that were made after. */
export interface FailingRollout {
  readonly taskDefinition: string | undefined;
  readonly since: Date | undefined;
}

/** The tasks of a rollout that stopped by themselves: those that ECS or a person stopped on purpose say nothing. */
export function failuresOf(tasks: readonly Task[], { taskDefinition, since }: FailingRollout): readonly StoppedTask[] {
  return tasks
    .filter((task) => taskDefinition === undefined || task.taskDefinitionArn === taskDefinition)
    .filter((task) => since === undefined || task.createdAt === undefined || task.createdAt >= since)
    .filter((task) => !isOnPurpose(task))
    .map((task) => ({
      id: task.taskArn?.split('/').at(-1) ?? '',
      reason: reasonOf(task),
      hasStarted: task.stopCode !== 'TaskFailedToStart',
      stoppedAt: task.stoppedAt,
    }));
}

/** SDK: TaskStopCode; the words for scaling are ECS's own. */
function isOnPurpose({ stopCode, stoppedReason = '' }: Task): boolean {
  return stopCode === 'UserInitiated' || /^(?:Scaling activity|Service rebalancing)/i.test(stoppedReason);
}

/** What the container says is nearer to the cause than what is said of the task. */
function reasonOf({ containers = [], stoppedReason }: Task): string {
  const told = containers.find(({ reason }) => reason !== undefined && reason !== '')?.reason;
  if (told !== undefined) return shortened(told);
  const failed = containers.find(({ exitCode }) => exitCode !== undefined && exitCode !== 0);
  const exit = failed === undefined ? '' : ` (container ${failed.name} exited with ${failed.exitCode})`;
  return shortened(`${stoppedReason ?? 'no reason given'}${exit}`);
}

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > MAX_REASON ? `${line.slice(0, MAX_REASON)}…` : line;
}

/** `tasks failed to start (3 of 3: CannotPullContainerError: …)`; undefined where no task is known to have failed. */
export function summaryOf(tasks: readonly StoppedTask[]): string | undefined {
  if (tasks.length === 0) return undefined;
  const counts = new Map<string, number>();
  for (const { reason } of tasks) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const told = [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, 2)
    .map(([reason, count]) => `${count} of ${tasks.length}: ${reason}`);
  const words = tasks.some(({ hasStarted }) => hasStarted) ? 'tasks stopped' : 'tasks failed to start';
  return `${words} (${told.join('; ')})`;
}
