import { Failure, toFailure } from '../../core/failure.ts';
import type {
  KindTypes,
  Location,
  Managed,
  ManagedKind,
  Reference,
  Referent,
  Resolved,
  Surroundings,
} from '../../core/managed-kind.ts';
import type { Goal, Observation, Plan } from '../../core/plan.ts';
import type { Reason } from '../../core/reason.ts';
import type { KubeObject } from '../kube/kube-api.ts';
import type { Connection } from '../registration.ts';
import type { Attempt, ObjectEvent, ReconcilerOptions } from './attempt.ts';
import { conditionOf } from './conditions.ts';
import { hasFinalizer, withFinalizer, withoutFinalizer } from './finalizer.ts';
import { restamped } from './intents.ts';
import { commonStatusOf, membersOf, parseManaged } from './managed-object.ts';
import type { ObjectWriter } from './object-writer.ts';
import { type Change, conditionsFor, type Outcome, requireKnown } from './outcome.ts';
import { isOwnedBy, ownershipOf } from './ownership.ts';
import { type FindReferent, requireSame, resolveLeniently, resolveReferences } from './references.ts';
import { type Findings, statusAfter } from './status.ts';
import { changeOf, idleOutcomeOf, observedOutcomeOf, relocationOf, useOf } from './verdict.ts';

/** One object, from its parsed form to what was seen of its resource. */
interface Sight<T extends KindTypes> {
  readonly object: Managed<T>;
  readonly at: T['address'];
  readonly gateway: T['gateway'];
  readonly location: Location;
  readonly goal: Goal<T['desired'], T['removal']>;
  readonly observed: Observation<T['state']>;
}

type ChangePlan<T extends KindTypes> = Extract<Plan<T['step'], T['status']>, { verdict: 'change' }>;

/** One look at one object: the steps of the loop, in their order, each of which may be the last. */
export class Look<T extends KindTypes> {
  readonly #options: ReconcilerOptions<T>;
  readonly #kind: ManagedKind<T>;
  readonly #writer: ObjectWriter;
  readonly #attempt: Attempt;
  readonly #events: ObjectEvent[] = [];
  /** What has been learnt so far, also where the look failed later. */
  findings: Findings = {};
  /** Intents that were persisted, and of which certainly nothing came. */
  takenBack: Findings['intents'];
  sweepGroup: string | undefined;

  constructor(options: ReconcilerOptions<T>, { writer, ...attempt }: Attempt & { readonly writer: ObjectWriter }) {
    this.#options = options;
    this.#kind = options.registration.kind;
    this.#writer = writer;
    this.#attempt = attempt;
  }

  /** The kind's notices. */
  get events(): readonly ObjectEvent[] {
    return this.#events;
  }

  async run(signal: AbortSignal): Promise<Outcome> {
    const stored = this.#writer.current;
    const { identity } = this.#options;
    const isDeleting = stored.metadata.deletionTimestamp !== undefined;
    if (isDeleting && !hasFinalizer(stored.metadata, identity.finalizer)) return { is: 'gone' };
    const parsed = parseManaged<T>(stored, this.#kind.definition, identity.clusterId);
    if (parsed.is === 'invalid') return { is: 'refuse', reason: 'InvalidSpec', message: parsed.message };
    const { object } = parsed;
    if (this.#kind.constants !== undefined) this.findings = { intents: { ...this.#kind.constants(object.metadata) } };
    if (object.spec.suspend === true) return { is: 'suspended', isDeleting };
    if (isObserved(object)) {
      await this.#takeFinalizerOff(signal);
      if (isDeleting) return { is: 'released' };
    }
    const use = isDeleting ? useOf(this.#referrers(object), this.#kind.keptAliveBy ?? []) : undefined;
    if (use !== undefined) return use;
    return await this.#see(object, signal);
  }

  async #see(object: Managed<T>, signal: AbortSignal): Promise<Outcome> {
    const refs = await this.#awaitReferences(object, signal);
    const { gateway, location } = await this.#connect(object, signal);
    const relocation = relocationOf(object.status.location, location);
    if (relocation !== undefined) return relocation;
    const at = this.#kind.locate(object, refs);
    if (at === undefined) {
      if (object.metadata.deletionTimestamp !== undefined) return await this.#release(signal);
      throw new Failure('Bug', 'the kind does not say where to look');
    }
    this.sweepGroup = this.#kind.sweepGroup(at);
    const goal = this.#goalOf(object, refs);
    const observed = await this.#kind.observe(at, goal, gateway, signal);
    signal.throwIfAborted();
    if (goal.want === 'present') await this.#retractReferrers(object, signal);
    const outcome = await this.#decide({ object, at, gateway, location, goal, observed }, signal);
    if (outcome.is === 'in-sync') requireSame(refs, this.#resolve(object));
    return outcome;
  }

  /** Throws where they are not usable, once what the kind can tell all the same is found out. */
  async #awaitReferences(object: Managed<T>, signal: AbortSignal): Promise<Resolved> {
    try {
      return this.#resolve(object);
    } catch (error) {
      await this.#glance(object, signal);
      throw error;
    }
  }

  async #glance(object: Managed<T>, signal: AbortSignal): Promise<void> {
    const glance = this.#kind.glance?.(object, this.#resolveLeniently(object));
    if (glance === undefined) return;
    const { gateway, location } = await this.#connect(object, signal);
    if (relocationOf(object.status.location, location) !== undefined) return;
    const seen = await glance.read(gateway, signal);
    signal.throwIfAborted();
    this.findings = { ...this.findings, intents: { ...this.findings.intents, ...seen } };
  }

  async #connect(object: Managed<T>, signal: AbortSignal): Promise<Connection<T['gateway']>> {
    const { priority, superseded } = this.#attempt;
    return await this.#options.registration.connect(object, priority, signal, superseded);
  }

  async #decide(sight: Sight<T>, signal: AbortSignal): Promise<Outcome> {
    const { object, at, goal, observed } = sight;
    if (goal.want === 'absent') {
      if (observed.exists && !isOwnedBy(object.owner, observed)) return await this.#release(signal);
    } else if (!isObserved(object)) {
      const command = (): string => (observed.exists ? this.#kind.releaseCommand(at, observed.state) : '');
      const ownership = ownershipOf(object, observed, command);
      if (ownership.is === 'others') return { is: 'refuse', reason: 'NotOwned', message: ownership.message };
    }
    const now = this.#options.clock.now();
    const { status, notices } = this.#kind.report(object, goal, observed, now);
    this.#events.push(...notices.map((notice) => ({ ...notice, reason: this.#known(notice.reason) })));
    const plan = this.#kind.plan(goal, observed, now);
    if ('reason' in plan) this.#known(plan.reason);
    if (!isObserved(object)) {
      const intents = 'intents' in plan ? plan.intents : undefined;
      const isDrift = plan.verdict === 'change' && goal.want === 'present' && plan.isUpkeep !== true;
      const drift = isDrift ? plan.because : [];
      this.findings = { report: { ...status }, intents: intents && { ...intents }, drift };
      return await this.#follow(plan, sight, signal);
    }
    // That the resource is not tagged as ours is as it should be.
    const { annotationPrefix } = this.#options.identity;
    const because = plan.verdict === 'change' ? plan.because : [];
    const drift = because.filter(({ path }) => !path.includes(annotationPrefix));
    this.findings = { report: { ...status }, drift };
    return observedOutcomeOf(plan, observed, drift);
  }

  async #follow(plan: Plan<T['step'], T['status']>, sight: Sight<T>, signal: AbortSignal): Promise<Outcome> {
    const { object, goal, observed } = sight;
    const isDeleting = goal.want === 'absent';
    if (isDeleting && plan.verdict === 'in-sync') return await this.#release(signal);
    if (!isDeleting && (observed.exists || plan.verdict === 'change')) {
      this.findings = { ...this.findings, location: sight.location };
      await this.#putFinalizerOn(signal);
    }
    if (plan.verdict !== 'change') return idleOutcomeOf(plan);
    const change = changeOf(plan, object);
    await this.#persist(change, signal);
    if (change.isUpkeep) return await this.#keepUp(change, () => this.#applyAll(plan, sight, signal), signal);
    if (!isDeleting) await this.#retractOrTakeBack(object, signal);
    await this.#applyAll(plan, sight, signal);
    this.#restamp(plan);
    this.findings = { ...this.findings, intents: { ...this.findings.intents, ...plan.done } };
    return change;
  }

  /** A wish that has come true stays so, whatever becomes of the housekeeping beside it. */
  async #keepUp(change: Change, apply: () => Promise<void>, signal: AbortSignal): Promise<Outcome> {
    try {
      await apply();
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
    const isStalled = isStalledNow(this.#writer.current);
    const answer = isStalled ? 'kept' : conditionsFor(change, this.#attempt.history);
    const status = statusAfter(this.#writer.current, answer, this.findings, this.#options.clock.now());
    await this.#writer.writeStatus(status, signal);
  }

  /** Nobody is to say Ready who refers to an object that is not what it was, once more is said or done of it. */
  async #retractReferrers({ metadata, owner }: Managed<T>, signal: AbortSignal): Promise<void> {
    await this.#options.neighbours.retract(owner.kind, metadata.namespace, metadata.name, signal);
  }

  /** What has just been found to differ may not have been known to those who refer to the object. */
  async #retractOrTakeBack(object: Managed<T>, signal: AbortSignal): Promise<void> {
    try {
      await this.#retractReferrers(object, signal);
    } catch (error) {
      this.#takeBack();
      throw error;
    }
  }

  async #applyAll(plan: ChangePlan<T>, sight: Sight<T>, signal: AbortSignal): Promise<void> {
    const because = plan.because.map(({ path }) => path);
    for (const [index, step] of plan.steps.entries()) {
      try {
        await this.#apply(step, sight, signal);
      } catch (error) {
        if (index === 0 && toFailure(error).policy.isWithoutEffect) this.#takeBack();
        else this.#restamp(plan);
        throw error;
      }
      this.#attempt.log.info({ step: step.call, because }, 'step applied');
    }
  }

  #restamp({ stamp }: ChangePlan<T>): void {
    const intents = restamped(this.findings.intents, stamp, this.#options.clock.now());
    this.findings = { ...this.findings, intents };
  }

  /** Nothing has come of the intents, so nobody is to wait for what they announce. */
  #takeBack(): void {
    const { intents, ...others } = this.findings;
    this.findings = others;
    this.takenBack = intents;
  }

  async #apply(step: T['step'], { object, gateway }: Sight<T>, signal: AbortSignal): Promise<void> {
    if (this.#kind.isDestructive(step)) await this.#confirm(object, signal);
    signal.throwIfAborted();
    await this.#kind.apply(step, gateway, signal);
  }

  /** The cache may be old: what destroys needs the object as it is now to want it still. */
  async #confirm(object: Managed<T>, signal: AbortSignal): Promise<void> {
    const live = await this.#writer.readLive(signal);
    const { generation, deletionTimestamp } = object.metadata;
    const isSame = live?.metadata.generation === generation && live.metadata.deletionTimestamp === deletionTimestamp;
    if (!isSame) throw new Failure('Conflict', 'the object changed before a destructive step');
  }

  #goalOf(object: Managed<T>, refs: Resolved): Goal<T['desired'], T['removal']> {
    const heeded = (this.#kind.heeds ?? []).flatMap((kind) => this.#options.neighbours.all(kind));
    const around: Surroundings = { refs, referrers: this.#referrers(object), heeded, now: this.#options.clock.now() };
    if (object.metadata.deletionTimestamp === undefined) {
      return { want: 'present', desired: this.#kind.desire(object, around) };
    }
    return { want: 'absent', removal: this.#kind.removal(object, around) };
  }

  #resolve(object: Managed<T>): Resolved {
    if (object.metadata.deletionTimestamp !== undefined) return this.#resolveLeniently(object);
    return resolveReferences(this.#kind.references(object.spec), this.#finder(object));
  }

  #resolveLeniently(object: Managed<T>): Resolved {
    return resolveLeniently(referencesOfAny(this.#kind, object.spec), this.#finder(object));
  }

  #finder({ metadata }: Managed<T>): FindReferent {
    return (kind, name) => this.#options.neighbours.find(kind, metadata.namespace, name);
  }

  #referrers({ metadata, owner }: Managed<T>): readonly Referent[] {
    return this.#options.neighbours.referrers(owner.kind, metadata.namespace, metadata.name);
  }

  #known(reason: Reason): Reason {
    return requireKnown(reason, this.#kind.reasons);
  }

  async #release(signal: AbortSignal): Promise<Outcome> {
    await this.#takeFinalizerOff(signal);
    return { is: 'released' };
  }

  async #putFinalizerOn(signal: AbortSignal): Promise<void> {
    const { metadata } = this.#writer.current;
    const { finalizer } = this.#options.identity;
    if (!hasFinalizer(metadata, finalizer))
      await this.#writer.writeFinalizers(withFinalizer(metadata, finalizer), signal);
  }

  async #takeFinalizerOff(signal: AbortSignal): Promise<void> {
    const { metadata } = this.#writer.current;
    const { finalizer } = this.#options.identity;
    if (hasFinalizer(metadata, finalizer)) {
      await this.#writer.writeFinalizers(withoutFinalizer(metadata, finalizer), signal);
    }
  }
}

/** The references of a spec that may not even fit the schema: what cannot be read refers to nothing. */
export function referencesOfAny<T extends KindTypes>(kind: ManagedKind<T>, spec: T['spec']): readonly Reference[] {
  try {
    return kind.references(spec);
  } catch {
    return [];
  }
}

function isStalledNow({ metadata, status }: KubeObject): boolean {
  const stalled = conditionOf(commonStatusOf(membersOf(status)).conditions, 'Stalled');
  return stalled?.status === 'True' && stalled.observedGeneration === metadata.generation;
}

function isObserved<T extends KindTypes>({ spec }: Managed<T>): boolean {
  return spec.managementPolicy === 'Observe';
}
