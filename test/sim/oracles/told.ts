import type { Stage } from '../../support/operator-stage.ts';
import type { OutgoingWrite } from '../../support/process-boundary.ts';
import { liesIn } from './truth.ts';

/** Holds each write to a status to what ECS is at that instant. */
export interface TruthWatch {
  /** What the object of the write says untrue after it; nothing yet where the write was refused. */
  after(write: OutgoingWrite): readonly string[];
}

/** A look whose write was refused comes again, also where the API server is down for a while or the process pauses. */
const TOLD_WITHIN_MS = 60_000;

/** An object whose status was not taken can only say what it said. `tell` hears where it still does so a minute later. */
export function watchTruth(stage: Stage, tell: (lies: readonly string[]) => void): TruthWatch {
  const untold = new Map<string, symbol>();

  function comeBackTo(object: string): void {
    if (untold.has(object)) return;
    const since = Symbol(object);
    untold.set(object, since);
    stage.clock.schedule(TOLD_WITHIN_MS, () => {
      if (untold.get(object) !== since) return;
      untold.delete(object);
      tell(liesOf(stage, object).map((lie) => `${lie}, though a look would have said otherwise`));
    });
  }

  return {
    after({ what }) {
      const [, object] = /^patch (\S+) status$/.exec(what) ?? [];
      if (object === undefined) return [];
      const lies = liesOf(stage, object);
      if (!isRefused(stage, object)) untold.delete(object);
      else if (lies.length > 0) comeBackTo(object);
      return untold.has(object) ? [] : lies;
    },
  };
}

/** `object` as `ecsservices/web`. */
function liesOf(stage: Stage, object: string): readonly string[] {
  const [plural = '', name = ''] = object.split('/');
  return liesIn(stage).filter((lie) => lie.toLowerCase().startsWith(`${plural.slice(0, -1)}/${name} `));
}

function isRefused({ api: { writes } }: Stage, object: string): boolean {
  const last = writes.findLast(
    ({ resource, key, subresource }) => subresource === 'status' && `${resource.plural}/${key.name}` === object,
  );
  return last?.result === 'refused';
}
