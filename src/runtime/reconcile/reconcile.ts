import { Failure, toFailure } from '../../core/failure.ts';
import type { KindTypes } from '../../core/managed-kind.ts';
import { withDeadline } from '../../lib/deadline.ts';
import { isEqual } from '../../lib/stable-json.ts';
import type { KubeObject } from '../kube/kube-api.ts';
import { isLostRace } from '../queue/key-memory.ts';
import type { Attempt, ObjectEvent, ReconcilerOptions } from './attempt.ts';
import { conditionOf } from './conditions.ts';
import { Look } from './look.ts';
import { commonStatusOf, membersOf } from './managed-object.ts';
import { ObjectWriter } from './object-writer.ts';
import { type Change, type ConditionAnswer, conditionsFor, eventFor, type History, type Outcome } from './outcome.ts';
import { statusAfter } from './status.ts';

export interface Reconciled {
  readonly outcome: Outcome;
  /** As it is known to be now; undefined where there is none. */
  readonly object: KubeObject | undefined;
  readonly events: readonly ObjectEvent[];
  /** Whom its resyncs travel with; undefined where that was not found out. */
  readonly sweepGroup: string | undefined;
}

/** How long the last write of a reconcile may take, which must still go through when the reconcile ran out of time. */
const STATUS_DEADLINE_MS = 30_000;

/**
 * Brings one object a step nearer to its spec and says what came of it. Never rejects. Safe to repeat after a crash at
 * any point; of two at once for the same object, one loses the race for the status before it has touched the world.
 */
export async function reconcile<T extends KindTypes>(
  options: ReconcilerOptions<T>,
  attempt: Attempt,
  signal: AbortSignal,
): Promise<Reconciled> {
  const { objects, clock, timeoutMs } = options;
  const stored = objects.get(attempt.key);
  if (stored === undefined) return { outcome: { is: 'gone' }, object: undefined, events: [], sweepGroup: undefined };
  const remember = (answer: KubeObject): void => objects.remember(answer);
  const writer = new ObjectWriter({ api: options.api, resource: options.resource, object: stored, remember });
  const look = new Look(options, { writer, ...attempt });
  const outcome = await caught(() =>
    withDeadline({ clock, ms: timeoutMs, error: () => overdue(timeoutMs) }, (within) => look.run(within), signal),
  );
  const told = signal.aborted ? outcome : await tell({ options, attempt, look, writer, outcome }, signal);
  const events = [...look.events, ...eventsOf(stored, told, attempt.history)];
  return { outcome: told, object: writer.current, events, sweepGroup: look.sweepGroup };
}

interface Telling<T extends KindTypes> {
  readonly options: ReconcilerOptions<T>;
  readonly attempt: Attempt;
  readonly look: Look<T>;
  readonly writer: ObjectWriter;
  readonly outcome: Outcome;
}

/** Writes the status that the outcome asks for. What goes wrong with that takes the outcome's place. */
async function tell<T extends KindTypes>(telling: Telling<T>, signal: AbortSignal): Promise<Outcome> {
  const { options, attempt, look, writer, outcome } = telling;
  const { clock, objects } = options;
  if (outcome.is === 'gone' || outcome.is === 'released') return outcome;
  const within = (work: (signal: AbortSignal) => Promise<Outcome>): Promise<Outcome> =>
    caught(() =>
      withDeadline({ clock, ms: STATUS_DEADLINE_MS, error: () => overdue(STATUS_DEADLINE_MS) }, work, signal),
    );
  const written = isLostRace(outcome)
    ? outcome
    : await within(async (open) => {
        const answer = answerTo(outcome, attempt.history, look.untold);
        await writer.writeStatus(statusAfter(writer.current, answer, look.findings, clock.now()), open);
        return outcome;
      });
  if (!isLostRace(written)) return written;
  return await within(async (open) => {
    const live = await writer.readLive(open);
    if (live === undefined) return { is: 'gone' };
    objects.remember(live);
    await takeBack(telling, live, open);
    return written;
  });
}

/** A failure that is borne with leaves Ready as it is, unless the look has seen that it is no longer true. */
function answerTo(outcome: Outcome, history: History, untold: Change | undefined): ConditionAnswer {
  const answer = conditionsFor(outcome, history);
  return answer === 'kept' && untold !== undefined ? conditionsFor(untold, history) : answer;
}

/** From the object as somebody else has left it; where they announce something else by now, that stays. */
async function takeBack<T extends KindTypes>(
  { options, look: { takenBack = {}, findings } }: Telling<T>,
  live: KubeObject,
  signal: AbortSignal,
): Promise<void> {
  const status = membersOf(live['status']);
  const members = Object.keys(takenBack).filter((member) => isEqual(status[member], takenBack[member]));
  if (members.length === 0) return;
  const intents = Object.fromEntries(members.map((member) => [member, findings.report?.[member]]));
  const remember = (answer: KubeObject): void => options.objects.remember(answer);
  const writer = new ObjectWriter({ api: options.api, resource: options.resource, object: live, remember });
  await writer.writeStatus(statusAfter(live, 'kept', { intents }, options.clock.now()), signal);
}

async function caught(work: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await work();
  } catch (error) {
    return { is: 'failed', failure: toFailure(error) };
  }
}

function overdue(ms: number): Failure {
  return new Failure('Unavailable', `it took longer than ${ms / 1_000} s`);
}

/** What the outcome itself is worth telling, or else that Ready says something else than before. */
export function eventsOf(before: KubeObject, outcome: Outcome, history: History): readonly ObjectEvent[] {
  const event = eventFor(outcome, history);
  if (event !== undefined) return [event];
  const answer = conditionsFor(outcome, history);
  return answer === 'kept' || isOldNews(before, answer) ? [] : [transitionOf(answer, outcome)];
}

function isOldNews(before: KubeObject, { ready, reason }: Exclude<ConditionAnswer, 'kept'>): boolean {
  const previous = conditionOf(commonStatusOf(membersOf(before['status'])).conditions, 'Ready');
  return previous?.status === ready && previous.reason === reason;
}

function transitionOf({ reason, message }: Exclude<ConditionAnswer, 'kept'>, outcome: Outcome): ObjectEvent {
  const isTrouble = outcome.is === 'refuse' || (outcome.is === 'failed' && outcome.failure.policy.log !== 'debug');
  return { type: isTrouble ? 'Warning' : 'Normal', reason, message };
}
