import type { World } from './world.ts';

type State = Pick<World, 'clusters' | 'taskDefinitions' | 'services' | 'tasks' | 'capacityProviders' | 'scaling'>;

/** What the world was a while ago, for reads that lag. It costs a copy of the world for each change while it is on. */
export interface History {
  /** Keeps from now on what a read `lagMs` late has to see. */
  start(lagMs: number): void;
  /** To be called after each change. */
  note(): void;
  /** The world as it was `lagMs` ago, or at the start of the history if that is later. */
  view(): World;
}

export function createHistory(world: World): History {
  let lag: number | undefined;
  let states: { at: number; state: State }[] = [];

  function forget(): void {
    const from = world.now() - (lag ?? 0);
    const current = states.findLastIndex(({ at }) => at <= from);
    if (current > 0) states = states.slice(current);
  }

  return {
    start(lagMs) {
      if (lag === undefined) states = [{ at: world.now(), state: stateOf(world) }];
      lag = Math.max(lag ?? 0, lagMs);
    },
    note() {
      if (lag === undefined) return;
      states.push({ at: world.now(), state: stateOf(world) });
      forget();
    },
    view() {
      forget();
      return { ...world, ...states[0]?.state };
    },
  };
}

function stateOf({ clusters, taskDefinitions, services, tasks, capacityProviders, scaling }: World): State {
  return structuredClone({ clusters, taskDefinitions, services, tasks, capacityProviders, scaling });
}
