import { parseDuration } from '../../lib/duration.ts';
import { stableHash } from '../../lib/stable-json.ts';

const LEAST_MS = 30_000;
const MOST_MS = 24 * 3_600_000;
/** A moment of the grid this near counts as now: timers are not exact. */
const MARGIN_MS = 1_000;

export type ResyncInterval = { readonly ms: number; readonly complaint?: string };

/** The interval that an object asks for, or the default with what is wrong with its wish. */
export function resyncIntervalOf(
  annotations: Readonly<Record<string, string>>,
  annotation: string,
  defaultMs: number,
): ResyncInterval {
  const text = annotations[annotation];
  if (text === undefined) return { ms: defaultMs };
  const ms = parseDuration(text);
  if (ms !== undefined && ms >= LEAST_MS && ms <= MOST_MS) return { ms };
  return {
    ms: defaultMs,
    complaint: `annotation ${annotation}: write a duration from 30s to 24h, such as 5m or 1h30m`,
  };
}

/**
 * How long until the group's next moment. All objects of a group with the same interval come due at the same moments,
 * restarts included, so that their reads can travel together; groups are spread by their hash.
 */
export function sweepAfterMs(group: string, intervalMs: number, now: number): number {
  const phase = Number.parseInt(stableHash(group, 12), 16) % intervalMs;
  const earliest = now + MARGIN_MS;
  const periods = Math.ceil((earliest - phase) / intervalMs);
  return phase + periods * intervalMs - now;
}

/** Looks that are due within the same second are due together at its end. */
const BEAT_MS = 1_000;

/**
 * How long until a look that is wished after `ms`. Looks at different objects then fall on the same moments, so that
 * their reads can travel together; short delays are kept, as somebody is in a hurry there.
 */
export function followUpAfterMs(ms: number, now: number): number {
  return ms < BEAT_MS ? ms : Math.ceil((now + ms) / BEAT_MS) * BEAT_MS - now;
}
