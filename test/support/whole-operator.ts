import { GROUP } from '../../src/api/group.ts';
import { assembleOperator } from '../../src/cmd/assemble.ts';
import { type Log, silentLog } from '../../src/lib/log.ts';
import type { Random } from '../../src/lib/random.ts';
import { createEventRecorder } from '../../src/runtime/events/event-recorder.ts';
import { readRequest } from '../simulator/json-protocol.ts';
import type { SdkHandler } from '../simulator/sdk-handler.ts';
import type { Simulator } from '../simulator/simulator.ts';
import type { World } from '../simulator/world.ts';
import type { FakeKubeApi } from './fake-kube-api.ts';
import { drawBoundary, type WriteWatcher } from './process-boundary.ts';
import type { VirtualClock } from './virtual-clock.ts';

export interface WholeOperatorOptions {
  readonly clock: VirtualClock;
  readonly api: FakeKubeApi;
  readonly simulator: Simulator;
  readonly random: Random;
  readonly clusterId: string;
  readonly resyncIntervalMs: number;
  readonly onWrite?: WriteWatcher;
  /** Told of every call of ECS before it has an effect. */
  readonly onCall?: CallWatcher;
  readonly log?: Log;
}

export type CallWatcher = (call: { readonly action: string; readonly input: object }, world: World) => void;

/** One process of the operator with empty memory, as `runOperator` makes it but for sockets and the lease. */
export interface WholeOperator {
  /** Ends it where it stands, like SIGKILL. */
  crash(): void;
  /** Ends it as SIGTERM does. */
  stop(): Promise<void>;
}

const WORKERS = 8;
const GRACE_MS = 20_000;

export function startWholeOperator(options: WholeOperatorOptions): WholeOperator {
  const { api, simulator, random, clusterId, resyncIntervalMs, onWrite = nothing, log = silentLog } = options;
  const ecs = watchCalls(simulator, options.onCall ?? nothing);
  const boundary = drawBoundary({ clock: options.clock, api, ecs, onWrite });
  const { clock } = boundary;
  const reporter = { controller: `${GROUP}/controller`, instance: 'sim' };
  const events = createEventRecorder({ api: boundary.api, clock, log, reporter, onDiscard: nothing });
  const { manager, access } = assembleOperator({
    api: boundary.api,
    elector: undefined,
    clock,
    random,
    log,
    clusterId,
    resyncIntervalMs,
    metrics: { controller: () => DEAF_METRICS, observe: nothing },
    client: {
      region: simulator.world.region,
      userAgent: 'ecs-operator/sim',
      beforeWrite: nothing,
      requestHandler: boundary.ecs,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    },
    quotaShare: 0.9,
    ecsMetrics: { onRequest: nothing, onPaced: nothing, onBatch: nothing },
    record: (object, event) => events.record(object, event),
    flush: () => events.close(GRACE_MS),
    workers: WORKERS,
    shutdownGraceMs: GRACE_MS,
  });
  const lifetime = new AbortController();
  const ended = manager.run(lifetime.signal);
  return {
    crash: () => boundary.cut(),
    async stop() {
      lifetime.abort(new Error('the operator was asked to stop'));
      await ended;
      access.close();
      boundary.cut();
    },
  };
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

const DEAF_METRICS = {
  queue: { added: nothing, taken: nothing, finished: nothing, retried: nothing },
  reflector: { listed: nothing, watchEnded: nothing, handlerFailed: nothing },
  busy: nothing,
  reconciled: nothing,
  driftCorrected: nothing,
};

function nothing(): void {}
