import type { ServiceEvent } from '@aws-sdk/client-ecs';
import type { Notice } from '../../../core/managed-kind.ts';
import type { ServiceState, StoppedTask } from '../model.ts';
import { isTrouble } from './event-words.ts';

const OLDEST_MS = 60 * 60_000;
const MOST_EVENTS = 20;

/** What ECS says of the service and why tasks of a failing rollout stopped; older than an hour is no news. */
export function noticesOf(uid: string, { service, stoppedTasks }: ServiceState, now: number): readonly Notice[] {
  const isNews = (at: Date | undefined): boolean => at !== undefined && now - at.getTime() < OLDEST_MS;
  const events = (service.events ?? []).filter(({ createdAt }) => isNews(createdAt)).slice(0, MOST_EVENTS);
  const tasks = stoppedTasks.filter(({ stoppedAt }) => isNews(stoppedAt));
  return [
    ...events.toReversed().flatMap((event) => noticeOfEvent(uid, event)),
    ...tasks.map((task) => noticeOfTask(uid, task)),
  ];
}

function noticeOfEvent(uid: string, { id, message }: ServiceEvent): Notice[] {
  if (id === undefined || message === undefined) return [];
  return [
    isTrouble(message)
      ? { id: `${uid}/${id}`, type: 'Warning', reason: 'ServiceWarning', message }
      : { id: `${uid}/${id}`, type: 'Normal', reason: 'ServiceEvent', message },
  ];
}

function noticeOfTask(uid: string, { id, reason }: StoppedTask): Notice {
  return { id: `${uid}/task-${id}`, type: 'Warning', reason: 'TaskStopped', message: `task ${id} stopped: ${reason}` };
}
