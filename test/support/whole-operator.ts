import { GROUP } from '../../src/api/group.ts';
import { assembleOperator } from '../../src/cmd/assemble.ts';
import { type Log, silentLog } from '../../src/lib/log.ts';
import type { Random } from '../../src/lib/random.ts';
import type { Controller } from '../../src/runtime/controller.ts';
import { createEventRecorder } from '../../src/runtime/events/event-recorder.ts';
import type { KubeApi } from '../../src/runtime/kube/kube-api.ts';
import { createLeaderElector, type LeaderElector } from '../../src/runtime/leader-election/leader-election.ts';
import type { Ending, Manager } from '../../src/runtime/manager.ts';
import { readRequest } from '../simulator/json-protocol.ts';
import type { SdkHandler } from '../simulator/sdk-handler.ts';
import type { Simulator } from '../simulator/simulator.ts';
import type { World } from '../simulator/world.ts';
import type { FakeKubeApi } from './fake-kube-api.ts';
import { drawBoundary, type OutgoingWrite, type ProcessBoundary, type WatchFilter } from './process-boundary.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** What may be put in the place of a part of the operator, so that a test can show that it would be missed. */
export interface Seams {
  readonly api?: (api: KubeApi) => KubeApi;
  readonly assemble?: typeof assembleOperator;
  readonly beforeWrite?: (elector: LeaderElector | undefined) => void;
}

/** Told of each write of a process, before it leaves and after the other side has done with it. */
type ProcessWatcher = (write: OutgoingWrite, when: 'before' | 'after', process: WholeOperator) => void;

export interface WholeOperatorOptions {
  readonly clock: VirtualClock;
  readonly api: FakeKubeApi;
  readonly simulator: Simulator;
  readonly random: Random;
  readonly clusterId: string;
  readonly resyncIntervalMs: number;
  /** Who it is among several that stand for election; it works without a lease where left out. */
  readonly identity?: string | undefined;
  readonly onWrite?: ProcessWatcher;
  /** Told of every call of AWS before it has an effect. */
  readonly onCall?: CallWatcher;
  readonly filter?: WatchFilter;
  readonly log?: Log;
  readonly metrics?: Pick<Parameters<typeof assembleOperator>[0], 'metrics' | 'ecsMetrics'>;
  readonly seams?: Seams;
  readonly accounts?: Parameters<typeof assembleOperator>[0]['accounts'];
  /** Objects of a kind that are looked at at the same time; few unless stated. */
  readonly workers?: number;
}

export type CallWatcher = (call: { readonly action: string; readonly input: object }, world: World) => void;

/** One process of the operator with empty memory, as `runOperator` makes it but for sockets. */
export interface WholeOperator {
  /** Ends it where it stands, like SIGKILL. */
  crash(): void;
  /** Ends it as SIGTERM does. */
  stop(): Promise<void>;
  /** Stops it for so long, like SIGSTOP and SIGCONT. */
  freeze(ms: number): void;
  /** When it goes on, or went on, after it was stopped like that, by the monotonic clock of the stage. */
  readonly thawsAt: number | undefined;
  /** Sets its wall clock forward or back. */
  jump(ms: number): void;
  /** Keys that wait for a worker or have one. Those of a standby are none: they wait for its term. */
  readonly depth: number;
  /** Never, where it crashes. */
  readonly ended: Promise<Ending>;
}

const FEW_WORKERS = 8;
const GRACE_MS = 20_000;

export function startWholeOperator(options: WholeOperatorOptions): WholeOperator {
  const { simulator, onWrite = nothing, filter = (events) => events, seams = {} } = options;
  const boundary = drawBoundary({
    clock: options.clock,
    api: options.api,
    ecs: watchCalls(simulator, options.onCall ?? nothing),
    onWrite: (write, when) => onWrite(write, when, self),
    filter,
  });
  const controllers: Controller[] = [];
  const { manager, access, elector } = assemble(options, boundary, seams, controllers);
  const lifetime = new AbortController();
  let thawsAt: number | undefined;
  const self: WholeOperator = {
    crash: () => boundary.cut(),
    async stop() {
      lifetime.abort(new Error('the operator was asked to stop'));
      await self.ended;
      access.close();
      boundary.cut();
    },
    freeze(ms) {
      thawsAt = options.clock.monotonic() + ms;
      boundary.freeze(ms);
    },
    get thawsAt() {
      return thawsAt;
    },
    jump: boundary.jump,
    get depth() {
      if (elector?.isLeader() === false) return 0;
      return controllers.reduce((sum, controller) => sum + controller.depth + controller.running().size, 0);
    },
    ended: manager.run(lifetime.signal),
  };
  return self;
}

function assemble(
  options: WholeOperatorOptions,
  { clock, ecs, ...boundary }: ProcessBoundary,
  { api: wrap = (api) => api, assemble: build = assembleOperator, beforeWrite = assertHeld }: Seams,
  controllers: Controller[],
): { readonly manager: Manager; readonly access: { close(): void }; readonly elector: LeaderElector | undefined } {
  const { simulator, log = silentLog, metrics = DEAF_METRICS } = options;
  const api = wrap(boundary.api);
  const reporter = { controller: `${GROUP}/controller`, instance: 'sim' };
  const events = createEventRecorder({ api, clock, log, reporter, onDiscard: nothing });
  const elector = electorFor(options, { api, clock, log });
  const assembly = build({
    ...options,
    ...metrics,
    api,
    elector,
    clock,
    log,
    metrics: {
      controller: metrics.metrics.controller,
      observe(all) {
        controllers.push(...all);
        metrics.metrics.observe(all);
      },
    },
    client: {
      region: simulator.world.region,
      userAgent: 'ecs-operator/sim',
      beforeWrite: () => beforeWrite(elector),
      requestHandler: ecs,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    },
    quotaShare: 0.9,
    record: (object, event) => events.record(object, event),
    flush: () => events.close(GRACE_MS),
    workers: options.workers ?? FEW_WORKERS,
    shutdownGraceMs: GRACE_MS,
  });
  return { ...assembly, elector };
}

function electorFor(
  { identity, random }: WholeOperatorOptions,
  surroundings: { readonly api: KubeApi; readonly clock: ProcessBoundary['clock']; readonly log: Log },
): LeaderElector | undefined {
  if (identity === undefined) return undefined;
  return createLeaderElector({ ...surroundings, random, identity, namespace: 'ecs-operator', name: 'ecs-operator' });
}

function assertHeld(elector: LeaderElector | undefined): void {
  elector?.assertHeld();
}

function watchCalls({ world, requestHandler }: Simulator, onCall: CallWatcher): SdkHandler {
  const handler = requestHandler();
  return {
    ...handler,
    handle(request, options) {
      onCall(readRequest(request.headers['x-amz-target'], String(request.body)), world);
      return handler.handle(request, options);
    },
  };
}

/** Counts nothing. */
export const DEAF_METRICS = {
  metrics: {
    controller: () => ({
      queue: { added: nothing, taken: nothing, finished: nothing, retried: nothing },
      reflector: { listed: nothing, watchEnded: nothing, handlerFailed: nothing },
      busy: nothing,
      reconciled: nothing,
      driftCorrected: nothing,
    }),
    observe: nothing,
  },
  ecsMetrics: { onRequest: nothing, onPaced: nothing, onBatch: nothing },
};

function nothing(): void {}
