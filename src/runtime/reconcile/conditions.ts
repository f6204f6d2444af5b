import type { Condition } from '../../core/managed-kind.ts';
import type { Reason } from '../../core/reason.ts';

/** The condition types that the runtime owns. All others are somebody else's and are carried over. */
const OWN_CONDITIONS = ['Ready', 'Reconciling', 'Stalled', 'Suspended'] as const;

type OwnCondition = (typeof OWN_CONDITIONS)[number];

/** What the conditions are to say. `also` is the one condition beside Ready; the others of ours are taken away. */
export interface ConditionWish {
  readonly ready: Condition['status'];
  readonly reason: Reason;
  readonly message: string;
  readonly also?: Exclude<OwnCondition, 'Ready'>;
}

/** The conditions after a look at `generation`. What stays as it is keeps its place and its time. */
export function conditionsAfter(
  previous: readonly Condition[],
  wish: ConditionWish,
  { generation, now }: { readonly generation: number; readonly now: number },
): readonly Condition[] {
  const wanted = wantedConditions(wish, generation);
  const kept = previous.flatMap((condition) => {
    if (!isOwn(condition.type)) return [condition];
    const next = wanted.get(condition.type);
    wanted.delete(condition.type);
    if (next === undefined) return [];
    const since = next.status === condition.status ? condition.lastTransitionTime : timestampOf(now);
    return [{ ...next, lastTransitionTime: since }];
  });
  const added = [...wanted.values()].map((condition) => ({ ...condition, lastTransitionTime: timestampOf(now) }));
  return [...kept, ...added];
}

export function conditionOf(conditions: readonly Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/** True for this very generation: what was true of an older one says nothing of the newest. */
export function isReadyAt(conditions: readonly Condition[] | undefined, generation: number): boolean {
  const ready = conditionOf(conditions, 'Ready');
  return ready?.status === 'True' && ready.observedGeneration === generation;
}

/** To the second, as Kubernetes writes moments. */
function timestampOf(now: number): string {
  return new Date(now).toISOString().replace(/\.\d+Z$/, 'Z');
}

function wantedConditions(
  { ready, reason, message, also }: ConditionWish,
  observedGeneration: number,
): Map<string, Omit<Condition, 'lastTransitionTime'>> {
  const facts = { reason, message: bounded(message), observedGeneration };
  const wanted = new Map<string, Omit<Condition, 'lastTransitionTime'>>([
    ['Ready', { type: 'Ready', status: ready, ...facts }],
  ]);
  if (also !== undefined) wanted.set(also, { type: also, status: 'True', ...facts });
  return wanted;
}

/** The other side's words may be of any length, and stand in several places. */
const MOST_MESSAGE = 2_048;

function bounded(message: string): string {
  return message.length > MOST_MESSAGE ? `${message.slice(0, MOST_MESSAGE - 1)}…` : message;
}

function isOwn(type: string): boolean {
  return OWN_CONDITIONS.some((own) => own === type);
}
