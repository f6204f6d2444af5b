import { describe, expect, test } from 'vitest';
import type { Seams } from '../../support/whole-operator.ts';
import { COLUMNS } from '../faults/columns.ts';
import { type Performance, play, writesToAws } from '../play.ts';
import { SCENARIOS } from '../scenarios/all.ts';
import { replacing } from './assembly.ts';
import { finalizerLast, neverEqual } from './naive-api.ts';
import {
  believingStatus,
  fightingRollbacks,
  forgettingIntents,
  owningAll,
  registeringBlindly,
  scalingBlindly,
} from './naive-kinds.ts';

interface Variant {
  readonly name: string;
  readonly seams: () => Seams;
  readonly scenario: string;
  /** Of the matrix; the undisturbed story is enough where left out. */
  readonly column?: string;
  /** What is seen of it. */
  readonly shows: RegExp;
}

const VARIANTS: readonly Variant[] = [
  {
    name: 'takes status for the truth',
    seams: () => ({ assemble: replacing('EcsService', believingStatus) }),
    scenario: 'changes and deletion behind our back',
    shows: /EcsService\/web says Ready, and the service is not ACTIVE/,
  },
  {
    name: 'does not look before it registers',
    seams: () => ({ assemble: replacing('EcsTaskDefinition', registeringBlindly) }),
    scenario: 'a task definition is registered',
    column: 'crash',
    shows: /is there twice/,
  },
  {
    name: 'puts the finalizer on after it has created',
    seams: () => ({ api: finalizerLast }),
    scenario: 'the stack is deleted after 1000 ms',
    column: 'crash',
    shows: /is left$/,
  },
  {
    name: 'does not ask for the lease',
    seams: () => ({ beforeWrite: () => undefined }),
    scenario: 'a cluster is created',
    column: 'paused leader',
    shows: /writes after waking: CreateCluster/,
  },
  {
    name: 'writes status without comparing it',
    seams: () => ({ api: neverEqual }),
    scenario: 'a cluster is created',
    shows: /^afterwards: ecsclusters\/shop/,
  },
  {
    name: 'fights rollbacks',
    seams: () => ({ assemble: replacing('EcsService', fightingRollbacks) }),
    scenario: 'a rollout is rolled back, then mended',
    shows: /^UpdateService is made \d+ times, and not 2$/,
  },
  {
    name: 'does not persist what it is about to do',
    seams: () => ({ assemble: replacing('EcsTaskDefinition', forgettingIntents) }),
    scenario: 'a task definition is registered',
    column: 'crash, late reads',
    shows: /is there twice/,
  },
  {
    name: 'takes what bears the right name for its own',
    seams: () => ({ assemble: replacing('EcsCluster', owningAll) }),
    scenario: 'a stranger has our names, and keeps them',
    shows: /^the cluster shop was touched$/,
  },
  {
    name: 'is in sync before its scaling is',
    seams: () => ({ assemble: replacing('EcsService', scalingBlindly) }),
    scenario: 'a scaled stack is applied at once',
    shows: /EcsService\/web says Ready, and it has no scalable target/,
  },
];

/** What is wrong at the first point at which anything is. */
async function firstViolations({ scenario: name, column: title, seams }: Variant): Promise<readonly string[]> {
  const scenario = SCENARIOS.find((each) => each.name === name);
  const column = COLUMNS.find((each) => each.title === title);
  if (scenario === undefined || (title !== undefined && column === undefined)) throw new Error('no such part');
  const undisturbed = await play(scenario, [], column?.stage);
  const points = column?.points(undisturbed) ?? [{ faults: [] }];
  for (const { faults } of points) {
    const performance = await play(scenario, faults, { ...column?.stage, seams: seams() });
    const afterwards = performance.afterwards.map((write) => `afterwards: ${write}`);
    const problems = [
      ...performance.violations,
      ...afterwards,
      ...(faults.length === 0 ? repetitionsIn(performance, undisturbed) : []),
    ];
    if (problems.length > 0) return problems;
  }
  return [];
}

/** What is asked of AWS more often than the story needs; after a fault it may have to be. */
function repetitionsIn(performance: Performance, undisturbed: Performance): readonly string[] {
  return [...new Set(writesToAws(performance))].flatMap((action) => {
    const [times, needed] = [timesIn(performance, action), timesIn(undisturbed, action)];
    return times > needed ? `${action} is made ${times} times, and not ${needed}` : [];
  });
}

function timesIn(performance: Performance, action: string): number {
  return writesToAws(performance).filter((each) => each === action).length;
}

describe('the matrix turns red for an operator that', () => {
  test.for(VARIANTS)('$name', async (variant) => {
    expect(await firstViolations(variant)).toContainEqual(expect.stringMatching(variant.shows));
  });
});
