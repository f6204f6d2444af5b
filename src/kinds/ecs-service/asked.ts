import type { Difference } from '../../core/plan.ts';
import { stableHash } from '../../lib/stable-json.ts';
import { type Comparison, DEPLOYING, memberAt } from './compare.ts';
import type { DesiredService } from './model.ts';
import type { EcsServiceStatus } from './schema.ts';

type Asked = EcsServiceStatus['asked'];

/** So often, and over so long, ECS is asked for one and the same: an answer can be behind. */
const LEAST_TIMES = 3;
const LEAST_MS = 60_000;

const DIGEST_LENGTH = 16;

/**
 * What differs without a deployment, where ECS was asked for it and goes on showing what it showed: a spelling that is
 * not known here, or somebody who changes it back at once. Asked again it would be at every look, for ever. Empty as soon
 * as the spec or ECS's answer is another. What a deployment rolls out has its memory in ECS.
 */
export function askedInVain(desired: DesiredService, comparison: Comparison, now: number): readonly Difference[] {
  const { asked } = desired;
  const differences = apartOf(comparison);
  if (asked === undefined || asked.digest !== digestOf(desired, differences)) return [];
  // A moment in the future was written by a clock that has been set back since.
  const isLong = Math.abs(now - Date.parse(asked.since)) >= LEAST_MS;
  return asked.times >= LEAST_TIMES && isLong ? differences : [];
}

/** To be remembered once ECS has taken the request; undefined where nothing was asked for but a deployment. */
export function askedOnceMore(desired: DesiredService, comparison: Comparison, now: number): Asked {
  const differences = apartOf(comparison);
  if (differences.length === 0) return undefined;
  const digest = digestOf(desired, differences);
  const { digest: before, times = 0, since } = desired.asked ?? {};
  return before === digest && since !== undefined
    ? { digest, times: times + 1, since }
    : { digest, times: 1, since: new Date(now).toISOString() };
}

/** Kept while ECS shows what it showed then. */
export function askedMemory(desired: DesiredService, comparison: Comparison): Asked {
  return desired.asked?.digest === digestOf(desired, apartOf(comparison)) ? desired.asked : undefined;
}

function apartOf({ because }: Comparison): readonly Difference[] {
  return because.filter(({ path }) => !DEPLOYING.has(memberAt(path)));
}

/** Stands for a request: what differs and what ECS shows in its place, and the generation for what of it is hidden. */
export function digestOf({ generation }: DesiredService, differences: readonly Difference[]): string {
  return stableHash([generation, differences], DIGEST_LENGTH);
}
