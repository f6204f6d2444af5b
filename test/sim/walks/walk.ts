import { sample } from 'fast-check';
import type { Stage } from '../../support/operator-stage.ts';
import { changeBy, changedPaths, type Draw, draws } from './changes.ts';
import { configurationIn, differences, leftBehind } from './configuration.ts';
import { type Refusal, refusalIn, stumble } from './refusals.ts';
import { bring, inWords, obstacles, writesIn } from './rest.ts';
import { openFor, type Story } from './stories.ts';

interface WalkOptions {
  readonly seed: number;
  /** Which of the specs that came true are also reached from empty. */
  readonly fromEmpty: 'each' | 'last';
}

interface Walk {
  /** Each change by its paths, and what it led to. */
  readonly steps: readonly string[];
  /** How the spec was wrong that was refused on the way. */
  readonly refused: Refusal['is'];
  readonly faults: readonly string[];
}

/** What came true, by the number of its change; 0 is where the walk begins. */
interface Reached {
  readonly change: number;
  readonly story: Story;
  readonly configuration: object;
}

const CHANGES = { least: 3, most: 6 };
/** So many draws find enough changes that are valid, and one that is not. */
const DRAWS = 200;

/** From the first story over random changes and one that is refused, and back; and to those that came true from empty. */
export async function walkFrom(first: Story, { seed, fromEmpty }: WalkOptions): Promise<Walk> {
  const drawn = sample(draws, { seed, numRuns: DRAWS });
  const stage = await openFor(first);
  const begun = await bring(stage, first);
  const beginning = { configuration: configurationIn(stage), revisions: revisionsIn(stage) };
  const start: Reached = { change: 0, story: first, configuration: beginning.configuration };
  const { steps, faults, reached } = await wander(stage, start, drawn, seed);
  const last = reached.at(-1) ?? start;
  const refusal = refusalIn(last.story, drawn, seed);
  const stumbled = await stumble(stage, last.story, refusal);

  const back = await bring(stage, first);
  const returned = { configuration: configurationIn(stage), revisions: revisionsIn(stage) };
  const late = await writesIn(stage);
  stage.crash();

  return {
    steps,
    refused: refusal.is,
    faults: [
      ...obstacles(begun).map((fault) => `at the beginning: ${fault}`),
      ...faults,
      ...stumbled.map((fault) => `${refusal.is} at ${refusal.path}: ${fault}`),
      ...obstacles(back).map((fault) => `back again: ${fault}`),
      ...differences(beginning, returned).map((difference) => `back again, another ${difference}`),
      ...late.map((write) => `back again, and still ${write}`),
      ...(await reachFromEmpty(first, fromEmpty === 'each' ? [start, ...reached] : [last])),
    ],
  };
}

/** The ARNs of the definitions' revisions. */
function revisionsIn(stage: Stage): readonly unknown[] {
  return stage.objects().flatMap(({ kind, status }) => (kind === 'EcsTaskDefinition' ? [status['arn']] : []));
}

async function wander(stage: Stage, start: Reached, drawn: readonly Draw[], seed: number) {
  const changes = CHANGES.least + (seed % (CHANGES.most - CHANGES.least + 1));
  const [steps, faults, reached]: [string[], string[], Reached[]] = [[], [], []];
  let last = start.story;
  for (const draw of drawn) {
    const next = steps.length < changes ? changeBy(last, draw) : undefined;
    if (next === undefined) continue;
    const rest = await bring(stage, next);
    steps.push(`${changedPaths(last, next)}: ${rest.unready.map(inWords).join(', ') || 'Ready'}`);
    faults.push(...rest.faults.map((fault) => `after change ${steps.length}: ${fault}`));
    if (rest.unready.length > 0) continue;
    last = next;
    reached.push({ change: steps.length, story: next, configuration: configurationIn(stage) });
  }
  return { steps, faults, reached };
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

/** The same ends without the way to them. */
async function reachFromEmpty(first: Story, targets: readonly Reached[]): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const { change, story, configuration } of targets) {
    const stage = await openFor(first);
    const rest = await bring(stage, story);
    const found = configurationIn(stage);
    stage.crash();
    const isExcused = rest.unready.some(isRefusedAtFirst) || (rest.unready.length > 0 && isHeldUp(first, story));
    const wrong = isExcused
      ? rest.faults
      : [...obstacles(rest), ...differences(configuration, found).map((difference) => `another ${difference}`)];
    faults.push(...wrong.map((fault) => `from empty, as after change ${change}: ${fault}`));
  }
  return faults;
}

function isRefusedAtFirst({ message }: { readonly message: string }): boolean {
  return REFUSED_AT_FIRST.some(({ words }) => words.test(message));
}

/** Whether the walk's service only goes on with what it was made with: such a spec may be too little to make one. */
function isHeldUp(first: Story, last: Story): boolean {
  return first.some((object, index) => {
    const after = last[index];
    return after !== undefined && leftBehind(after).some((path) => !leftBehind(object).includes(path));
  });
}
