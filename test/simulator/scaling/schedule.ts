import type { ScheduledAction } from '@aws-sdk/client-application-auto-scaling';
import { nextOfCron, parseCron } from './cron.ts';
import { invalid } from './scaling-refusals.ts';
import { instantOf } from './zoned-time.ts';

const UNIT_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

type Scheduled = Pick<ScheduledAction, 'Schedule' | 'Timezone' | 'StartTime' | 'EndTime' | 'CreationTime'>;

/** When an action runs next after an instant; undefined where never again. SDK: `ScheduledAction.Schedule`. */
export function nextRun(action: Scheduled, after: number): number | undefined {
  const { Schedule = '', Timezone = 'UTC', StartTime, EndTime } = action;
  if (!isZone(Timezone)) throw invalid(`Invalid time zone: ${Timezone}`); // wording unknown
  const from = Math.max(after, (StartTime?.getTime() ?? 0) - 1);
  const next = runOf(Schedule, Timezone, { from, since: StartTime ?? action.CreationTime });
  return next === undefined || next > (EndTime?.getTime() ?? Number.POSITIVE_INFINITY) ? undefined : next;
}

function runOf(
  schedule: string,
  zone: string,
  { from, since }: { readonly from: number; readonly since: Date | undefined },
): number | undefined {
  const [, form, text = ''] = /^(at|rate|cron)\((.+)\)$/.exec(schedule) ?? [];
  if (form === 'at') return runAt(text, zone, from);
  if (form === 'rate') return runByRate(text, from, since?.getTime() ?? from);
  const fields = form === 'cron' ? parseCron(text) : undefined;
  if (fields === undefined) throw invalid(`Invalid schedule expression: ${schedule}`); // wording unknown
  return nextOfCron(fields, zone, from);
}

function runAt(text: string, zone: string, from: number): number | undefined {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)$/.exec(text)?.map(Number) ?? [];
  if (year === undefined || month === undefined || day === undefined) {
    throw invalid(`Invalid schedule expression: at(${text})`); // wording unknown
  }
  const at = instantOf({ year, month, day, hour: hour ?? 0, minute: minute ?? 0 }, zone) + (second ?? 0) * 1_000;
  return at > from ? at : undefined;
}

function runByRate(text: string, from: number, since: number): number {
  const [, count, unit] = /^([1-9]\d*) (minute|hour|day)s?$/.exec(text) ?? [];
  if (count === undefined || unit === undefined) throw invalid(`Invalid schedule expression: rate(${text})`); // wording unknown
  const everyMs = Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
  return since + (Math.floor(Math.max(0, from - since) / everyMs) + 1) * everyMs;
}

function isZone(zone: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
