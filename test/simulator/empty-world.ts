import type { Place } from './arn.ts';
import { capacityProviderArn } from './arn.ts';
import type { EventQueue } from './event-queue.ts';
import { randomHex } from './random.ts';
import { createTaskBehaviours } from './task-behaviour.ts';
import { TIMINGS } from './timings.ts';
import type { Timings, World } from './world.ts';

interface Ground extends Place {
  readonly queue: EventQueue;
  readonly random: () => number;
  readonly timings: Partial<Timings>;
  readonly containerInsights: string;
  readonly containerInstances: number;
}

/** An account in which there is nothing but what AWS brings: the Fargate capacity providers. */
export function createEmptyWorld(ground: Ground): World {
  const { region, accountId, queue, random, containerInsights, containerInstances } = ground;
  const timings: Timings = { ...TIMINGS, ...ground.timings };
  return {
    accountId,
    region,
    now: queue.now,
    random,
    later: queue.later,
    hex: (count) => randomHex(random, count),
    clusters: new Map(),
    taskDefinitions: new Map(),
    familyRevisions: new Map(),
    services: new Map(),
    tasks: new Map(),
    capacityProviders: new Map(
      // SDK documentation of PutClusterCapacityProviders: these two are there for every account.
      ['FARGATE', 'FARGATE_SPOT'].map((name) => [
        name,
        {
          provider: {
            capacityProviderArn: capacityProviderArn(ground, name),
            name,
            status: 'ACTIVE' as const,
            type: name as 'FARGATE' | 'FARGATE_SPOT',
          },
          tags: [],
        },
      ]),
    ),
    scaling: { targets: new Map(), activities: new Map() },
    loads: new Map(),
    namespaces: new Map(),
    behaviours: createTaskBehaviours(timings.taskStartMs),
    timings,
    tokens: new Map(),
    containerInstances,
    containerInsights,
  };
}
