import { isRead, type RecordedCall } from '../simulator/recording.ts';
import type { KubeWrite } from '../support/fake-kube-api.ts';
import { openStage, RESYNC_MS, type Stage, type StageOptions } from '../support/operator-stage.ts';
import type { OutgoingWrite } from '../support/process-boundary.ts';
import { doublesIn, endOf, liesIn, ownedIn, stallsIn, untimelyIn } from './oracles.ts';
import { type Perturbation, placeFault } from './perturbation.ts';
import type { Act, Scenario } from './scenario.ts';

interface Patch {
  readonly what: string;
  readonly isRefused: boolean;
}

interface Call {
  readonly action: string;
  /** Made by the user past the operator. */
  readonly isByHand: boolean;
}

export interface Performance {
  readonly end: { readonly aws: unknown; readonly kubernetes: readonly unknown[] };
  /** Every write of the acts, in order. */
  readonly writes: readonly OutgoingWrite[];
  /** Every patch of an object during the acts, in order. */
  readonly patches: readonly Patch[];
  /** Every call of ECS during the acts, in order. */
  readonly calls: readonly Call[];
  readonly fired: number;
  /** Whatever was Stalled at some time, with the reason. */
  readonly stalls: readonly string[];
  /** What was wrong at some instant, or at the end. */
  readonly violations: readonly string[];
  /** Writes in three resyncs after the end. */
  readonly afterwards: readonly string[];
}

const GIVEN_LIMIT_MS = RESYNC_MS;
/** Long enough for what has to look again for a minute, and shorter than waiting for a resync would be. */
const ACT_LIMIT_MS = RESYNC_MS - 60_000;
const BETWEEN_ACTS_MS = 30_000;
const RESTART_MS = 1_000;
/** Counts that nobody waits for are brought up to date by the next sweep. */
const TO_REST_MS = RESYNC_MS + 120_000;
/** Reasons of Events that pass on what ECS said. So many of one object are held back that some are told by later sweeps. */
const PASSED_ON = ['ServiceEvent', 'ServiceWarning', 'TaskStopped'];

export async function play(
  scenario: Scenario,
  perturbation?: Perturbation,
  options: StageOptions = {},
): Promise<Performance> {
  const writes: OutgoingWrite[] = [];
  const violations = new Set<string>();
  const stalls = new Set<string>();
  let isOnStage = false;
  let fired = 0;
  const stage = await openStage({ ...options, onWrite });

  function onWrite(write: OutgoingWrite, when: 'before' | 'after'): void {
    if (when === 'before' && isOnStage) writes.push(write);
    for (const violation of look(stage, write, when)) violations.add(violation);
    for (const stall of when === 'after' && isOnStage ? stallsIn(stage) : []) stalls.add(stall);
    const isHit = isOnStage && fired === 0 && perturbation?.is === 'crash' && perturbation.when === when;
    // Writes may overlap: the one that has just ended need not be the last that began.
    if (!isHit || writes.indexOf(write) !== perturbation.nth - 1) return;
    fired += 1;
    stage.crash();
    stage.clock.schedule(RESTART_MS, () => stage.start());
  }

  await putStrangers(stage);
  stage.start();
  for (const act of scenario.given ?? []) await perform(stage, act, GIVEN_LIMIT_MS);
  stage.simulator.forgetCalls();
  const fault = placeFault(stage, perturbation);
  const before = stage.api.writes.length;
  isOnStage = true;
  const byHand: RecordedCall[] = [];
  for (const act of scenario.acts) byHand.push(...(await perform(stage, act, ACT_LIMIT_MS)));
  await stage.clock.advance(TO_REST_MS);
  isOnStage = false;
  fault?.remove();
  const patches = patchesIn(stage.api.writes.slice(before));
  const calls = stage.simulator.calls.map((call) => ({ action: call.action, isByHand: byHand.includes(call) }));
  const end = scenario.isHasty === true ? { aws: ownedIn(stage), kubernetes: stage.objects() } : endOf(stage);
  for (const violation of wrongAtTheEnd(stage)) violations.add(violation);
  const afterwards = await writesWithin(stage, 3 * RESYNC_MS);
  stage.crash();
  return {
    end,
    writes,
    patches,
    calls,
    fired: fired + (fault?.fired ?? 0),
    violations: [...violations],
    stalls: [...stalls].toSorted(),
    afterwards,
  };
}

/** Answers the calls that the user made. */
async function perform(
  stage: Stage,
  { act, until, lullMs = BETWEEN_ACTS_MS }: Act,
  limitMs: number,
): Promise<readonly RecordedCall[]> {
  const before = stage.simulator.calls.length;
  await act(stage);
  const byHand = stage.simulator.calls.slice(before);
  await stage.clock.runUntil(() => until(stage), { limitMs });
  await stage.clock.advance(lullMs);
  return byHand;
}

/** What must never be seen, asked whenever something has changed or is about to. */
function look(stage: Stage, { to, what }: OutgoingWrite, when: 'before' | 'after'): readonly string[] {
  if (to === 'AWS' && what === 'RegisterTaskDefinition' && when === 'before') return untimelyIn(stage, 'web');
  const [, plural, name] = /^patch (\w+)\/(\S+) status$/.exec(what) ?? [];
  if (when === 'before' || name === undefined) return [];
  return liesIn(stage).filter((lie) => lie.toLowerCase().startsWith(`${plural?.slice(0, -1)}/${name} `));
}

function wrongAtTheEnd(stage: Stage): readonly string[] {
  const orphans = stage.objects().length === 0 ? ownedIn(stage).map((name) => `${name} is left`) : [];
  const touched = strangersIn(stage) === STRANGERS ? [] : [`strangers were touched: ${strangersIn(stage)}`];
  return [...orphans, ...touched, ...doublesIn(stage).map((id) => `${id} is there twice`), ...liesIn(stage)];
}

/** What other people run in the same account. */
async function putStrangers({ simulator }: Stage): Promise<void> {
  await simulator.call('CreateCluster', { clusterName: 'theirs', tags: [{ key: 'team', value: 'them' }] });
  await simulator.call('RegisterTaskDefinition', {
    family: 'theirs',
    containerDefinitions: [{ name: 'app', image: 'them/app:1', memory: 128 }],
  });
}

const STRANGERS = 'theirs ACTIVE team=them; theirs:1 ACTIVE';

function strangersIn({ simulator: { world } }: Stage): string {
  const cluster = world.clusters.get('theirs');
  const tags = cluster?.tags.map(({ key, value }) => `${key}=${value}`).join(',');
  const revisions = [...world.taskDefinitions.values()].filter(({ definition }) => definition.family === 'theirs');
  const told = revisions.map(({ definition }) => `theirs:${definition.revision} ${definition.status}`).join(',');
  return `theirs ${cluster?.cluster.status} ${tags}; ${told}`;
}

function patchesIn(writes: readonly KubeWrite[]): readonly Patch[] {
  const patches = writes.filter(({ verb }) => verb === 'patch');
  return patches.map(({ resource, key, result }) => ({
    what: `${resource.plural}/${key.name}`,
    isRefused: result === 'refused',
  }));
}

export function writesToAws({ writes }: Performance): readonly string[] {
  return writes.filter(({ to }) => to === 'AWS').map(({ what }) => what);
}

/** What a disturbed performance is judged by. */
export function verdictOf({ fired, violations, stalls, end, afterwards }: Performance) {
  return { fired, violations, stalls, end, afterwards };
}

/** The verdict that a performance deserves whose one perturbation has left no trace. A point that was not reached fails. */
export function sameEndAs({ end, stalls }: Performance): ReturnType<typeof verdictOf> {
  return { fired: 1, violations: [], stalls, end, afterwards: [] };
}

async function writesWithin({ clock, api, simulator }: Stage, ms: number): Promise<readonly string[]> {
  const before = api.writes.length;
  simulator.forgetCalls();
  await clock.advance(ms);
  const toAws = simulator.calls.filter(({ action }) => !isRead(action)).map(({ action }) => action);
  const told = api.writes.slice(before).filter(({ body }) => !PASSED_ON.includes(reasonIn(body)));
  const toKubernetes = told.map(({ resource, key, body }) => `${resource.plural}/${key.name} ${JSON.stringify(body)}`);
  return [...toAws, ...toKubernetes];
}

function reasonIn(body: unknown): string {
  return typeof body === 'object' && body !== null && 'reason' in body ? String(body.reason) : '';
}
