import { instantOf, localAt } from './zoned-time.ts';

/** The values that each field allows; undefined for "any" (`*`, `?`). */
export interface CronFields {
  readonly minutes: ReadonlySet<number> | undefined;
  readonly hours: ReadonlySet<number> | undefined;
  readonly days: ReadonlySet<number> | undefined;
  readonly months: ReadonlySet<number> | undefined;
  /** 1 is Sunday. */
  readonly weekdays: ReadonlySet<number> | undefined;
  readonly years: ReadonlySet<number> | undefined;
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const DAY_MS = 86_400_000;
/** A cron that names no day within so long (29 February in a given year) never runs here. */
const HORIZON_DAYS = 3_000;

/**
 * Six fields as Application Auto Scaling has them (user guide, "Schedule recurring scaling actions using cron expressions"):
 * minutes, hours, day of month, month, day of week, year. `L`, `W` and `#` are not simulated. Undefined where it is none.
 */
export function parseCron(text: string): CronFields | undefined {
  const [minute, hour, day, month, weekday, year, more] = text.trim().split(/\s+/);
  if (year === undefined || more !== undefined) return undefined;
  try {
    return {
      minutes: parseField(minute, 0, 59),
      hours: parseField(hour, 0, 23),
      days: parseField(day, 1, 31),
      months: parseField(month, 1, 12, MONTHS),
      weekdays: parseField(weekday, 1, 7, WEEKDAYS),
      years: parseField(year, 1970, 2199),
    };
  } catch {
    return undefined;
  }
}

/** The first instant after `after` at which the clocks of the zone fit. */
export function nextOfCron(fields: CronFields, zone: string, after: number): number | undefined {
  const start = localAt(after, zone);
  for (let ahead = 0; ahead < HORIZON_DAYS; ahead += 1) {
    const date = new Date(Date.UTC(start.year, start.month - 1, start.day) + ahead * DAY_MS);
    if (!fitsDay(fields, date)) continue;
    const found = firstWithin(fields, { date, zone, after });
    if (found !== undefined) return found;
  }
  return undefined;
}

function fitsDay({ days, months, weekdays, years }: CronFields, date: Date): boolean {
  return (
    (years?.has(date.getUTCFullYear()) ?? true) &&
    (months?.has(date.getUTCMonth() + 1) ?? true) &&
    (days?.has(date.getUTCDate()) ?? true) &&
    (weekdays?.has(date.getUTCDay() + 1) ?? true)
  );
}

function firstWithin(
  { hours, minutes }: CronFields,
  { date, zone, after }: { readonly date: Date; readonly zone: string; readonly after: number },
): number | undefined {
  const day = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
  for (let hour = 0; hour < 24; hour += 1) {
    if (hours !== undefined && !hours.has(hour)) continue;
    const base = instantOf({ ...day, hour, minute: 0 }, zone);
    for (let minute = 0; minute < 60; minute += 1) {
      const at = base + minute * 60_000;
      if (at > after && (minutes?.has(minute) ?? true)) return at;
    }
  }
  return undefined;
}

function parseField(
  text: string | undefined,
  least: number,
  most: number,
  names: readonly string[] = [],
): ReadonlySet<number> | undefined {
  if (text === '*' || text === '?') return undefined;
  const values = new Set<number>();
  for (const part of (text ?? '').split(',')) {
    const [, from, to, step] = /^([A-Z\d*]+)(?:-([A-Z\d]+))?(?:\/(\d+))?$/.exec(part) ?? [];
    if (from === undefined) throw new RangeError(part);
    const first = from === '*' ? least : valueOf(from, names, least);
    const last = to === undefined ? (step === undefined && from !== '*' ? first : most) : valueOf(to, names, least);
    if (first < least || last > most || first > last || Number(step ?? 1) < 1) throw new RangeError(part);
    for (let value = first; value <= last; value += Number(step ?? 1)) values.add(value);
  }
  return values;
}

function valueOf(text: string, names: readonly string[], least: number): number {
  const at = names.indexOf(text);
  const value = at >= 0 ? at + least : Number(text);
  if (!Number.isInteger(value)) throw new RangeError(text);
  return value;
}
