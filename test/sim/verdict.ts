import { STALLING } from './faults/call-faults.ts';
import type { Fault } from './faults/fault.ts';
import { isHot, isRestless } from './oracles/calm.ts';
import type { Performance } from './play.ts';

/** What a performance is judged by. Being told that a right is missing is no trouble where it is missing. */
export function verdictOf(performance: Performance, undisturbed: Performance, faults: readonly Fault[] = []) {
  const { unfired, violations, stalls, end, afterwards, busiest, reads } = performance;
  const isDenied = faults.some(({ is }) => STALLING.includes(is));
  const told = stalls.filter(
    (stall) => undisturbed.stalls.includes(stall) || !isDenied || !stall.endsWith(' AccessDenied'),
  );
  return {
    unfired,
    violations,
    stalls: told,
    end,
    afterwards,
    isHot: isHot(busiest, undisturbed.busiest),
    isRestless: isRestless(reads, undisturbed.reads),
  };
}

/** The verdict that a performance deserves whose perturbation has left no trace. One that never came fails as well. */
export function deservedBy({ end, stalls }: Performance) {
  return { unfired: [], violations: [], stalls, end, afterwards: [], isHot: false, isRestless: false };
}
