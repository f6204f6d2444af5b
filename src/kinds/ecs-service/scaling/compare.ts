import type { ScalingPolicy, ScheduledAction } from '@aws-sdk/client-application-auto-scaling';
import { asRecord } from '../../../api/canonical-form.ts';
import { diff } from '../../../core/diff.ts';
import type { Difference } from '../../../core/plan.ts';
import { entriesOf } from '../../../lib/entries.ts';
import { canonicalAction, canonicalPolicy, SETTINGS } from './canonical.ts';
import { isRestated, withDefaults } from './memory.ts';
import type { ScalingState, ScalingWish } from './model.ts';
import { isOurName, nameInAws } from './names.ts';
import type { ActionWish, PolicyWish, Scaling } from './schema.ts';
import { inSpecSpelling } from './spelling.ts';

/** Where the wish and what is there differ, and what has to be put and taken away for it. */
export interface ScalingComparison {
  readonly because: readonly Difference[];
  readonly block: Scaling;
  /** The members of the target that are to be written; all of them for one that is not there. */
  readonly target: ReadonlySet<TargetMember>;
  readonly policies: Changes<PolicyWish>;
  readonly actions: Changes<ActionWish>;
}

type TargetMember = 'minCapacity' | 'maxCapacity' | 'suspendedState';
const TARGET_MEMBERS: readonly TargetMember[] = ['minCapacity', 'maxCapacity', 'suspendedState'];

interface Changes<Item> {
  readonly put: readonly Item[];
  /** Names in AWS. */
  readonly remove: readonly string[];
  /** Those that have to go before they are put again. */
  readonly replace: readonly string[];
}

type Found = Pick<ScalingState, 'target' | 'policies' | 'actions'>;

export function compareScaling(stated: Scaling, wish: ScalingWish, found: Found | undefined): ScalingComparison {
  const block = withDefaults(stated, wish.remembered);
  const target = targetDifferences(block, wish.remembered, found);
  const policies = policyChanges(block.policies ?? [], found?.policies ?? []);
  const actions = actionChanges(block.scheduledActions ?? [], found?.actions ?? []);
  return {
    because: [...target, ...policies.because, ...actions.because],
    block,
    target: new Set(
      TARGET_MEMBERS.filter((name) => found === undefined || target.some(({ path }) => isAt(path, name))),
    ),
    policies,
    actions,
  };
}

function isAt(path: string, member: TargetMember): boolean {
  return path === `scaling.${member}` || path.startsWith(`scaling.${member}.`);
}

/**
 * The range that a scheduled action has set is as right as the one that is stated, as nobody can tell from outside which
 * action was the last: any of the stated values counts, until the range is stated anew. A forecast that may go beyond the
 * maximum may have raised it.
 */
function targetDifferences(
  block: Scaling,
  remembered: readonly string[],
  found: Found | undefined,
): readonly Difference[] {
  if (found === undefined)
    return [{ path: 'scaling', wanted: `${block.minCapacity}–${block.maxCapacity}`, found: undefined }];
  const { target, actions = [] } = found;
  const wanted = {
    minCapacity: block.minCapacity,
    maxCapacity: block.maxCapacity,
    suspendedState: block.suspendedState,
  };
  const scheduled = actions.map(({ ScalableTargetAction }) => ScalableTargetAction);
  const isScheduled = (of: 'MinCapacity' | 'MaxCapacity'): boolean =>
    scheduled.some((one) => one?.[of] !== undefined && one[of] === target[of]);
  const isRaised = mayRaise(block) && (target.MaxCapacity ?? 0) > block.maxCapacity;
  const isMinFree = isScheduled('MinCapacity') && !isRestated('minCapacity', block, remembered);
  const isMaxFree = (isScheduled('MaxCapacity') || isRaised) && !isRestated('maxCapacity', block, remembered);
  const live = {
    minCapacity: isMinFree ? wanted.minCapacity : target.MinCapacity,
    maxCapacity: isMaxFree ? wanted.maxCapacity : target.MaxCapacity,
    suspendedState: inSpecSpelling(target.SuspendedState ?? {}),
  };
  return under('scaling', diff(wanted, live, { mode: 'stated' }));
}

/** SDK: `PredictiveScalingPolicyConfiguration.MaxCapacityBreachBehavior`. */
function mayRaise({ policies = [] }: Scaling): boolean {
  return policies.some(
    ({ predictiveScalingPolicyConfiguration: forecast }) =>
      forecast?.mode === 'ForecastAndScale' && forecast.maxCapacityBreachBehavior === 'IncreaseMaxCapacity',
  );
}

interface ChangesBecause<Item> extends Changes<Item> {
  readonly because: readonly Difference[];
}

function policyChanges(wanted: readonly PolicyWish[], found: readonly ScalingPolicy[]): ChangesBecause<PolicyWish> {
  const live = new Map(found.map((policy) => [policy.PolicyName, policy]));
  const changes = wanted.map((policy) => {
    const there = live.get(nameInAws(policy.name));
    return { policy, there, because: policyDifferences(policy, there) };
  });
  const off = changes.filter(({ because }) => because.length > 0);
  const remove = strays(wanted, [...live.keys()]);
  return {
    because: [...off.flatMap(({ because }) => because), ...remove.map((name) => stray('policies', name))],
    put: off.map(({ policy }) => policy),
    remove,
    // No page says that PutScalingPolicy changes the type of a policy.
    replace: off
      .filter(({ policy, there }) => there !== undefined && there.PolicyType !== policy.policyType)
      .map(({ policy }) => nameInAws(policy.name)),
  };
}

function policyDifferences(wish: PolicyWish, there: ScalingPolicy | undefined): readonly Difference[] {
  const path = `scaling.policies[${wish.name}]`;
  if (there === undefined) return [{ path, wanted: wish.policyType, found: undefined }];
  const live = asRecord(inSpecSpelling(there));
  const whole = diff(canonicalPolicy(wish), canonicalPolicy(live), { mode: 'whole' });
  const settings = entriesOf(SETTINGS).flatMap(([member, defaults]) => {
    const { [member]: stated } = wish;
    if (stated === undefined) return [];
    const names = new Set(Object.keys(defaults));
    const wanted = Object.fromEntries(Object.entries(stated).filter(([name]) => names.has(name)));
    return diff({ [member]: wanted }, { [member]: { ...defaults, ...asRecord(live[member]) } }, { mode: 'stated' });
  });
  return under(path, [...whole, ...settings]);
}

function actionChanges(wanted: readonly ActionWish[], found: readonly ScheduledAction[]): ChangesBecause<ActionWish> {
  const live = new Map(found.map((action) => [action.ScheduledActionName, action]));
  const changes = wanted.map((action) => {
    const there = live.get(nameInAws(action.name));
    const path = `scaling.scheduledActions[${action.name}]`;
    if (there === undefined) return { action, because: [{ path, wanted: action.schedule, found: undefined }] };
    const off = diff(canonicalAction(action), canonicalAction(inSpecSpelling(there)), { mode: 'whole' });
    return { action, because: under(path, off) };
  });
  const off = changes.filter(({ because }) => because.length > 0);
  const remove = strays(wanted, [...live.keys()]);
  return {
    because: [...off.flatMap(({ because }) => because), ...remove.map((name) => stray('scheduledActions', name))],
    put: off.map(({ action }) => action),
    remove,
    replace: [],
  };
}

/** Ours by their name, and wished for no more. */
function strays(
  wanted: readonly { readonly name: string }[],
  live: readonly (string | undefined)[],
): readonly string[] {
  const names = new Set(wanted.map(({ name }) => nameInAws(name)));
  return live.filter((name) => name !== undefined).filter((name) => isOurName(name) && !names.has(name));
}

function stray(list: string, name: string): Difference {
  return { path: `scaling.${list}[${name}]`, wanted: undefined, found: name };
}

function under(path: string, differences: readonly Difference[]): readonly Difference[] {
  return differences.map((difference) => ({ ...difference, path: `${path}.${difference.path}` }));
}
