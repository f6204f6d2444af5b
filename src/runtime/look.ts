import { Failure } from '../core/failure.ts';
import type {
  KindTypes,
  Location,
  Managed,
  ManagedKind,
  Reference,
  Resolved,
  Surroundings,
} from '../core/managed-kind.ts';
import type { Goal, Observation, Plan } from '../core/plan.ts';
import type { Reason } from '../core/reason.ts';
import { isEqual } from '../lib/stable-json.ts';
import type { Attempt, ObjectEvent, ReconcilerOptions } from './attempt.ts';
import { isReadyAt } from './conditions.ts';
import { hasFinalizer, withFinalizer, withoutFinalizer } from './finalizer.ts';
import { parseManaged } from './managed-object.ts';
import type { ObjectWriter } from './object-writer.ts';
import { type Change, conditionsFor, type Outcome, requireKnown } from './outcome.ts';
import { isOwnedBy, ownershipOf } from './ownership.ts';
import { resolveLeniently, resolveReferences } from './references.ts';
import { type Findings, statusAfter } from './status.ts';

const IN_USE_LOOK_MS = 60_000;

/** One object, from its parsed form to what was seen of its resource. */
interface Sight<T extends KindTypes> {
  readonly object: Managed<T>;
  readonly at: T['address'];
  readonly gateway: T['gateway'];
  readonly location: Location;
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
    if (object.spec.suspend === true) return { is: 'suspended', isDeleting };
    if (isObserved(object)) {
      await this.#takeFinalizerOff(signal);
      if (isDeleting) return { is: 'released' };
    }
    const user = isDeleting ? this.#userOf(object) : undefined;
    if (user !== undefined) return { is: 'wait', reason: 'InUse', message: user, pollAfterMs: IN_USE_LOOK_MS };
    return await this.#see(object, signal);
  }

  async #see(object: Managed<T>, signal: AbortSignal): Promise<Outcome> {
    const refs = this.#resolve(object);
    const { registration } = this.#options;
    const { gateway, location } = await registration.connect(object, this.#attempt.priority, signal);
    const known = object.status.location;
    if (known !== undefined && !isEqual(known, location)) {
      const message = `the resource lives in ${describe(known)}, and the object now means ${describe(location)}; nothing is written until it means the former again`;
      return { is: 'refuse', reason: 'LocationChanged', message };
    }
    const at = this.#kind.locate(object, refs);
    if (at === undefined) {
      if (object.metadata.deletionTimestamp !== undefined) return await this.#release(signal);
      throw new Failure('Bug', 'the kind does not say where to look');
    }
    this.sweepGroup = this.#kind.sweepGroup(at);
    const goal = this.#goalOf(object, refs);
    const observed = await this.#kind.observe(at, goal, gateway, signal);
    signal.throwIfAborted();
    return await this.#decide({ object, at, gateway, location, goal, observed }, signal);
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
    const intents = 'intents' in plan ? plan.intents : undefined;
    const drift = plan.verdict === 'change' && goal.want === 'present' && plan.isUpkeep !== true ? plan.because : [];
    if (isObserved(object)) return this.#judge(plan, observed, status);
    this.findings = { ...this.findings, report: { ...status }, intents: intents && { ...intents }, drift };
    return await this.#follow(plan, sight, signal);
  }

  /** Observe: what differs is told, and nothing else happens. That the resource is not tagged as ours is as it should be. */
  #judge(plan: Plan<T['step'], T['status']>, observed: Observation<T['state']>, status: Partial<T['status']>): Outcome {
    const { annotationPrefix } = this.#options.identity;
    const because = plan.verdict === 'change' ? plan.because : [];
    const drift = because.filter(({ path }) => !path.includes(annotationPrefix));
    this.findings = { ...this.findings, report: { ...status }, drift };
    if (!observed.exists) return { is: 'refuse', reason: 'NotFound', message: 'there is no such resource' };
    if (plan.verdict === 'in-sync' || plan.verdict === 'change') {
      if (drift.length === 0) return { is: 'in-sync', message: undefined };
      const message = `differs from the spec at ${drift.map(({ path }) => path).join(', ')}`;
      return { is: 'refuse', reason: 'Drifted', message };
    }
    return this.#outcomeOf(plan);
  }

  async #follow(plan: Plan<T['step'], T['status']>, sight: Sight<T>, signal: AbortSignal): Promise<Outcome> {
    const { object, goal, observed } = sight;
    const isDeleting = goal.want === 'absent';
    if (isDeleting && plan.verdict === 'in-sync') return await this.#release(signal);
    if (!isDeleting && (observed.exists || plan.verdict === 'change')) {
      this.findings = { ...this.findings, location: sight.location };
      await this.#putFinalizerOn(signal);
    }
    if (plan.verdict !== 'change') return this.#outcomeOf(plan);
    const change = changeOf(plan, object);
    await this.#persist(change, signal);
    for (const step of plan.steps) await this.#apply(step, sight, signal);
    return change;
  }

  /** What must be known after a crash, and that the object is no longer as specified, before the world is touched. */
  async #persist(change: Change, signal: AbortSignal): Promise<void> {
    const answer = conditionsFor(change, this.#attempt.history);
    const status = statusAfter(this.#writer.current, answer, this.findings, this.#options.clock.now());
    await this.#writer.writeStatus(status, signal);
  }

  async #apply(step: T['step'], { object, gateway }: Sight<T>, signal: AbortSignal): Promise<void> {
    if (this.#kind.isDestructive(step)) await this.#confirm(object, signal);
    signal.throwIfAborted();
    await this.#kind.apply(step, gateway, signal);
    this.#attempt.log.info({ step: step.call }, 'step applied');
  }

  /** The cache may be old: what destroys needs the object as it is now to want it still. */
  async #confirm(object: Managed<T>, signal: AbortSignal): Promise<void> {
    const live = await this.#writer.readLive(signal);
    const { generation, deletionTimestamp } = object.metadata;
    const isSame = live?.metadata.generation === generation && live.metadata.deletionTimestamp === deletionTimestamp;
    if (!isSame) throw new Failure('Conflict', 'the object changed before a destructive step');
  }

  #outcomeOf(plan: Exclude<Plan<T['step'], T['status']>, { verdict: 'change' }>): Outcome {
    if (plan.verdict === 'in-sync') return { is: 'in-sync', message: plan.message };
    const { message } = plan;
    const reason = this.#known(plan.reason);
    if (plan.verdict === 'refuse') return { is: 'refuse', reason, message };
    return { is: 'wait', reason, message, pollAfterMs: plan.pollAfterMs };
  }

  #goalOf(object: Managed<T>, refs: Resolved): Goal<T['desired'], T['removal']> {
    const { metadata, owner } = object;
    const referrers = this.#options.neighbours.referrers(owner.kind, metadata.namespace, metadata.name);
    const around: Surroundings = { refs, referrers, now: this.#options.clock.now() };
    if (metadata.deletionTimestamp === undefined) {
      return { want: 'present', desired: this.#kind.desire(object, around) };
    }
    return { want: 'absent', removal: this.#kind.removal(object, around) };
  }

  #resolve(object: Managed<T>): Resolved {
    const { namespace, deletionTimestamp } = object.metadata;
    const find = (kind: string, name: string) => this.#options.neighbours.find(kind, namespace, name);
    if (deletionTimestamp === undefined) return resolveReferences(this.#kind.references(object.spec), find);
    return resolveLeniently(referencesOfAny(this.#kind, object.spec), find);
  }

  /** Who still needs a deleting object, in words. */
  #userOf({ metadata, owner }: Managed<T>): string | undefined {
    const { keptAliveBy = [] } = this.#kind;
    if (keptAliveBy.length === 0) return undefined;
    const users = this.#options.neighbours
      .referrers(owner.kind, metadata.namespace, metadata.name)
      .filter((referrer) => keptAliveBy.includes(referrer.kind))
      .filter((referrer) => referrer.metadata.deletionTimestamp === undefined)
      .map((referrer) => `${referrer.kind} ${referrer.metadata.name}`);
    return users.length === 0
      ? undefined
      : `${users.toSorted().join(', ')} still refers to this object; delete it or let it refer to another`;
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

function isObserved<T extends KindTypes>({ spec }: Managed<T>): boolean {
  return spec.managementPolicy === 'Observe';
}

/** Seen in sync at this very generation before, and not asked for by an annotation: then somebody else changed the world. */
function changeOf<T extends KindTypes>(
  { because, steps, lookAfterMs, isUpkeep = false }: Extract<Plan<T['step'], T['status']>, { verdict: 'change' }>,
  { metadata, status }: Managed<T>,
): Change {
  const isDeleting = metadata.deletionTimestamp !== undefined;
  const wasReady = isReadyAt(status.conditions, metadata.generation);
  const isCorrection = wasReady && !isUpkeep && because.some(({ path }) => !path.startsWith('metadata.'));
  return {
    is: 'change',
    calls: steps.map(({ call }) => call),
    because,
    lookAfterMs,
    isDeleting,
    isCorrection,
    isUpkeep,
  };
}

function describe(location: Readonly<Record<string, string>>): string {
  return Object.entries(location)
    .map(([name, word]) => `${name} ${word}`)
    .join(', ');
}
