import { Failure, toFailure } from '../../core/failure.ts';
import type { KindTypes, Managed } from '../../core/managed-kind.ts';
import type { Plan } from '../../core/plan.ts';
import type { KubeObject } from '../kube/kube-api.ts';
import type { Attempt, ReconcilerOptions } from './attempt.ts';
import { conditionOf } from './conditions.ts';
import { restamped } from './intents.ts';
import { commonStatusOf, membersOf } from './managed-object.ts';
import type { ObjectWriter } from './object-writer.ts';
import { type Change, conditionsFor, type Outcome } from './outcome.ts';
import { type Findings, statusAfter } from './status.ts';
import { changeOf } from './verdict.ts';

type ChangePlan<T extends KindTypes> = Extract<Plan<T['step'], T['status']>, { verdict: 'change' }>;

interface Execution<T extends KindTypes> {
  readonly attempt: Attempt;
  readonly writer: ObjectWriter;
  readonly object: Managed<T>;
  readonly gateway: T['gateway'];
  readonly plan: ChangePlan<T>;
  readonly findings: Findings;
}

/**
 * Carries out a change: what a crash must not lose is persisted, those who refer to the object take Ready back, and then
 * the world is touched, step by step.
 */
export class ChangeExecution<T extends KindTypes> {
  readonly #options: ReconcilerOptions<T>;
  readonly #of: Execution<T>;
  /** What has been learnt so far, also where a step failed. */
  findings: Findings;
  /** Intents that were persisted, and of which certainly nothing came. */
  takenBack: Findings['intents'];
  /** The change that was found to be due, as long as the conditions do not tell of it. */
  untold: Change | undefined;

  constructor(options: ReconcilerOptions<T>, of: Execution<T>) {
    this.#options = options;
    this.#of = of;
    this.findings = of.findings;
  }

  async run(signal: AbortSignal): Promise<Outcome> {
    const { object, plan } = this.#of;
    const change = changeOf(plan, object);
    await this.#persist(change, signal);
    if (change.isUpkeep) return await this.#keepUp(change, signal);
    if (object.metadata.deletionTimestamp === undefined) await this.#retractOrTakeBack(signal);
    await this.#applyAll(signal);
    this.#restamp();
    this.findings = { ...this.findings, intents: { ...this.findings.intents, ...plan.done } };
    return change;
  }

  /** A wish that has come true stays so, whatever becomes of the housekeeping beside it. */
  async #keepUp(change: Change, signal: AbortSignal): Promise<Outcome> {
    try {
      await this.#applyAll(signal);
      return change;
    } catch (error) {
      const failure = toFailure(error);
      if (signal.aborted || failure.policy.retry === 'at-once') throw error;
      return { is: 'upkeep-failed', failure };
    }
  }

  /**
   * What must be known after a crash, and that the object is no longer as specified, before the world is touched. Where
   * it is Stalled already, that stands until the step that was refused before has come true.
   */
  async #persist(change: Change, signal: AbortSignal): Promise<void> {
    const { writer, attempt } = this.#of;
    const isStalled = isStalledNow(writer.current);
    const answer = isStalled ? 'kept' : conditionsFor(change, attempt.history);
    this.untold = isStalled ? undefined : change;
    await writer.writeStatus(statusAfter(writer.current, answer, this.findings, this.#options.clock.now()), signal);
    this.untold = undefined;
  }

  /** What has just been found to differ may not have been known to those who refer to the object. */
  async #retractOrTakeBack(signal: AbortSignal): Promise<void> {
    const { metadata, owner } = this.#of.object;
    try {
      await this.#options.neighbours.retract(owner.kind, metadata.namespace, metadata.name, signal);
    } catch (error) {
      this.#takeBack();
      throw error;
    }
  }

  async #applyAll(signal: AbortSignal): Promise<void> {
    const { plan, attempt } = this.#of;
    const because = plan.because.map(({ path }) => path);
    for (const [index, step] of plan.steps.entries()) {
      try {
        await this.#apply(step, signal);
      } catch (error) {
        this.#settleIntents(index, toFailure(error).policy.isWithoutEffect);
        throw error;
      }
      attempt.log.info({ step: step.call, because }, 'step applied');
    }
  }

  async #apply(step: T['step'], signal: AbortSignal): Promise<void> {
    const { kind } = this.#options.registration;
    if (kind.isDestructive(step)) await this.#confirm(signal);
    signal.throwIfAborted();
    await kind.apply(step, this.#of.gateway, signal);
  }

  /** The cache may be old: what destroys needs the object as it is now to want it still. */
  async #confirm(signal: AbortSignal): Promise<void> {
    const { writer, object } = this.#of;
    const live = await writer.readLive(signal);
    const { generation, deletionTimestamp } = object.metadata;
    const isSame = live?.metadata.generation === generation && live.metadata.deletionTimestamp === deletionTimestamp;
    if (!isSame) throw new Failure('Conflict', 'the object changed before a destructive step');
  }

  /** What the intents are worth once that step has failed. */
  #settleIntents(failed: number, isWithoutEffect: boolean): void {
    const { steps, stamp } = this.#of.plan;
    if (failed === 0 && isWithoutEffect) {
      this.#takeBack();
      return;
    }
    const announced = steps.findIndex(({ call }) => call === stamp?.call);
    if (stamp === undefined || failed > announced || (failed === announced && !isWithoutEffect)) this.#restamp();
    else this.#takeBackOne(stamp.intent);
  }

  #restamp(): void {
    const intents = restamped(this.findings.intents, this.#of.plan.stamp?.intent, this.#options.clock.now());
    this.findings = { ...this.findings, intents };
  }

  /** Other steps of the plan have been sent, and what announces them stays. */
  #takeBackOne(name: string): void {
    const { [name]: one, ...intents } = this.findings.intents ?? {};
    this.findings = { ...this.findings, intents };
    this.takenBack = { [name]: one };
  }

  /** Nothing has come of the intents, so nobody is to wait for what they announce. */
  #takeBack(): void {
    const { intents, ...others } = this.findings;
    this.findings = others;
    this.takenBack = intents;
  }
}

function isStalledNow({ metadata, status }: KubeObject): boolean {
  const stalled = conditionOf(commonStatusOf(membersOf(status)).conditions, 'Stalled');
  return stalled?.status === 'True' && stalled.observedGeneration === metadata.generation;
}
