import { ApplicationAutoScalingClient, DescribeScalableTargetsCommand } from '@aws-sdk/client-application-auto-scaling';
import { ECSClient, ListClustersCommand } from '@aws-sdk/client-ecs';
import type { CommonStatus } from '../../src/core/managed-kind.ts';
import { DEFINITIONS } from '../../src/kinds/index.ts';
import type { Log } from '../../src/lib/log.ts';
import type { KubeKey, KubeObject, KubeResource } from '../../src/runtime/kube/kube-api.ts';
import { conditionOf, isReadyAt } from '../../src/runtime/reconcile/conditions.ts';
import { createRandom } from '../simulator/random.ts';
import { createSimulator, type Simulator, type SimulatorOptions } from '../simulator/simulator.ts';
import { createFakeKubeApi, type FakeKubeApi } from './fake-kube-api.ts';
import type { WriteWatcher } from './process-boundary.ts';
import type { ExampleObject } from './rule-examples.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';
import { type CallWatcher, startWholeOperator } from './whole-operator.ts';

export interface StageOptions extends Pick<SimulatorOptions, 'shuffleAnswers' | 'readLagMs' | 'containerInstances'> {
  readonly seed?: number;
  /** Told of every write of every operator on the stage. */
  readonly onWrite?: WriteWatcher;
  /** Told of every call of ECS of every operator on the stage, before it has an effect. */
  readonly onCall?: CallWatcher;
  readonly log?: Log;
}

/** `EcsService/web`. */
export type ObjectName = `${'EcsCluster' | 'EcsTaskDefinition' | 'EcsService'}/${string}`;

export interface StageObject extends KubeObject {
  readonly spec: Readonly<Record<string, unknown>>;
  readonly status: Readonly<Record<string, unknown>> & CommonStatus;
}

/** A Kubernetes and an ECS on one virtual clock, with one operator between them, and a user who acts. */
export interface Stage {
  readonly clock: VirtualClock;
  readonly api: FakeKubeApi;
  readonly simulator: Simulator;
  /** Starts an operator with empty memory, where none runs. */
  start(): void;
  /** Ends the operator like SIGKILL. It is not started again by itself. */
  crash(): void;
  apply(...objects: readonly ExampleObject[]): void;
  /** Merges into the spec, as `kubectl patch` does. */
  change(name: ObjectName, spec: Readonly<Record<string, unknown>>): void;
  annotate(name: ObjectName, annotations: Readonly<Record<string, string>>): void;
  remove(...names: readonly ObjectName[]): void;
  /** Every object of ours, as when their namespace is deleted. */
  removeAll(): void;
  wipeStatus(): void;
  object(name: ObjectName): StageObject | undefined;
  /** All objects of ours. */
  objects(): readonly StageObject[];
  /** True where there are such objects and each is Ready for its newest generation. */
  areReady(...names: readonly ObjectName[]): boolean;
  /** `DeploymentFailed` of a Stalled condition for the newest generation. */
  stalledBy(name: ObjectName): string | undefined;
  /** Why Ready is not True for the newest generation. */
  unreadyBy(name: ObjectName): string | undefined;
}

const NAMESPACE = 'shop';
export const CLUSTER_ID = 'prod-1';
export const RESYNC_MS = 600_000;

const RESOURCES: ReadonlyMap<string, KubeResource> = new Map(
  DEFINITIONS.map(({ kind, group, version, plural }) => [kind, { group, version, plural }]),
);

export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const { seed = 1, onWrite, onCall, log, ...simulated } = options;
  const clock = createVirtualClock();
  const simulator = createSimulator({ clock, seed, containerInstances: 0, ...simulated });
  await loadSdk(simulator);
  const api = createFakeKubeApi({
    clock,
    kinds: DEFINITIONS.map(({ kind }) => ({
      resource: resourceOf(kind),
      kind,
      hasStatus: true,
      defaultStatus: { observedGeneration: -1 },
    })),
  });
  const shared = {
    clock,
    api,
    simulator,
    random: createRandom(seed),
    clusterId: CLUSTER_ID,
    resyncIntervalMs: RESYNC_MS,
  };
  const watchers = { ...(onWrite && { onWrite }), ...(onCall && { onCall }), ...(log && { log }) };
  let crash: (() => void) | undefined;

  function start(): void {
    if (crash !== undefined) throw new Error('an operator runs already');
    ({ crash } = startWholeOperator({ ...shared, ...watchers }));
  }

  return {
    clock,
    api,
    simulator,
    start,
    crash() {
      crash?.();
      crash = undefined;
    },
    ...userOf(api),
  };
}

type User = Omit<Stage, 'clock' | 'api' | 'simulator' | 'start' | 'crash'>;

function userOf(api: FakeKubeApi): User {
  const object = (name: ObjectName): StageObject | undefined => {
    const { resource, key } = placeOf(name);
    return api.object(resource, key) as StageObject | undefined;
  };
  const objects = (): readonly StageObject[] =>
    [...RESOURCES.values()].flatMap((resource) => api.objects(resource) as readonly StageObject[]);
  const remove = (...names: readonly ObjectName[]): void => {
    for (const name of names) {
      const { resource, key } = placeOf(name);
      api.delete(resource, key);
    }
  };
  return {
    object,
    objects,
    remove,
    apply(...given) {
      for (const { metadata, ...rest } of given)
        api.apply({ ...rest, metadata: { ...metadata, namespace: NAMESPACE } });
    },
    change(name, spec) {
      const { resource, key } = placeOf(name);
      api.edit(resource, key, { spec });
    },
    annotate(name, annotations) {
      const { resource, key } = placeOf(name);
      api.edit(resource, key, { metadata: { annotations } });
    },
    removeAll() {
      remove(...objects().map(nameOf));
    },
    wipeStatus() {
      for (const each of objects()) {
        const { resource, key } = placeOf(nameOf(each));
        api.edit(resource, key, { status: null }, 'status');
      }
    },
    areReady: (...names) =>
      names.every((name) => {
        const found = object(name);
        return found !== undefined && isReadyAt(found.status.conditions, found.metadata.generation ?? 0);
      }),
    stalledBy: (name) => reasonOf(object(name), 'Stalled', 'True'),
    unreadyBy: (name) => reasonOf(object(name), 'Ready', 'False'),
  };
}

export function nameOf({ kind, metadata }: KubeObject): ObjectName {
  return `${kind}/${metadata.name}` as ObjectName;
}

function placeOf(name: ObjectName): { readonly resource: KubeResource; readonly key: KubeKey } {
  const [kind = '', local = ''] = name.split('/');
  return { resource: resourceOf(kind), key: { namespace: NAMESPACE, name: local } };
}

function resourceOf(kind: string): KubeResource {
  const resource = RESOURCES.get(kind);
  if (resource === undefined) throw new Error(`${kind} is no kind of ours`);
  return resource;
}

function reasonOf(object: StageObject | undefined, type: string, status: string): string | undefined {
  const found = conditionOf(object?.status.conditions, type);
  return found?.status === status && found.observedGeneration === object?.metadata.generation
    ? found.reason
    : undefined;
}

/** The SDK loads a part of itself at its first call, which no virtual clock waits for. */
async function loadSdk(simulator: Simulator): Promise<void> {
  const config = {
    region: simulator.world.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: simulator.requestHandler(),
  };
  const [ecs, scaling] = [new ECSClient(config), new ApplicationAutoScalingClient(config)];
  await ecs.send(new ListClustersCommand());
  await scaling.send(new DescribeScalableTargetsCommand({ ServiceNamespace: 'ecs' }));
  ecs.destroy();
  scaling.destroy();
  simulator.forgetCalls();
}
