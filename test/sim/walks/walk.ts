import { sample } from 'fast-check';
import { diff } from '../../../src/core/diff.ts';
import { conditionOf } from '../../../src/runtime/reconcile/conditions.ts';
import { nameOf, RESYNC_MS, type Stage, type StageObject } from '../../support/operator-stage.ts';
import { changeBy, changedPaths, draws } from './changes.ts';
import { configurationIn, leftBehind } from './configuration.ts';
import { openFor, type Story } from './stories.ts';

interface Walk {
  /** Each change by its paths, and what it led to. */
  readonly steps: readonly string[];
  readonly faults: readonly string[];
}

const CHANGES = { least: 3, most: 6 };
/** So many draws find enough changes that are valid. */
const DRAWS = 200;

/** From the first story over random changes and back; and to the last one that came true from empty. */
export async function walkFrom(first: Story, seed: number): Promise<Walk> {
  const stage = await openFor(first);
  const begun = await bring(stage, first);
  const beginning = { configuration: configurationIn(stage), revisions: revisionsIn(stage) };
  const { last, configuration, steps, faults } = await wander(stage, first, seed);

  const back = await bring(stage, first);
  const returned = { configuration: configurationIn(stage), revisions: revisionsIn(stage) };
  const late = await writesIn(stage);
  stage.crash();

  return {
    steps,
    faults: [
      ...[...begun.unready.map(inWords), ...begun.faults].map((fault) => `at the beginning: ${fault}`),
      ...faults,
      ...[...back.unready.map(inWords), ...back.faults].map((fault) => `back again: ${fault}`),
      ...differences(beginning, returned).map((difference) => `back again, another ${difference}`),
      ...late.map((write) => `back again, and still ${write}`),
      ...(await fromEmpty(first, last, configuration)),
    ],
  };
}

/** The ARNs of the definitions' revisions. */
function revisionsIn(stage: Stage): readonly unknown[] {
  return stage.objects().flatMap(({ kind, status }) => (kind === 'EcsTaskDefinition' ? [status['arn']] : []));
}

async function wander(stage: Stage, first: Story, seed: number) {
  const drawn = sample(draws, { seed, numRuns: DRAWS });
  const changes = CHANGES.least + (seed % (CHANGES.most - CHANGES.least + 1));
  const [steps, faults]: [string[], string[]] = [[], []];
  let last = first;
  let configuration = configurationIn(stage);
  for (const draw of drawn) {
    const next = steps.length < changes ? changeBy(last, draw) : undefined;
    if (next === undefined) continue;
    const rest = await bring(stage, next);
    steps.push(`${changedPaths(last, next)}: ${rest.unready.map(inWords).join(', ') || 'Ready'}`);
    faults.push(...rest.faults.map((fault) => `after change ${steps.length}: ${fault}`));
    if (rest.unready.length > 0) continue;
    last = next;
    configuration = configurationIn(stage);
  }
  return { last, configuration, steps, faults };
}

/** Where an object may come to rest, and what a person does about it. */
const AT_REST: Readonly<Record<string, string>> = {
  Rejected: "ECS's words say what to change",
  ImmutableField: 'the message names the field to put back',
  DeploymentFailed: "ECS's words and the tasks' say what to change",
  InUse: 'what still uses the capacity provider goes on without it',
  DependencyNotReady: 'the object that it refers to says more',
};

/** A refused write may be tried again within a resync, after pauses that double up to one. */
const MOST_TRIES = 5;
const MOST_RESYNCS = 24;

interface Unready {
  readonly name: string;
  readonly reason: string;
  readonly message: string;
}

interface Rest {
  readonly unready: readonly Unready[];
  readonly faults: readonly string[];
}

/** Applies the story, and waits until nobody is on the way any more. */
async function bring(stage: Stage, story: Story): Promise<Rest> {
  stage.apply(...story);
  await stage.clock.advance(60_000);
  for (let resync = 0; resync < MOST_RESYNCS && restless(stage).length > 0; resync += 1) {
    await stage.clock.advance(RESYNC_MS);
  }
  stage.simulator.forgetCalls();
  await stage.clock.advance(RESYNC_MS);
  const writes = stage.simulator.writes().map(({ action }) => action);
  const unready = unreadyIn(stage);
  const isBusy = writes.length > (unready.length > 0 ? MOST_TRIES : 0);
  const busy = isBusy ? [`at rest ${writes.length} writes, ${[...new Set(writes)].join(', ')}`] : [];
  return { unready, faults: [...restless(stage).map((one) => `${inWords(one)} comes to no rest`), ...busy] };
}

function restless(stage: Stage): readonly Unready[] {
  return unreadyIn(stage).filter(({ reason }) => !(reason in AT_REST));
}

function unreadyIn(stage: Stage): readonly Unready[] {
  return stage.objects().flatMap((object) => {
    const name = nameOf(object);
    if (stage.areReady(name)) return [];
    const reason = stage.stalledBy(name) ?? stage.unreadyBy(name) ?? 'not looked at';
    return [{ name, reason, message: messageOf(object) }];
  });
}

function messageOf({ status }: StageObject): string {
  return conditionOf(status.conditions, 'Ready')?.message ?? '';
}

function inWords({ name, reason, message }: Unready): string {
  return `${name} ${reason} (${message})`;
}

/** To either side, while another resync goes by; Events apart, which are told at a pace of their own. */
async function writesIn({ clock, api, simulator }: Stage): Promise<readonly string[]> {
  const before = api.writes.length;
  simulator.forgetCalls();
  await clock.advance(RESYNC_MS);
  const kubernetes = api.writes
    .slice(before)
    .filter(({ resource }) => resource.plural !== 'events')
    .map(({ resource, subresource = 'object' }) => `${resource.plural} ${subresource}`);
  return [...simulator.writes().map(({ action }) => action), ...kubernetes];
}

function differences(wanted: object, found: object): readonly string[] {
  return diff(wanted, found, { mode: 'whole' }).map(
    (one) => `${one.path}: ${JSON.stringify(one.wanted)}, now ${JSON.stringify(one.found)}`,
  );
}

/** What came true on the way and is refused to whoever begins with it, by ECS's words. */
const REFUSED_AT_FIRST: readonly { readonly words: RegExp; readonly because: string }[] = [
  {
    words: /cannot specify an IAM role for services that require a service linked role/,
    because: 'a service keeps its role when it loses its last load balancer',
  },
  {
    words: /needs at least 6 MiB of memory/,
    because: 'no memory and a memory of 0 are one content (T49), so on the way nothing was registered',
  },
];

/** The same end without the way to it. */
async function fromEmpty(first: Story, last: Story, configuration: object): Promise<readonly string[]> {
  const stage = await openFor(first);
  const { unready, faults } = await bring(stage, last);
  const found = configurationIn(stage);
  stage.crash();
  const isRefused = unready.some(({ message }) => REFUSED_AT_FIRST.some(({ words }) => words.test(message)));
  if (isRefused || (unready.length > 0 && isHeldUp(first, last))) return faults.map((fault) => `from empty: ${fault}`);
  return [
    ...[...unready.map(inWords), ...faults].map((fault) => `from empty: ${fault}`),
    ...differences(configuration, found).map((difference) => `from empty, another ${difference}`),
  ];
}

/** Whether the walk's service only goes on with what it was made with: such a spec may be too little to make one. */
function isHeldUp(first: Story, last: Story): boolean {
  return first.some((object, index) => {
    const after = last[index];
    return after !== undefined && leftBehind(after).some((path) => !leftBehind(object).includes(path));
  });
}
