import type { CommonStatus, ManagedKind } from '../../src/core/managed-kind.ts';
import type { Log } from '../../src/lib/log.ts';
import { silentLog } from '../../src/lib/log.ts';
import { type Controller, createController } from '../../src/runtime/controller.ts';
import type { KubeObject, KubeResource } from '../../src/runtime/kube/kube-api.ts';
import type { QueuePriority } from '../../src/runtime/queue/work-queue.ts';
import type { ObjectEvent } from '../../src/runtime/reconcile/attempt.ts';
import { conditionOf } from '../../src/runtime/reconcile/conditions.ts';
import { Neighbourhood } from '../../src/runtime/reconcile/neighbourhood.ts';
import type { ReconcileResult } from '../../src/runtime/reconcile/outcome.ts';
import { createFakeKubeApi, type FakeKubeApi, type FakeKubeApiOptions, type KubeWrite } from './fake-kube-api.ts';
import {
  BOX_KIND,
  BOXES,
  SHELF_KIND,
  SHELVES,
  TOY_GROUP,
  type ToyTypes,
  ToyWorld,
  toyRegistration,
} from './toy-kind.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';

export const TOY_IDENTITY = {
  clusterId: 'nursery',
  finalizer: `${TOY_GROUP}/finalizer`,
  annotationPrefix: `${TOY_GROUP}/`,
};

/** A Kubernetes and a world of toys that outlive every operator that works on them. */
export interface Playground {
  readonly clock: VirtualClock;
  readonly api: FakeKubeApi;
  readonly world: ToyWorld;
  /** Starts an operator with empty memory. */
  start(options?: ToyOperatorOptions): ToyOperator;
  status(resource: KubeResource, name: string): Readonly<Record<string, unknown>> & CommonStatus;
  /** `True InSync`, or undefined where there is no such condition. */
  condition(resource: KubeResource, name: string, type: string): string | undefined;
  /** Writes that had an effect on Kubernetes, as `finalizers` or `status` of a name. */
  kubeWrites(): readonly string[];
}

interface ToyOperatorOptions {
  readonly workers?: number;
  readonly timeoutMs?: number;
  readonly log?: Log;
  /** What boxes are, where a test needs another kind of them. */
  readonly boxKind?: ManagedKind<ToyTypes>;
  /** The last moment before the workers start, with all caches synced. */
  readonly beforeWork?: () => void;
}

interface ToyOperator {
  readonly controllers: readonly Controller[];
  readonly events: readonly (ObjectEvent & { readonly name: string })[];
  readonly results: readonly ReconcileResult[];
  readonly corrected: number;
  /** Of the connections made, in order. */
  readonly priorities: readonly QueuePriority[];
  /** Ends it where it stands: nothing that it had in hand goes on. */
  crash(): void;
}

export function createPlayground(options: Partial<FakeKubeApiOptions> = {}): Playground {
  const clock = createVirtualClock();
  const defaultStatus = { observedGeneration: -1 };
  const kinds = [
    { resource: BOXES, kind: 'Box', hasStatus: true, defaultStatus },
    { resource: SHELVES, kind: 'Shelf', hasStatus: true, defaultStatus },
  ];
  const api = createFakeKubeApi({ clock, kinds, ...options });
  const world = new ToyWorld(clock);
  const status = (resource: KubeResource, name: string) =>
    (api.object(resource, { namespace: 'play', name })?.['status'] ?? {}) as ReturnType<Playground['status']>;
  return {
    clock,
    api,
    world,
    start: (operatorOptions) => startOperator({ clock, api, world }, operatorOptions),
    status,
    condition(resource, name, type) {
      const found = conditionOf(status(resource, name).conditions, type);
      return found && `${found.status} ${found.reason}`;
    },
    kubeWrites: () => api.writes.filter(({ result }) => result === 'changed').map(describeWrite),
  };
}

function describeWrite({ subresource, key }: KubeWrite): string {
  return `${subresource ?? 'finalizers'} of ${key.name}`;
}

function startOperator(
  { clock, api, world }: Pick<Playground, 'clock' | 'api' | 'world'>,
  {
    workers = 4,
    timeoutMs = 60_000,
    log = silentLog,
    boxKind = BOX_KIND,
    beforeWork = () => undefined,
  }: ToyOperatorOptions = {},
): ToyOperator {
  const lifetime = new AbortController();
  const neighbourhood = new Neighbourhood();
  const events: (ObjectEvent & { readonly name: string })[] = [];
  const results: ReconcileResult[] = [];
  const priorities: QueuePriority[] = [];
  let corrected = 0;
  const controllers = [boxKind, SHELF_KIND].map((kind) =>
    createController({
      registration: toyRegistration(kind, world, priorities),
      api,
      identity: TOY_IDENTITY,
      neighbourhood,
      clock,
      random: () => 0.5,
      log,
      metrics: {
        queue: { added: nothing, taken: nothing, finished: nothing, retried: nothing },
        reflector: { listed: nothing, watchEnded: nothing, handlerFailed: nothing },
        busy: nothing,
        reconciled: (result) => void results.push(result),
        driftCorrected: () => void (corrected += 1),
      },
      record: (regarding: KubeObject, event) => void events.push({ ...event, name: regarding.metadata.name }),
      workers,
      resyncIntervalMs: 600_000,
      timeoutMs,
    }),
  );
  const { signal } = lifetime;
  const run = async (): Promise<void> => {
    const watching = controllers.map((controller) => controller.watch(signal));
    await Promise.all(controllers.map((controller) => controller.whenSynced(signal)));
    beforeWork();
    await Promise.all([...watching, ...controllers.map((controller) => controller.work(signal))]);
  };
  run().catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  return {
    controllers,
    events,
    results,
    priorities,
    get corrected() {
      return corrected;
    },
    crash() {
      lifetime.abort(new Error('the operator crashed'));
      for (const controller of controllers) controller.stop();
    },
  };
}

function nothing(): void {}
