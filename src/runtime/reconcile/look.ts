import { Failure } from '../../core/failure.ts';
import type { KindTypes, Managed, ManagedKind, Resolved } from '../../core/managed-kind.ts';
import type { Goal, Observation, Plan } from '../../core/plan.ts';
import type { Reason } from '../../core/reason.ts';
import type { Connection, Refusal } from '../registration.ts';
import type { Attempt, ObjectEvent, ReconcilerOptions } from './attempt.ts';
import { ChangeExecution } from './change-execution.ts';
import { hasFinalizer, putFinalizerOn, takeFinalizerOff } from './finalizer.ts';
import { permittedPlan } from './foresight.ts';
import { parseManaged } from './managed-object.ts';
import type { ObjectWriter } from './object-writer.ts';
import { type Change, type Outcome, requireKnown } from './outcome.ts';
import { isOwnedBy, ownershipOf } from './ownership.ts';
import { requireSame } from './references.ts';
import type { Findings } from './status.ts';
import { idleOutcomeOf, observedOutcomeOf, relocationOf, useOf } from './verdict.ts';
import { Vicinity } from './vicinity.ts';

/** One object, from its parsed form to what was seen of its resource. */
interface Sight<T extends KindTypes> {
  readonly object: Managed<T>;
  readonly at: T['address'];
  readonly connection: Connection<T['gateway']>;
  readonly goal: Goal<T['desired'], T['removal']>;
  readonly observed: Observation<T['state']>;
}

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
  /** A change that was found to be due, where the conditions could not be made to tell of it. */
  untold: Change | undefined;
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
      await takeFinalizerOff(this.#writer, identity.finalizer, signal);
      if (isDeleting) return { is: 'released' };
    }
    const vicinity = new Vicinity(this.#kind, this.#options.neighbours, object);
    const use = isDeleting ? useOf(vicinity.referrers, this.#kind.keptAliveBy ?? []) : undefined;
    if (use !== undefined) return use;
    return await this.#see(object, vicinity, signal);
  }

  async #see(object: Managed<T>, vicinity: Vicinity<T>, signal: AbortSignal): Promise<Outcome> {
    const refs = await this.#awaitReferences(object, vicinity, signal);
    const connection = await this.#connect(object, refs, signal);
    if (!('gateway' in connection)) return { ...connection, is: 'refuse' };
    const { gateway, location, defaultTags } = connection;
    const relocation = relocationOf(object.status.location, location);
    if (relocation !== undefined) return relocation;
    const at = this.#kind.locate(object, refs);
    if (at === undefined) {
      if (object.metadata.deletionTimestamp !== undefined) return await this.#release(signal);
      throw new Failure('Bug', 'the kind does not say where to look');
    }
    this.sweepGroup = this.#kind.sweepGroup(at);
    const goal = vicinity.goal(refs, defaultTags ?? [], this.#options.clock.now());
    const observed = await this.#kind.observe(at, goal, gateway, AbortSignal.any([signal, this.#attempt.ending]));
    signal.throwIfAborted();
    // Nobody is to say Ready who refers to an object that is not what it was, once more is said or done of it.
    if (goal.want === 'present') await vicinity.retract(signal);
    const outcome = await this.#decide({ object, at, connection, goal, observed }, signal);
    if (outcome.is === 'in-sync') requireSame(refs, vicinity.resolve());
    return outcome;
  }

  /** Throws where they are not usable, once what the kind can tell all the same is found out. */
  async #awaitReferences(object: Managed<T>, vicinity: Vicinity<T>, signal: AbortSignal): Promise<Resolved> {
    try {
      return vicinity.resolve();
    } catch (error) {
      await this.#glance(object, vicinity.resolveLeniently(), signal);
      throw error;
    }
  }

  async #glance(object: Managed<T>, refs: Resolved, signal: AbortSignal): Promise<void> {
    const glance = this.#kind.glance?.(object, refs);
    if (glance === undefined) return;
    const connection = await this.#connect(object, refs, signal);
    if (!('gateway' in connection)) return;
    if (relocationOf(object.status.location, connection.location) !== undefined) return;
    const seen = await glance.read(connection.gateway, signal);
    signal.throwIfAborted();
    this.findings = { ...this.findings, intents: { ...this.findings.intents, ...seen } };
  }

  async #connect(object: Managed<T>, refs: Resolved, signal: AbortSignal): Promise<Connection<T['gateway']> | Refusal> {
    const { priority, superseded } = this.#attempt;
    return await this.#options.registration.connect({ object, refs, priority, superseded }, signal);
  }

  async #decide(sight: Sight<T>, signal: AbortSignal): Promise<Outcome> {
    const { object, at, connection, goal, observed } = sight;
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
    const wished = this.#kind.plan(goal, observed, now);
    const plan = isObserved(object)
      ? wished
      : await permittedPlan(this.#kind, { goal, observed, plan: wished }, connection, signal);
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
    const { gateway, location } = sight.connection;
    const isDeleting = goal.want === 'absent';
    if (isDeleting && plan.verdict === 'in-sync') return await this.#release(signal);
    if (!isDeleting && (observed.exists || plan.verdict === 'change')) {
      this.findings = { ...this.findings, location };
      await putFinalizerOn(this.#writer, this.#options.identity.finalizer, signal);
    }
    if (plan.verdict !== 'change') return idleOutcomeOf(plan);
    const { findings } = this;
    const of = { attempt: this.#attempt, writer: this.#writer, object, gateway, plan, findings };
    const execution = new ChangeExecution(this.#options, of);
    try {
      return await execution.run(signal);
    } finally {
      this.findings = execution.findings;
      this.takenBack = execution.takenBack;
      this.untold = execution.untold;
    }
  }

  async #release(signal: AbortSignal): Promise<Outcome> {
    await takeFinalizerOff(this.#writer, this.#options.identity.finalizer, signal);
    return { is: 'released' };
  }

  #known(reason: Reason): Reason {
    return requireKnown(reason, this.#kind.reasons);
  }
}

function isObserved<T extends KindTypes>({ spec }: Managed<T>): boolean {
  return spec.managementPolicy === 'Observe';
}
