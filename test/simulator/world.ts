import type { CapacityProvider, Cluster, Service, ServiceDeployment, ServiceRevision, Tag, Task, TaskDefinition } from '@aws-sdk/client-ecs';

/** Time as the simulator sees it. Nothing here reads the machine's clock, so a test may own it. */
export interface SimulatorClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves once `ms` have passed on this clock. */
  sleep(ms: number): Promise<void>;
}

/** A cluster as stored: the API's own shape, with its tags apart, as only `include: TAGS` shows them. */
export interface ClusterRecord {
  cluster: Cluster;
  tags: Tag[];
}

export interface TaskDefinitionRecord {
  definition: TaskDefinition;
  tags: Tag[];
}

export interface ServiceRecord {
  service: Service;
  tags: Tag[];
  /** What CreateService and UpdateService said, as the next revision is made of it. */
  revisions: ServiceRevision[];
  deployments: ServiceDeployment[];
  clientToken: string | undefined;
}

/** All that exists in one account and region, and the queue of what will happen to it by itself. */
export interface World {
  readonly accountId: string;
  readonly region: string;
  now(): number;
  /** Uniform in [0, 1), from the simulator's seed. */
  random(): number;
  /** Runs `effect` once the clock has passed now + `afterMs`; effects run in order of time, then of insertion. */
  later(afterMs: number, effect: () => void): void;
  /** `count` lower-case hexadecimal digits, from the seed. */
  hex(count: number): string;
  readonly clusters: Map<string, ClusterRecord>;
  readonly taskDefinitions: Map<string, TaskDefinitionRecord>;
  readonly services: Map<string, ServiceRecord>;
  readonly tasks: Map<string, { task: Task; tags: Tag[] }>;
  readonly capacityProviders: Map<string, { provider: CapacityProvider; tags: Tag[] }>;
  /** What tasks will do, by the image of their containers. */
  readonly behaviours: TaskBehaviours;
}

/** How long a task takes, and how it ends, by the text of its container images. The first match wins. */
export interface TaskBehaviours {
  add(behaviour: TaskBehaviour): () => void;
  of(images: readonly string[]): TaskBehaviour;
}

export interface TaskBehaviour {
  /** Matched against each container's image. */
  image: RegExp;
  becomes: 'running' | 'cannot-pull' | 'exits' | 'unhealthy' | 'stuck-pending' | 'no-capacity';
  /** Milliseconds from PROVISIONING until RUNNING (or the failure). */
  afterMs: number;
  exitCode?: number;
  reason?: string;
}

/** One API action. It has already been validated against the SDK's schema; it changes the world or throws a `SimulatedError`. */
export type Operation = (world: World, input: never) => unknown;
