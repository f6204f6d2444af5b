import { STALLING } from './faults/call-faults.ts';
import type { Fault } from './faults/fault.ts';
import { isHot, isRestless } from './oracles/calm.ts';
import type { Performance } from './play.ts';

const PAUSED = 'a leader paused for 60 s';
/** To an old wish, and back. */
const MOST_LATE_ROLLOUTS = 2;

/** What a performance is judged by. Being told that a right is missing is no trouble where it is missing. */
export function verdictOf(performance: Performance, undisturbed: Performance, faults: readonly Fault[] = []) {
  const { unfired, violations, stalls, end, rollouts, afterwards, busiest, reads } = performance;
  const isPaused = faults.some(({ is }) => is === PAUSED);
  const isDenied = faults.some(({ is }) => STALLING.includes(is));
  const told = stalls.filter(
    (stall) => undisturbed.stalls.includes(stall) || !isDenied || !stall.endsWith(' AccessDenied'),
  );
  return {
    unfired,
    violations,
    stalls: told,
    end,
    rollouts: isPaused ? withoutLate(rollouts, undisturbed.rollouts) : rollouts,
    afterwards,
    isHot: isHot(busiest, undisturbed.busiest),
    isRestless: isRestless(reads, undisturbed.reads),
  };
}

/** The verdict that a performance deserves whose perturbation has left no trace. One that never came fails as well. */
export function deservedBy({ end, rollouts, stalls }: Performance) {
  return { unfired: [], violations: [], stalls, end, rollouts, afterwards: [], isHot: false, isRestless: false };
}

/**
 * A write that was on its way as its leader was paused arrives when it wakes, also after a later edit: no election can
 * keep it back, and docs/reliability.md says so. The new leader puts it right, and ECS has rolled out twice more.
 */
function withoutLate(rollouts: Performance['rollouts'], expected: Performance['rollouts']): Performance['rollouts'] {
  const pairs = Object.entries(rollouts).map(([name, count]) => {
    const least = expected[name] ?? 0;
    return [name, count > least && count <= least + MOST_LATE_ROLLOUTS ? least : count];
  });
  return Object.fromEntries(pairs);
}
