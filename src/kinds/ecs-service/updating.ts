import type { Difference } from '../../core/plan.ts';
import { stableHash } from '../../lib/stable-json.ts';
import type { Comparison } from './compare.ts';
import type { DesiredService } from './model.ts';
import type { EcsServiceStatus } from './schema.ts';

type Updating = EcsServiceStatus['updating'];

/** So often, and over so long, ECS is asked for one and the same: an answer can be behind. */
const LEAST_ATTEMPTS = 3;
const LEAST_MS = 60_000;

const DIGEST_LENGTH = 16;

/**
 * What differs, where ECS was asked for it and goes on showing what it showed: a spelling that is not known here, or
 * somebody who changes it back at once. Asked again it would be at every look, for ever, and where it deploys, all tasks
 * would be replaced each time. Empty as soon as the spec or ECS's answer is another.
 */
export function updatedInVain(desired: DesiredService, { because }: Comparison, now: number): readonly Difference[] {
  const { updating } = desired;
  if (updating === undefined || updating.digest !== digestOf(desired, because)) return [];
  // A moment in the future was written by a clock that has been set back since.
  const isLong = Math.abs(now - Date.parse(updating.since)) >= LEAST_MS;
  return updating.attempts >= LEAST_ATTEMPTS && isLong ? because : [];
}

/** To be remembered once ECS has taken the request; undefined where nothing differed, such as for a restart. */
export function updatedOnceMore(desired: DesiredService, { because }: Comparison, now: number): Updating {
  if (because.length === 0) return undefined;
  const digest = digestOf(desired, because);
  const { digest: before, attempts = 0, since } = desired.updating ?? {};
  return before === digest && since !== undefined
    ? { digest, attempts: attempts + 1, since }
    : { digest, attempts: 1, since: new Date(now).toISOString() };
}

/** Kept while ECS shows what it showed then. */
export function updatingMemory(desired: DesiredService, { because }: Comparison): Updating {
  return desired.updating?.digest === digestOf(desired, because) ? desired.updating : undefined;
}

/** Stands for a request: what differs and what ECS shows in its place, and the generation for what of it is hidden. */
export function digestOf({ generation }: DesiredService, differences: readonly Difference[]): string {
  return stableHash([generation, differences], DIGEST_LENGTH);
}
