import { ECSClient, ListClustersCommand } from '@aws-sdk/client-ecs';
import { NAMESPACES } from '../../src/cmd/accounts.ts';
import type { CommonStatus } from '../../src/core/managed-kind.ts';
import { ALL_DEFINITIONS, DEFINITIONS } from '../../src/kinds/index.ts';
import type { KubeKey, KubeObject, KubeResource } from '../../src/runtime/kube/kube-api.ts';
import { conditionOf, isReadyAt } from '../../src/runtime/reconcile/conditions.ts';
import { createRandom } from '../simulator/random.ts';
import { createSimulator, type Simulator, type SimulatorOptions } from '../simulator/simulator.ts';
import { createFakeKubeApi, type FakeKubeApi } from './fake-kube-api.ts';
import type { ExampleObject } from './rule-examples.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';
import { type Seams, startWholeOperator, type WholeOperator, type WholeOperatorOptions } from './whole-operator.ts';

export interface StageOptions
  extends Pick<SimulatorOptions, 'shuffleAnswers' | 'readLagMs' | 'containerInstances' | 'throttle'>,
    Pick<WholeOperatorOptions, 'onWrite' | 'onCall' | 'filter' | 'log' | 'metrics' | 'seams' | 'workers'> {
  readonly seed?: number;
  /** Whether every operator stands for election. One that loses the lease is started anew, as Kubernetes would. */
  readonly isElected?: boolean;
  /** Whether the operator looks after EcsAccounts as well. It acts as itself where none selects the namespace. */
  readonly hasAccounts?: boolean;
  /** Another stage whose time and whose ECS this one goes on with, beside a Kubernetes of its own. */
  readonly after?: Pick<Stage, 'clock' | 'simulator'>;
}

/** `EcsService/web`. */
export type ObjectName = `${'EcsCluster' | 'EcsTaskDefinition' | 'EcsService' | 'EcsAccount'}/${string}`;

export interface StageObject extends KubeObject {
  readonly spec: Readonly<Record<string, unknown>>;
  readonly status: Readonly<Record<string, unknown>> & CommonStatus;
}

/** A Kubernetes and an ECS on one virtual clock, with an operator between them, and a user who acts. */
export interface Stage {
  readonly clock: VirtualClock;
  readonly api: FakeKubeApi;
  readonly simulator: Simulator;
  /** The operators that run. */
  readonly operators: readonly WholeOperator[];
  /** Starts an operator with empty memory, where none runs; with other parts in it where they are given. */
  start(seams?: Seams): void;
  /** Starts one more beside those that run. */
  startAnother(): void;
  /** Ends that operator, or all there are, like SIGKILL. None is started again by itself. */
  crash(operator?: WholeOperator): void;
  /** Ends all as SIGTERM does. */
  stop(): Promise<void>;
  apply(...objects: readonly ExampleObject[]): void;
  /** Merges into the spec, as `kubectl patch` does. */
  change(name: ObjectName, spec: Readonly<Record<string, unknown>>): void;
  annotate(name: ObjectName, annotations: Readonly<Record<string, string>>): void;
  remove(...names: readonly ObjectName[]): void;
  /** Every object of ours, as when their namespace is deleted. */
  removeAll(): void;
  wipeStatus(): void;
  /** Whatever it holds: no schema looks at it. */
  writeStatus(name: ObjectName, status: unknown): void;
  object(name: ObjectName): StageObject | undefined;
  /** All objects of ours in the namespace. */
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
/** How long Kubernetes takes to start a process anew. */
export const RESTART_MS = 1_000;

const RESOURCES: ReadonlyMap<string, KubeResource> = new Map(
  ALL_DEFINITIONS.map(({ kind, group, version, plural }) => [kind, { group, version, plural }]),
);

const KINDS = [
  ...ALL_DEFINITIONS.map(({ kind, scope }) => ({
    resource: resourceOf(kind),
    kind,
    isNamespaced: scope === 'Namespaced',
    hasStatus: true,
    defaultStatus: { observedGeneration: -1 },
  })),
  { resource: NAMESPACES, kind: 'Namespace', isNamespaced: false },
];

export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const { seed = 1, isElected, hasAccounts = false, after } = options;
  const clock = after?.clock ?? createVirtualClock();
  const simulator = after?.simulator ?? createSimulator({ containerInstances: 0, ...options, clock, seed });
  await loadSdk(simulator);
  const api = createFakeKubeApi({ clock, kinds: KINDS });
  if (hasAccounts) api.apply({ kind: 'Namespace', metadata: { name: NAMESPACE } });
  const random = createRandom(seed);
  const shared = { ...options, clock, api, simulator, random, clusterId: CLUSTER_ID, resyncIntervalMs: RESYNC_MS };
  const accounts = hasAccounts ? { accounts: { operatorIdentity: 'always' as const } } : {};
  const operators = new Set<WholeOperator>();
  let started = 0;

  function startAnother(seams = options.seams): void {
    started += 1;
    const identity = isElected ? `operator-${started}` : undefined;
    const operator = startWholeOperator({ ...shared, ...accounts, identity, ...(seams && { seams }) });
    operators.add(operator);
    void replaceOnceEnded(operator);
  }

  async function replaceOnceEnded(operator: WholeOperator): Promise<void> {
    const ending = await operator.ended;
    operators.delete(operator);
    if (ending === 'lease-lost') clock.schedule(RESTART_MS, () => startAnother());
  }

  return {
    clock,
    api,
    simulator,
    get operators() {
      return [...operators];
    },
    start(seams) {
      if (operators.size > 0) throw new Error('an operator runs already');
      startAnother(seams);
    },
    startAnother: () => startAnother(),
    crash(operator) {
      for (const each of operator === undefined ? [...operators] : [operator]) {
        each.crash();
        operators.delete(each);
      }
    },
    async stop() {
      await Promise.all([...operators].map((operator) => operator.stop()));
    },
    ...userOf(api),
  };
}

type User = Omit<Stage, 'clock' | 'api' | 'simulator' | 'operators' | 'start' | 'startAnother' | 'crash' | 'stop'>;

function userOf(api: FakeKubeApi): User {
  const object = (name: ObjectName): StageObject | undefined => {
    const { resource, key } = placeOf(name);
    return api.object(resource, key) as StageObject | undefined;
  };
  const objects = (): readonly StageObject[] =>
    DEFINITIONS.flatMap(({ kind }) => api.objects(resourceOf(kind)) as readonly StageObject[]);
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
      for (const { metadata, ...rest } of given) {
        api.apply({ ...rest, metadata: { ...metadata, ...spaceOf(rest.kind) } });
      }
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
    writeStatus(name, status) {
      const { resource, key } = placeOf(name);
      api.edit(resource, key, { status }, 'status');
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

export function nameOf({ kind, metadata }: Pick<KubeObject, 'kind' | 'metadata'>): ObjectName {
  return `${kind}/${metadata.name}` as ObjectName;
}

function placeOf(address: ObjectName): { readonly resource: KubeResource; readonly key: KubeKey } {
  const [kind = '', name = ''] = address.split('/');
  return { resource: resourceOf(kind), key: { ...spaceOf(kind), name } };
}

/** Accounts live in no namespace. */
function spaceOf(kind: string): { readonly namespace?: string } {
  return kind === 'EcsAccount' ? {} : { namespace: NAMESPACE };
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
  const client = new ECSClient({
    region: simulator.world.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: simulator.requestHandler(),
  });
  await client.send(new ListClustersCommand());
  client.destroy();
  simulator.forgetCalls();
}
