import { TAG_KEYS } from '../../../src/api/group.ts';
import { DEFINITIONS } from '../../../src/kinds/index.ts';
import { isEqual } from '../../../src/lib/stable-json.ts';
import { type Structural, structural } from '../../../tools/generate-crds.ts';
import { type ObjectName, RESYNC_MS, type Stage } from '../../support/operator-stage.ts';
import { statedPaths } from '../../support/stated-paths.ts';
import { essence } from '../walks/configuration.ts';
import { placesOf, renewRevision } from './places.ts';
import { type Trial, trialsOf } from './trials.ts';
import { UNREPAIRED } from './unrepaired.ts';

/** What became of a change: it made no difference; it was told and put back; or neither. */
export type Fate = 'no difference' | 'put back' | 'left';

/** A rollout bakes, and shifts traffic in steps. */
const PATIENCE_MS = 3 * 3_600_000;

/** A new operator looks at once, and once more at what it has registered. */
const LOOK_MS = 5_000;

/** While another one runs deployments, what they roll out is not ours; and with another revision the rest may not fit. */
const ALONE = new Set(['deploymentController', 'taskDefinitionRef', 'taskDefinition', 'scaling']);

/**
 * Rounds with a trial of each unit: a unit is written as a whole, so a second difference in it would be put back
 * whether it was seen or not.
 */
export function roundsOf(stage: Stage, name: ObjectName): readonly (readonly Trial[])[] {
  const { kind = '', spec = {} } = stage.object(name) ?? {};
  const stated = new Set(statedPaths(spec));
  const trials = Object.entries(schemaOf(kind).properties ?? {}).flatMap(([member, schema]) => {
    const shown = placesOf(stage, name, member)[0]?.read();
    if (shown === undefined || !(member in spec) || member in (UNREPAIRED[kind] ?? {})) return [];
    if (member.startsWith('taskDefinition')) return [revisionTrial(stage, member, shown)];
    return trialsOf(member, shown, schema, stated);
  });
  const alone = trials.filter(({ unit }) => ALONE.has(unit));
  const units = [...Map.groupBy(trials, ({ unit }) => unit)].flatMap(([unit, own]) => (ALONE.has(unit) ? [] : [own]));
  const most = Math.max(0, ...units.map(({ length }) => length));
  const rounds = Array.from({ length: most }, (_, round) => units.flatMap((own) => own[round] ?? []));
  return [...rounds, ...alone.map((trial) => [trial])];
}

/** To another revision that there is, however the spec names its own. */
function revisionTrial({ simulator }: Stage, member: string, shown: unknown): Trial {
  const other = [...simulator.world.taskDefinitions.keys()].find((arn) => arn !== shown);
  const path = member === 'taskDefinitionRef' ? 'taskDefinitionRef.name' : member;
  return { path, act: 'other', member, unit: 'taskDefinition', change: () => other };
}

export function schemaOf(kind: string): Structural {
  const definition = DEFINITIONS.find((one) => one.kind === kind);
  if (definition === undefined) throw new Error(`${kind} is no kind of ours`);
  return structural(definition.spec);
}

/** Makes the changes of one round behind the operator's back, and waits for what it does at its next sweep. */
export async function play(stage: Stage, name: ObjectName, round: readonly Trial[]): Promise<ReadonlyMap<Trial, Fate>> {
  const before = new Map(round.map((trial) => [trial, shownIn(stage, name, trial.member)]));
  for (const [member, trials] of Map.groupBy(round, (trial) => trial.member)) {
    for (const place of placesOf(stage, name, member)) {
      place.write(trials.reduce((value, trial) => trial.change(value), place.read()));
    }
  }
  renewRevision(stage, name);
  const isBack = (trial: Trial): boolean => isEqual(before.get(trial), shownIn(stage, name, trial.member));
  const made = round.filter((trial) => !isBack(trial));
  const told = await toldWithin(stage, RESYNC_MS);
  await restOf(stage, name, () => made.every(isBack));
  return new Map(
    round.map((trial) => {
      const isPutBack = isBack(trial) && told.some((path) => path.startsWith(trial.unit));
      return [trial, !made.includes(trial) ? 'no difference' : isPutBack ? 'put back' : 'left'];
    }),
  );
}

/**
 * The same for a revision, whose content nobody can change: it is another than it was made as while no operator runs,
 * and has lost the word of what it was made from. The next operator must register the right one.
 */
export async function playAnew(stage: Stage, name: ObjectName, trial: Trial): Promise<Fate> {
  const before = shownIn(stage, name, trial.member);
  const places = placesOf(stage, name, trial.member);
  const arn = String(stage.object(name)?.status['arn']);
  stage.crash();
  for (const place of places) place.write(trial.change(place.read()));
  const isMade = !isEqual(before, shownIn(stage, name, trial.member));
  const record = stage.simulator.world.taskDefinitions.get(arn);
  if (record !== undefined && trial.member !== 'tags') {
    record.tags = record.tags.filter(({ key }) => key !== TAG_KEYS.content);
  }
  stage.start();
  await stage.clock.advance(LOOK_MS);
  const isPutBack = stage.areReady(name) && isEqual(before, shownIn(stage, name, trial.member));
  if (stage.object(name)?.status['arn'] !== arn) stage.simulator.world.taskDefinitions.delete(arn);
  if (!isMade) return 'no difference';
  return isPutBack ? 'put back' : 'left';
}

function shownIn(stage: Stage, name: ObjectName, member: string): unknown {
  const values = placesOf(stage, name, member).map((place) => structuredClone(place.read()));
  // The number of a revision is no news to other tests.
  return member.startsWith('taskDefinition') ? values : values.map((value) => essence(value));
}

interface Written {
  readonly drift?: readonly { readonly path: string }[] | null;
}

/** The paths at which status told of a difference. */
async function toldWithin({ api, clock }: Stage, ms: number): Promise<readonly string[]> {
  const before = api.writes.length;
  await clock.advance(ms);
  const statuses = api.writes.slice(before).map(({ body }) => (body as { readonly status?: Written }).status);
  return statuses.flatMap((status) => status?.drift ?? []).map(({ path }) => path);
}

async function restOf(stage: Stage, name: ObjectName, isDone: () => boolean): Promise<void> {
  const end = stage.clock.monotonic() + PATIENCE_MS;
  await stage.clock.runUntil(() => (stage.areReady(name) && isDone()) || stage.clock.monotonic() >= end, {
    limitMs: 2 * PATIENCE_MS,
  });
}
