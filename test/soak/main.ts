/**
 * `make soak`: the operator's bundle under random troubles for as long as `DURATION` says, on a real API server and the
 * simulator. docs/soak.md says what is asserted. Exits 1 where anything of that does not hold.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { atMost, exactly, type Figure, figure, missed, renderFigures } from '../bench/figure.ts';
import { describeMachine } from '../bench/page.ts';
import { createRandom } from '../simulator/random.ts';
import { inspectHeap } from '../support/inspected-heap.ts';
import type { OperatorProcess } from '../support/operator-process.ts';
import { waitFor } from '../support/wait-for.ts';
import { keepLedger, type Ledger } from './ledger.ts';
import { doubles, mismatches, unsettled, writesSince } from './oracles.ts';
import { parseSoakSetting, type SoakSetting } from './soak-setting.ts';
import { openSoakStage, RESYNC_SECONDS, type SoakStage } from './soak-stage.ts';
import { createTroubles, type Troubles } from './troubles.ts';
import { createUsers, type Users } from './users.ts';
import { takeVitals, type Vitals } from './vitals.ts';

/** Before the process that is measured lives, others are killed for this part of its time. */
const KILLING_PART = 0.25;
const FIRST_MINUTE_MS = 60_000;
const MOST_GROWTH = 1.1;
/** An object that failed often waits long for its next look. */
const CALM_TIMEOUT_MS = 600_000;
const SHOWN = 10;

interface Soak {
  readonly setting: SoakSetting;
  readonly stage: SoakStage;
  readonly random: () => number;
  readonly users: Users;
  readonly troubles: Troubles;
  readonly ledger: Ledger;
}

process.exitCode = await run(parseSoakSetting(process.env));
process.exit();

async function run(setting: SoakSetting): Promise<number> {
  const machine = describeMachine();
  say(`seed ${setting.seed}: ${setting.objects} objects for ${setting.durationMs / 60_000} minutes; ${machine}`);
  await using stage = await openSoakStage(setting.seed);
  const { kube, namespace } = stage;
  const users = createUsers({ kube, namespace, random: createRandom(setting.seed) }, setting.objects);
  const troubles = createTroubles(stage, createRandom(setting.seed + 1));
  const random = createRandom(setting.seed + 2);
  const soak: Soak = { setting, stage, random, users, troubles, ledger: keepLedger(stage) };
  const first = await stage.startOperator();
  await users.create();
  await settle(soak, first);
  say('all objects are Ready');
  const kills = await killAgainAndAgain(soak, first);
  const operator = await stage.startOperator();
  const figures = [...(await measure(soak, operator)), figure('kills (SIGKILL)', kills), ...workFigures(soak)];
  console.log(`\n${renderFigures(figures)}\n\nSeed ${setting.seed}. ${machine}.`);
  return missed(figures).length === 0 ? 0 : 1;
}

async function killAgainAndAgain(soak: Soak, first: OperatorProcess): Promise<number> {
  const { setting, stage, random } = soak;
  let operator = first;
  let kills = 0;
  await withLife(soak, setting.durationMs * KILLING_PART, async (signal) => {
    while (!signal.aborted) {
      await sleep(500 + random() * 15_000);
      await operator.kill();
      operator = await stage.startOperator();
      kills += 1;
    }
  });
  await settle(soak, operator);
  say(`the operator was killed ${kills} times, and all is well again`);
  return kills;
}

/** One process from the rest after its first minute to the rest after all that failed: both have seen troubles. */
async function measure(soak: Soak, operator: OperatorProcess): Promise<readonly Figure[]> {
  using heap = await inspectHeap(operator);
  await withLife(soak, FIRST_MINUTE_MS, nothingElse);
  await settle(soak, operator);
  const first = await takeVitals(operator, heap);
  say(`after the first minute: ${JSON.stringify(first)}`);
  let most = first.heapMegabytes;
  await withLife(soak, soak.setting.durationMs, async (signal) => {
    while (!signal.aborted) {
      await sleep(FIRST_MINUTE_MS);
      const vitals = await takeVitals(operator, heap);
      most = Math.max(most, vitals.heapMegabytes);
      say(JSON.stringify(vitals));
    }
  });
  await settle(soak, operator);
  const verdicts = await judge(soak, operator);
  const last = await takeVitals(operator, heap);
  return [...verdicts, ...vitalFigures(first, most, last)];
}

function vitalFigures(first: Vitals, most: number, last: Vitals): readonly Figure[] {
  return [
    figure('heap after a forced collection, after the first minute', first.heapMegabytes, 'MB'),
    figure('the most of it while troubles went on, by the minute', most, 'MB'),
    atMost('at the end', last.heapMegabytes, first.heapMegabytes * MOST_GROWTH, 'MB'),
    figure('RSS after the first minute', first.residentMegabytes, 'MB'),
    figure('RSS at the end', last.residentMegabytes, 'MB'),
    figure('sockets after the first minute', first.sockets),
    atMost('sockets at the end', last.sockets, first.sockets),
  ];
}

/** Edits and troubles beside the work, for so long. */
async function withLife(soak: Soak, ms: number, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const signal = AbortSignal.timeout(ms);
  await Promise.all([editing(soak, signal), soak.troubles.befall(signal), work(signal)]);
}

async function nothingElse(): Promise<void> {}

async function editing({ users, random }: Soak, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await users.edit();
    await sleep(random() * 3_000);
  }
}

async function settle({ stage, users }: Soak, operator: OperatorProcess): Promise<void> {
  const look = async (): Promise<readonly string[]> => {
    const open = await unsettled(stage);
    return open.length > 0 ? open : mismatches(stage, users);
  };
  const options = { timeoutMs: CALM_TIMEOUT_MS, everyMs: 1_000, operator };
  await waitFor('everything to come to rest', look, (open) => open.length === 0, options);
}

async function judge({ stage, users, troubles, ledger }: Soak, operator: OperatorProcess): Promise<readonly Figure[]> {
  // ECS says last that a service is steady, and a resync tells that as an Event, which takes its time as well.
  const quietMs = RESYNC_SECONDS * 1_000 + 10_000;
  await sleep(quietMs);
  const late = (): Promise<readonly string[]> => writesSince(stage, Date.now() - quietMs);
  const options = { timeoutMs: CALM_TIMEOUT_MS, everyMs: 5_000, operator };
  await waitFor('a resync without a write', late, (writes) => writes.length === 0, options);
  const since = Date.now();
  await sleep(3 * RESYNC_SECONDS * 1_000);
  const silent = await writesSince(stage, since);
  const twice = doubles(stage, users, ledger.updates);
  const wrong = [...(await unsettled(stage)), ...mismatches(stage, users)];
  const idle = [...troubles.counts].filter(([, { hits }]) => hits === 0).map(([name]) => name);
  const complaints = complaintsOf(operator);
  for (const found of [silent, twice, wrong, idle, complaints]) for (const line of found.slice(0, SHOWN)) say(line);
  return [
    exactly('objects lost, orphaned or wrong', wrong.length, 0),
    exactly('revisions and rollouts too many', twice.length, 0),
    exactly('writes during three further resyncs', silent.length, 0),
    exactly('troubles that never hit anything', idle.length, 0),
    exactly('lines on stderr beside those of the inspector', complaints.length, 0),
  ];
}

function workFigures({ users, troubles, ledger }: Soak): readonly Figure[] {
  return [
    ...[...users.edits].map(([name, count]) => figure(`edits: ${name}`, count)),
    ...[...ledger.writes].map(([action, count]) => figure(`effects of ${action}`, count)),
    ...[...troubles.counts].map(([name, { times, hits }]) => figure(`${name}: times, hits`, `${times}, ${hits}`)),
  ];
}

function complaintsOf(operator: OperatorProcess): readonly string[] {
  const lines = operator.stderr().split('\n').filter(Boolean);
  return lines.filter((line) => !/^(?:Debugger |For help, see:)/.test(line));
}

function say(line: string): void {
  console.log(`${new Date().toISOString().slice(11, 19)} ${line}`);
}
