import { setTimeout as sleep } from 'node:timers/promises';
import type { SoakStage } from './soak-stage.ts';

/** What goes wrong for a while. */
interface Trouble {
  readonly name: string;
  /** Resolves when it is over and everything answers again; says how many calls or connections it hit. */
  befall(stage: SoakStage, random: () => number): Promise<number>;
}

type Fault = Parameters<SoakStage['simulator']['faults']['add']>[0];

/** Of ECS. The endpoint is hit in so many of its calls, wherever they come. */
function ofEcs(name: string, fault: Fault): Trouble {
  return {
    name,
    async befall({ simulator }, random) {
      const handle = simulator.faults.add(fault);
      await sleep(500 + random() * 6_000);
      handle.remove();
      return handle.fired;
    },
  };
}

const THROTTLED = { name: 'ThrottlingException', message: 'Rate exceeded' };
const BROKEN = { name: 'ServerException', message: 'Service Unavailable. Please try again later.', status: 500 };
const WRITES = /^(?!Describe|List|Get)/;

const TROUBLES: readonly Trouble[] = [
  ofEcs('ECS throttles every call', { when: 'before', error: THROTTLED }),
  ofEcs('ECS answers 500', { when: 'before', error: BROKEN }),
  ofEcs('ECS writes, and answers 500', { when: 'after', error: BROKEN, action: WRITES }),
  ofEcs('ECS resets connections', { when: 'before', error: 'reset' }),
  ofEcs('ECS writes, and resets', { when: 'after', error: 'reset', action: WRITES }),
  ofEcs('ECS hangs for 3 s, then resets', { when: 'before', error: 'timeout', latencyMs: 3_000 }),
  ofEcs('ECS is slow', { when: 'before', latencyMs: 800 }),
  {
    name: 'connections to the API server are reset, watches too',
    befall: async ({ gate }) => gate.cut(),
  },
  {
    name: 'the API server goes dark for up to 12 s',
    async befall({ gate }, random) {
      gate.darken();
      await sleep(1_000 + random() * 11_000);
      gate.lighten();
      return 1;
    },
  },
  {
    name: 'the API server is killed and started again',
    async befall({ plane, gate }, random) {
      await plane.stopApiServer();
      await sleep(random() * 5_000);
      await plane.startApiServer();
      gate.cut();
      return 1;
    },
  },
];

/** How often each befell the operator, and what it hit. */
type TroubleCounts = ReadonlyMap<string, { readonly times: number; readonly hits: number }>;

export interface Troubles {
  readonly counts: TroubleCounts;
  /** One after the other, each as often as the others, until the signal aborts. Resolves when the last is over. */
  befall(signal: AbortSignal): Promise<void>;
}

export function createTroubles(stage: SoakStage, random: () => number): Troubles {
  const counts = new Map(TROUBLES.map(({ name }) => [name, { times: 0, hits: 0 }]));
  return {
    counts,
    async befall(signal) {
      let deck: readonly Trouble[] = [];
      while (!signal.aborted) {
        if (deck.length === 0) deck = shuffled(TROUBLES, random);
        const [trouble, ...rest] = deck;
        deck = rest;
        await sleep(1_000 + random() * 5_000);
        if (trouble === undefined || signal.aborted) continue;
        const hits = await trouble.befall(stage, random);
        const before = counts.get(trouble.name) ?? { times: 0, hits: 0 };
        counts.set(trouble.name, { times: before.times + 1, hits: before.hits + hits });
      }
    },
  };
}

function shuffled<T>(items: readonly T[], random: () => number): readonly T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
