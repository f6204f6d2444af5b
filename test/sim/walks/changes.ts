import { type Arbitrary, constantFrom, oneof, record } from 'fast-check';
import type { SchemaDefinition } from '../../../src/api/schema-definition.ts';
import { diff } from '../../../src/core/diff.ts';
import { DEFINITIONS } from '../../../src/kinds/index.ts';
import { isEqual, isPlainObject } from '../../../src/lib/stable-json.ts';
import { brokenRules, type ExampleObject } from '../../support/rule-examples.ts';
import { hasKeyTwice, type Redraw, redraw, redraws } from '../../support/schema-draws.ts';
import { type Mutation, mutate, mutations } from '../../support/spec-mutations.ts';
import type { Story } from './stories.ts';

/** What chance says of one change; it may come to nothing. */
export interface Draw {
  /** Counts the objects of the story, around again where there are fewer. */
  readonly object: number;
  /** Members drawn anew from the schema, or values that are there changed as somebody mistypes them. */
  readonly change: Redraw | readonly Mutation[];
}

export const draws: Arbitrary<Draw> = record({
  // The service is the last of three, and has more members than the others together.
  object: constantFrom(0, 1, 2, 2, 2),
  change: oneof<[Arbitrary<Redraw>, Arbitrary<readonly Mutation[]>]>(redraws, mutations),
});

/** Members that no walk changes, and why. */
const LEFT_ALONE: Readonly<Record<string, string>> = {
  suspend: 'nothing would be looked at',
  managementPolicy: 'under Observe nothing would be written',
  adoptionPolicy: 'there is nobody to adopt from',
  deletionPolicy: 'nothing is deleted',
  forceDelete: 'nothing is deleted',
  serviceConnectDefaults: 'a service goes on with the namespace that it was made with',
  deploymentController: 'who runs deployments is never changed by leaving a line out, so there is no way back',
  accountRef: 'it is refused until there are accounts',
  region: 'the simulator is one Region',
  cluster: 'nobody makes that cluster',
  clusterRef: 'a walk stays with the objects that it has',
  taskDefinition: 'nobody registers that revision',
  taskDefinitionRef: 'a walk stays with the objects that it has',
  revisionHistoryLimit: 'with a low one the first revision is deregistered, and cannot be used again',
};

/** The story with one of its objects changed; undefined where that is no change, or one that is refused. */
export function changeBy(story: Story, draw: Draw): Story | undefined {
  const drawn = drawnFrom(story, draw);
  if (drawn === undefined || !isChange(drawn.before, drawn.after)) return undefined;
  return story.map((one) => (one === drawn.before ? drawn.after : one));
}

interface Drawn {
  readonly definition: SchemaDefinition;
  readonly before: ExampleObject;
  readonly after: ExampleObject;
}

/** Whatever the draw makes of one object, be it as good as before, or refused. */
export function drawnFrom(story: Story, { object, change }: Draw): Drawn | undefined {
  const before = story[object % story.length];
  const definition = DEFINITIONS.find(({ kind }) => kind === before?.kind);
  if (before === undefined || definition === undefined) return undefined;
  const spec = 'seed' in change ? redraw(definition, before.spec, change) : mutate(before.spec, change);
  return { definition, before, after: { ...before, spec } };
}

/** `EcsService/web desiredCount`, without the values. */
export function changedPaths(before: Story, after: Story): string {
  const paths = before.flatMap(({ kind, metadata, spec }, index) =>
    diff(after[index]?.spec, spec, { mode: 'whole' }).map(({ path }) => `${kind}/${metadata.name} ${path}`),
  );
  return paths.join(', ');
}

/** Whether the API server would let it pass, and the walk has a use for it. */
function isChange(before: ExampleObject, after: ExampleObject): boolean {
  const definition = DEFINITIONS.find(({ kind }) => kind === after.kind);
  if (definition === undefined || diff(after.spec, before.spec, { mode: 'whole' }).length === 0) return false;
  if (Object.keys(LEFT_ALONE).some((name) => !isEqual(before.spec[name], after.spec[name]))) return false;
  if (!definition.spec.safeParse(after.spec).success || hasKeyTwice(definition, after.spec)) return false;
  return brokenRules(definition, after, before).length === 0 && isPlayable(after.spec);
}

/** More tasks than that and the simulator counts for minutes; longer and nobody waits for the end of a rollout. */
const MOST = new Map([
  ['desiredCount', 20],
  ['minCapacity', 20],
  ['maxCapacity', 20],
  ['bakeTimeInMinutes', 30],
  ['stepBakeTimeInMinutes', 30],
  ['canaryBakeTimeInMinutes', 30],
]);

function isPlayable(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isPlayable);
  // Nobody answers such a hook.
  if (!isPlainObject(value)) return value !== 'PAUSE';
  return Object.entries(value).every(([name, member]) => {
    const isTooMuch = typeof member === 'number' && member > (MOST.get(name) ?? Number.POSITIVE_INFINITY);
    return !isTooMuch && isPlayable(member);
  });
}
