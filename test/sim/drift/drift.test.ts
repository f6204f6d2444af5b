import { describe, expect, test } from 'vitest';
import { readKindExamples } from '../../support/examples.ts';
import { furnish } from '../../support/foreign-resources.ts';
import { type ObjectName, openStage, RESYNC_MS, type Stage } from '../../support/operator-stage.ts';
import type { ExampleObject } from '../../support/rule-examples.ts';
import { fieldPaths } from '../../support/stated-paths.ts';
import { type Fate, play, playAnew, roundsOf, schemaOf } from './drift.ts';
import { placesOf } from './places.ts';
import { type Trial, trialsOf } from './trials.ts';
import { SAME, UNREPAIRED } from './unrepaired.ts';

/** Together they state every field there is. */
const OBJECTS = readKindExamples('full')
  .flatMap(({ objects }) => objects)
  .filter(({ spec }) => !('accountRef' in spec))
  .map(withoutPause);

/** Nobody answers a hook that pauses a rollout. */
function withoutPause(object: ExampleObject): ExampleObject {
  const { deploymentConfiguration, ...spec } = object.spec;
  if (!JSON.stringify(deploymentConfiguration ?? {}).includes('PAUSE')) return object;
  const { lifecycleHooks: _, ...rest } = deploymentConfiguration as Readonly<Record<string, unknown>>;
  return { ...object, spec: { ...spec, deploymentConfiguration: rest } };
}

function nameOf({ kind, metadata }: ExampleObject): ObjectName {
  return `${kind}/${metadata.name}` as ObjectName;
}

/** The slowest one bakes, and shifts traffic in steps. */
const TO_REST_MS = 4 * 3_600_000;
/** On a machine that has other things to do. */
const LIMIT_MS = 240_000;

/** The object with what it refers to, at rest. */
async function openWith(name: ObjectName): Promise<Stage> {
  const stage = await openStage({ containerInstances: 1 });
  const isService = name.startsWith('EcsService/');
  const objects = OBJECTS.filter((object) => nameOf(object) === name || (isService && object.kind !== 'EcsService'));
  await furnish(stage, objects);
  stage.apply(...objects);
  stage.start();
  await stage.clock.runUntil(() => stage.areReady(name), { limitMs: TO_REST_MS });
  await stage.clock.advance(RESYNC_MS);
  return stage;
}

interface Result {
  /** Of every trial that was made, by path and act. */
  readonly fates: Map<string, Set<Fate>>;
  readonly paths: Set<string>;
}

/** Tries one object with every change that no other one has shown. Whatever was left would stand in the way: then it is opened anew. */
async function tryOut(name: ObjectName, { fates, paths }: Result): Promise<void> {
  let stage = await openWith(name);
  const isNew = (trial: Trial): boolean => !(fates.get(idOf(trial))?.has('put back') ?? false);
  for (const round of roundsOf(stage, name).map((trials) => trials.filter(isNew))) {
    if (round.length === 0) continue;
    const found = await fatesOf(stage, name, round);
    for (const [trial, fate] of found) {
      fates.set(idOf(trial), (fates.get(idOf(trial)) ?? new Set()).add(fate));
      if (fate === 'put back') paths.add(trial.path);
    }
    if (![...found.values()].includes('left')) continue;
    stage.crash();
    stage = await openWith(name);
  }
  stage.crash();
}

function idOf({ path, act }: Trial): string {
  return `${path} ${act}`;
}

async function fatesOf(stage: Stage, name: ObjectName, round: readonly Trial[]): Promise<ReadonlyMap<Trial, Fate>> {
  if (!name.startsWith('EcsTaskDefinition/')) return play(stage, name, round);
  const fates = new Map<Trial, Fate>();
  for (const trial of round) fates.set(trial, await playAnew(stage, name, trial));
  return fates;
}

/** Fields that have no other ones below them. */
function leavesOf(kind: string): readonly string[] {
  const all = fieldPaths(schemaOf(kind));
  return all.filter((path) => !all.some((other) => other.startsWith(`${path}.`) || other.startsWith(`${path}[]`)));
}

describe('whatever of a field is changed in ECS', () => {
  test.for(['EcsCluster', 'EcsTaskDefinition', 'EcsService'])(
    'is put back for %s, or a list says why it is not',
    { timeout: LIMIT_MS },
    async (kind) => {
      const result: Result = { fates: new Map(), paths: new Set() };

      for (const object of OBJECTS) if (object.kind === kind) await tryOut(nameOf(object), result);

      const left = [...result.fates].flatMap(([id, fates]) => (fates.has('left') ? [id] : []));
      const untouched = leavesOf(kind).filter((path) => !result.paths.has(path));
      console.log(`${kind}: ${result.fates.size} changes in ${result.paths.size} places`);
      expect(left.toSorted()).toEqual(Object.keys(SAME[kind] ?? {}).toSorted());
      expect(untouched.toSorted()).toEqual(Object.keys(UNREPAIRED[kind] ?? {}).toSorted());
    },
  );

  test.for([
    ['EcsService/full-rolling', 'launchType'],
    ['EcsService/full-rolling', 'schedulingStrategy'],
    ['EcsService/full-ec2', 'role'],
  ] as const)('stalls %s where no call could put it back: %s', async ([name, member]) => {
    const stage = await openWith(name);
    const [place] = placesOf(stage, name, member);
    const shown = place?.read();
    const [other] = trialsOf(member, shown, schemaOf('EcsService').properties?.[member] ?? {}, new Set());

    place?.write(other?.change(shown));
    await stage.clock.advance(RESYNC_MS);
    const stalled = stage.stalledBy(name);
    place?.write(shown);
    await stage.clock.advance(RESYNC_MS);

    expect([stalled, stage.areReady(name)]).toEqual(['ImmutableField', true]);
    stage.crash();
  });
});
