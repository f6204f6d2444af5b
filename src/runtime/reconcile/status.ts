import type { Location } from '../../core/managed-kind.ts';
import type { Difference } from '../../core/plan.ts';
import { stableJson } from '../../lib/stable-json.ts';
import type { KubeObject } from '../kube/kube-api.ts';
import { conditionsAfter } from './conditions.ts';
import { commonStatusOf, membersOf, metaOf } from './managed-object.ts';
import type { ConditionAnswer } from './outcome.ts';

type Json = Readonly<Record<string, unknown>>;

/** What a look learnt that belongs in the status. What was not learnt stays as it was. */
export interface Findings {
  /** The kind's own members, all of them: what is left out is removed. */
  readonly report?: Json | undefined;
  /** On top of the report, or of what was there before, until a later report narrows them. */
  readonly intents?: Json | undefined;
  readonly location?: Location | undefined;
  /** Empty where a look found no difference. What an earlier look found is not said beside the conditions of this one. */
  readonly drift?: readonly Difference[] | undefined;
}

/** The status after a look: the whole of it, so that a compare tells whether it need be written. */
export function statusAfter(stored: KubeObject, answer: ConditionAnswer, findings: Findings, now: number): Json {
  const before = membersOf(stored['status']);
  const { observedGeneration: _, conditions: __, location, drift, ...own } = before;
  const next = {
    ...(findings.report ?? own),
    ...findings.intents,
    location: findings.location ?? location,
    drift: driftOf(findings.drift ?? []),
  };
  if (answer === 'kept') {
    const known = findings.drift === undefined ? { drift } : {};
    return { ...next, ...known, observedGeneration: before['observedGeneration'], conditions: before['conditions'] };
  }
  const { generation } = metaOf(stored);
  const conditions = conditionsAfter(commonStatusOf(before).conditions ?? [], answer, { generation, now });
  return { ...next, observedGeneration: generation, conditions };
}

const DRIFT_ITEMS = 20;
const DRIFT_TEXT = 256;

/** Bounded, as a status is no archive: what is beyond is seen once these are mended. */
function driftOf(because: readonly Difference[]): readonly Json[] | undefined {
  if (because.length === 0) return undefined;
  return because.slice(0, DRIFT_ITEMS).map(({ path, wanted, found }) => ({
    path,
    ...(wanted === undefined ? {} : { wanted: textOf(wanted) }),
    ...(found === undefined ? {} : { found: textOf(found) }),
  }));
}

function textOf(value: unknown): string {
  const text = stableJson(value);
  return text.length > DRIFT_TEXT ? `${text.slice(0, DRIFT_TEXT - 1)}…` : text;
}
