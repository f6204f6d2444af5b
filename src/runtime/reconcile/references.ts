import { Failure } from '../../core/failure.ts';
import type { Reference, Referent, Resolved } from '../../core/managed-kind.ts';
import { conditionOf, isReadyAt } from './conditions.ts';

/** Finds an object of the referrer's namespace. */
export type FindReferent = (kind: string, name: string) => Referent | undefined;

/** Every reference resolved. Throws `DependencyNotReady`, naming the first one that is missing, going or not usable. */
export function resolveReferences(references: readonly Reference[], find: FindReferent): Resolved {
  return Object.fromEntries(
    references.map((reference) => {
      const referent = find(reference.kind, reference.name);
      const obstacle = obstacleOf(reference, referent);
      if (referent !== undefined && obstacle === undefined) return [reference.path, referent];
      const { path, kind, name } = reference;
      throw new Failure('DependencyNotReady', `${path}: ${kind} ${name} ${obstacle ?? 'does not exist yet'}`);
    }),
  );
}

/** What was found while a reference changed is of yesterday: whoever waits for the referrer must not pass on it. */
export function requireSame(before: Resolved, now: Resolved): void {
  const isSame = Object.entries(before).every(([path, { metadata }]) => {
    const found = now[path]?.metadata;
    return found?.uid === metadata.uid && found.generation === metadata.generation;
  });
  if (!isSame) throw new Failure('Conflict', 'what the object refers to changed meanwhile');
}

/** For deletion: whatever is there counts, in whatever state; what is missing is left out. */
export function resolveLeniently(references: readonly Reference[], find: FindReferent): Resolved {
  return Object.fromEntries(
    references.flatMap(({ path, kind, name }) => {
      const referent = find(kind, name);
      return referent === undefined ? [] : [[path, referent] as const];
    }),
  );
}

/** Ready for its newest generation, unless the reference says what it takes. */
export function isUsable({ isUsable: isEnough }: Reference, referent: Referent): boolean {
  const { metadata, status } = referent;
  return isEnough === undefined ? isReadyAt(status.conditions, metadata.generation) : isEnough(referent);
}

function obstacleOf(reference: Reference, referent: Referent | undefined): string | undefined {
  if (referent === undefined) return 'does not exist yet';
  const { metadata, status } = referent;
  if (metadata.deletionTimestamp !== undefined) return 'is being deleted';
  if (isUsable(reference, referent)) return undefined;
  const stalled = conditionOf(status.conditions, 'Stalled');
  const isTelling = stalled?.observedGeneration === metadata.generation;
  return stalled !== undefined && isTelling ? `is not ready and needs help (${stalled.reason})` : 'is not ready yet';
}
