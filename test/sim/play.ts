import { isRead, type RecordedCall } from '../simulator/recording.ts';
import type { KubeWrite } from '../support/fake-kube-api.ts';
import { openStage, RESYNC_MS, type Stage, type StageOptions } from '../support/operator-stage.ts';
import type { OutgoingWrite } from '../support/process-boundary.ts';
import { createRecordingLog } from '../support/recording-log.ts';
import { STALLING } from './faults/call-faults.ts';
import { type Damages, placeFaults } from './faults/damages.ts';
import type { Fault } from './faults/fault.ts';
import { filterWatch } from './faults/watch-faults.ts';
import { busiestOf, leftoversOf, unrestIn } from './oracles/calm.ts';
import { leaksIn } from './oracles/canary.ts';
import { endOf, rolloutsIn } from './oracles/end.ts';
import { sharedFigures } from './oracles/figures.ts';
import { doublesIn, orphansIn, ownedIn } from './oracles/ownership.ts';
import { putStrangers, watchStrangers } from './oracles/strangers.ts';
import { liesIn } from './oracles/truth.ts';
import type { Act, Scenario } from './scenario.ts';
import { createWitness, type Witness } from './witness.ts';

/** A write to Kubernetes, as faults count them. */
interface KubeAttempt {
  readonly what: string;
  readonly isRefused: boolean;
}

interface Call {
  readonly action: string;
  /** Made by the user past the operator. */
  readonly isByHand: boolean;
}

/** An event of a watch. */
export interface SeenEvent {
  /** `MODIFIED ecsservices/web`. */
  readonly what: string;
  readonly at: number;
  /** Tells the operator of its own write, so that it acts without having seen it. */
  readonly isOwn: boolean;
}

export interface Performance {
  readonly end: { readonly aws: unknown; readonly kubernetes: readonly unknown[] };
  /** How many deployments each service has ever had, by its name. */
  readonly rollouts: Readonly<Record<string, number>>;
  /** Of the acts, in order: every write, every write to Kubernetes, every call of ECS, every event of a watch. */
  readonly writes: readonly OutgoingWrite[];
  readonly attempts: readonly KubeAttempt[];
  readonly calls: readonly Call[];
  readonly events: readonly SeenEvent[];
  /** When each of the writes was about to leave. */
  readonly moments: readonly number[];
  /** Faults that never struck. */
  readonly unfired: readonly string[];
  /** Whatever was Stalled at some time, with the reason. */
  readonly stalls: readonly string[];
  /** What was wrong at some instant, or at the end. */
  readonly violations: readonly string[];
  /** Writes in three resyncs after the end. */
  readonly afterwards: readonly string[];
  /** What was asked of both sides in that time, and changed nothing. */
  readonly reads: number;
  /** The most that was asked of both sides within ten seconds. */
  readonly busiest: number;
  readonly trace: readonly string[];
}

const GIVEN_LIMIT_MS = RESYNC_MS;
/** Long enough for what has to look again for a minute, and shorter than waiting for a resync would be. */
const ACT_LIMIT_MS = RESYNC_MS - 60_000;
const BETWEEN_ACTS_MS = 30_000;
/** Counts that nobody waits for are brought up to date by the next sweep. */
const TO_REST_MS = RESYNC_MS + 120_000;
/** Reasons of Events that pass on what ECS said. So many of one object are held back that some are told by later sweeps. */
const PASSED_ON = ['ServiceEvent', 'ServiceWarning', 'TaskStopped'];

export async function play(
  scenario: Scenario,
  faults: readonly Fault[] = [],
  options: StageOptions = {},
): Promise<Performance> {
  const log = createRecordingLog();
  const witness = createWitness();
  const figures = sharedFigures();
  const stage: Stage = await openStage({
    metrics: figures.counted,
    ...options,
    log,
    onWrite: witness.onWrite,
    filter: (events, resource) => filterWatch(() => stage, witness.onEvent, events, resource),
  });
  witness.follow(stage);
  await putStrangers(stage);
  const touched = watchStrangers(stage);
  stage.start();
  if (options.isElected === true) stage.startAnother();
  for (const act of scenario.given ?? []) await perform(stage, act, { limitMs: GIVEN_LIMIT_MS });
  stage.simulator.forgetCalls();
  const touchedHere = scenario.isOfStrangers === true ? watchStrangers(stage, ['shop', 'web']) : () => [];
  const before = stage.api.writes.length;
  const damages = placeFaults(stage, faults, witness.note);
  witness.raiseCurtain(damages);
  const { byHand, isFinished } = await performAll(stage, scenario, { faults, damages, witness });
  if (isFinished) await stage.clock.advance(isSlow(faults) ? TO_REST_MS + RESYNC_MS : TO_REST_MS);
  witness.lowerCurtain();
  damages.remove();
  const attempts = attemptsIn(stage.api.writes.slice(before));
  const calls = stage.simulator.calls.map((call) => ({ action: call.action, isByHand: byHand.includes(call) }));
  const moments = [...stage.simulator.calls.map(({ at }) => at), ...witness.moments];
  const end = scenario.isHasty === true ? { aws: ownedIn(stage), kubernetes: stage.objects() } : endOf(stage);
  witness.judge([...wrongAtTheEnd(stage), ...touched(), ...touchedHere(), ...unrestIn(stage)]);
  const { afterwards, reads } = isFinished ? await restOf(stage, 3 * RESYNC_MS) : { afterwards: [], reads: 0 };
  witness.judge([...(await leftoversOf(stage)), ...leaksIn(stage, log.lines, await figures.scrape())]);
  return {
    ...witness.seen(),
    end,
    rollouts: scenario.isHasty === true ? {} : rolloutsIn(stage),
    attempts,
    calls,
    moments: [...witness.moments],
    unfired: damages.unfired(),
    afterwards,
    reads,
    busiest: busiestOf({ calls: moments }),
  };
}

interface Disturbed {
  readonly faults: readonly Fault[];
  readonly damages: Damages;
  readonly witness: Witness;
}

/** Answers the calls that the user made. An act that does not come true ends the story. */
async function performAll(stage: Stage, { acts }: Scenario, { faults, damages, witness }: Disturbed) {
  const limitMs = isSlow(faults) ? GIVEN_LIMIT_MS + ACT_LIMIT_MS : ACT_LIMIT_MS;
  const byHand: RecordedCall[] = [];
  for (const [index, act] of acts.entries()) {
    witness.note(`act ${index + 1}`);
    try {
      await stage.clock.runUntil(() => !damages.isGoingOn, { limitMs });
      byHand.push(...(await perform(stage, act, { limitMs })));
    } catch (error) {
      witness.judge([`act ${index + 1}: ${error instanceof Error ? error.message : String(error)}`]);
      return { byHand, isFinished: false };
    }
  }
  return { byHand, isFinished: true };
}

/** What only a person can mend is looked at again by the next sweep. */
function isSlow(faults: readonly Fault[]): boolean {
  return faults.some(({ is }) => STALLING.includes(is));
}

/** Answers the calls that the user made. */
async function perform(
  stage: Stage,
  { act, until, lullMs = BETWEEN_ACTS_MS }: Act,
  { limitMs }: { readonly limitMs: number },
): Promise<readonly RecordedCall[]> {
  const before = stage.simulator.calls.length;
  await act(stage);
  const byHand = stage.simulator.calls.slice(before);
  await stage.clock.runUntil(() => until(stage), { limitMs });
  await stage.clock.advance(lullMs);
  return byHand;
}

function wrongAtTheEnd(stage: Stage): readonly string[] {
  return [...orphansIn(stage), ...doublesIn(stage), ...liesIn(stage)];
}

function attemptsIn(writes: readonly KubeWrite[]): readonly KubeAttempt[] {
  return writes.map(({ verb, resource, key, result }) => ({
    what: `${verb} ${resource.plural}/${key.name}`,
    isRefused: result === 'refused',
  }));
}

export function writesToAws({ writes }: Performance): readonly string[] {
  return writes.filter(({ to }) => to === 'AWS').map(({ what }) => what);
}

async function restOf(
  { clock, api, simulator }: Stage,
  ms: number,
): Promise<Pick<Performance, 'afterwards' | 'reads'>> {
  const readBefore = readsOf(api);
  const before = api.writes.length;
  simulator.forgetCalls();
  await clock.advance(ms);
  const toAws = simulator.calls.filter(({ action }) => !isRead(action)).map(({ action }) => action);
  const told = api.writes.slice(before).filter(({ body, resource }) => !isUsual(resource.plural, body));
  const toKubernetes = told.map(({ resource, key, body }) => `${resource.plural}/${key.name} ${JSON.stringify(body)}`);
  const reads = simulator.calls.filter(({ action }) => isRead(action)).length + readsOf(api) - readBefore;
  return { afterwards: [...toAws, ...toKubernetes], reads };
}

function readsOf({ calls }: Stage['api']): number {
  return [...calls].reduce((sum, [call, times]) => (/^(?:list|get|watch) /.test(call) ? sum + times : sum), 0);
}

/** A lease is renewed for ever. */
function isUsual(plural: string, body: unknown): boolean {
  if (plural === 'leases') return true;
  return typeof body === 'object' && body !== null && 'reason' in body && PASSED_ON.includes(String(body.reason));
}
