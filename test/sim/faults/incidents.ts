import { KubeError } from '../../../src/runtime/kube/kube-api.ts';
import { RESTART_MS, type Stage } from '../../support/operator-stage.ts';
import type { WholeOperator } from '../../support/whole-operator.ts';

/**
 * What befalls the operator, or what it depends on, at the very moment of a write. `operator` is the one that writes.
 * Where it may come to nothing, the answer tells later whether it came to something.
 */
type Strike = (stage: Stage, operator: WholeOperator) => (() => boolean) | void;

export const TROUBLE_MS = 30_000;
export const STALE_MS = 20_000;
const PAUSE_MS = 60_000;
/** Long enough that the user acts within it, as an operator that is not needed does not look. */
const LATE_READS_MS = 40_000;
const HOUR_MS = 3_600_000;
/** As the transport gives up a request that is not answered. */
const ANSWER_MS = 30_000;

export const INCIDENTS = {
  crash(stage, operator) {
    stage.crash(operator);
    stage.clock.schedule(RESTART_MS, () => stage.start());
  },
  /** Neither stands for election here: the lease is one safeguard, and what is tried is what holds without it. */
  'a second leader'(stage, operator) {
    stage.startAnother();
    stage.clock.schedule(TROUBLE_MS, () => stage.crash(operator));
  },
  'a leader paused for 60 s': (_, operator) => operator.freeze(PAUSE_MS),
  'caches that are 20 s old': (stage) => holdWatches(stage),
  /** For a while ECS shows what was 5 s ago, and at first the world from before the write. */
  'reads of ECS that are behind'({ simulator, clock }) {
    const fault = simulator.faults.add({ action: /^(?:Describe|List|Get)/, when: 'before', stale: true });
    clock.schedule(LATE_READS_MS, () => fault.remove());
    return () => fault.fired > 0;
  },
  'an API server that is down'({ api, clock }) {
    api.setDown(true);
    clock.schedule(TROUBLE_MS, () => api.setDown(false));
  },
  'an API server that hangs'({ api, clock }) {
    const fault = api.faults.add({ times: Number.POSITIVE_INFINITY, error: 'hang', hangMs: ANSWER_MS });
    api.holdWatches(true);
    clock.schedule(TROUBLE_MS, () => {
      fault.remove();
      api.holdWatches(false);
    });
    return () => fault.fired > 0;
  },
  /** As after a rotation, until the process has read its credentials anew. */
  'an API server that takes no token'({ api, clock }) {
    const error = new KubeError({ code: 401, reason: 'Unauthorized', message: 'Unauthorized' });
    const fault = api.faults.add({ times: Number.POSITIVE_INFINITY, error });
    api.endWatches('close');
    clock.schedule(TROUBLE_MS, () => fault.remove());
    return () => fault.fired > 0;
  },
  'an API server that restarts and has forgotten its history'({ api }) {
    api.compact();
    api.endWatches('reset');
  },
  'watches that go dark': ({ api }) => api.endWatches('dark'),
  'a clock that is set forward by an hour': (_, operator) => operator.jump(HOUR_MS),
  'a clock that is set back by an hour': (_, operator) => operator.jump(-HOUR_MS),
  'an event loop that stands still for 60 s': ({ clock }) => clock.stall(PAUSE_MS),
} as const satisfies Record<string, Strike>;

export type Incident = keyof typeof INCIDENTS;

/** Answers whether an object has changed while they were held, so that caches were behind at all. */
function holdWatches(stage: Stage): () => boolean {
  const versions = (): string =>
    stage
      .objects()
      .map(({ metadata }) => metadata.resourceVersion)
      .join();
  const before = versions();
  let isBehind = false;
  stage.api.holdWatches(true);
  stage.clock.schedule(STALE_MS, () => {
    isBehind = versions() !== before;
    stage.api.holdWatches(false);
  });
  return () => isBehind;
}
