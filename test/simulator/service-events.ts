import type { ServiceRecord, TaskRecord, World } from './world.ts';

// SDK documentation of Service.events: the 100 most recent are kept.
const MAX_EVENTS = 100;
const TROUBLESHOOTING = 'For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.';

/**
 * What the scheduler says of a service, in ECS's words. Developer guide, "Amazon ECS service event messages"; those
 * about deployments as shown under "deployment circuit breaker".
 */
export const EVENTS = {
  started: (tasks: readonly TaskRecord[]) => `has started ${tasks.length} tasks: ${named(tasks)}.`,
  stopped: (tasks: readonly TaskRecord[]) => `has stopped ${tasks.length} running tasks: ${named(tasks)}.`,
  steady: () => 'has reached a steady state.',
  completed: (deployment: string) => `(deployment ${deployment}) deployment completed.`,
  failed: (deployment: string) => `(deployment ${deployment}) deployment failed: tasks failed to start.`,
  stageFailed: (deployment: string, reason: string) => `(deployment ${deployment}) deployment failed: ${reason}`,
  rollingBack: (deployment: string) => `rolling back to deployment ${deployment}.`,
  unhealthy: (task: TaskRecord) => `${named([task])} failed container health checks.`,
  registered: (count: number, targetGroup: string) => `registered ${count} targets in (target-group ${targetGroup})`,
  draining: (count: number) => `has begun draining connections on ${count} tasks.`,
  deregistered: (count: number, targetGroup: string) =>
    `deregistered ${count} targets in (target-group ${targetGroup})`,
  impaired: () => `is unable to consistently start tasks successfully. ${TROUBLESHOOTING}`,
  noCapacity: () =>
    `was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a different availability zone. ${TROUBLESHOOTING}`,
  noInstance: (reason: string) =>
    `was unable to place a task because no container instance met all of its requirements. Reason: ${reason} ${TROUBLESHOOTING}`,
  boxedIn: () =>
    'was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.',
} as const;

/** Adds an event, newest first, with an id of its own. */
export function tell(world: World, record: ServiceRecord, words: string): void {
  const event = {
    id: uuid(world),
    createdAt: new Date(world.now()),
    message: `(service ${record.service.serviceName}) ${words}`,
  };
  record.service.events = [event, ...(record.service.events ?? [])].slice(0, MAX_EVENTS);
}

/** Adds an event unless the newest one says the same: ECS does not repeat itself on every turn of its scheduler. */
export function tellOnce(world: World, record: ServiceRecord, words: string): void {
  if (record.service.events?.[0]?.message?.endsWith(words) !== true) tell(world, record, words);
}

export function uuid(world: World): string {
  return [8, 4, 4, 4, 12].map((count) => world.hex(count)).join('-');
}

function named(tasks: readonly TaskRecord[]): string {
  return tasks.map(({ task }) => `(task ${task.taskArn?.split('/').at(-1)})`).join(' ');
}
