import type {
  CapacityProvider,
  Cluster,
  Service,
  ServiceDeployment,
  ServiceRevision,
  Tag,
  Task,
  TaskDefinition,
} from '@aws-sdk/client-ecs';
import type { ScalingWorld } from './scaling/scaling-world.ts';

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
  /** The ARNs of those that are registered. A DAEMON service runs one task on each; they hold the cluster's deletion. */
  containerInstances: Set<string>;
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
  /** What the scheduler remembers of each entry of `service.deployments` and each task set, by its id. */
  rollouts: Map<string, RolloutRecord>;
  /** The tasks of this service that can still be described. */
  taskArns: Set<string>;
}

/** One deployment (or task set) in the eyes of the scheduler. */
export interface RolloutRecord {
  revisionArn: string;
  serviceDeploymentArn: string | undefined;
  /** Failures as the circuit breaker counts them; a healthy task may reset it. */
  breakerFailures: number;
  /** Failures since a task last became healthy; retries are spaced by it. */
  failuresInRow: number;
  /** No task is started before this instant. */
  notBefore: number;
  /** When the check for a steady state was last put into the queue; it counts only if nothing moved since. */
  steadyCheck: number | undefined;
  /** Whether the steady state has been announced; it is announced again only after it was lost. */
  steady: boolean;
  /** Tags of a task set, shown only where they are asked for. */
  tags: Tag[];
}

/** A task as stored. Those of a service carry the id of their deployment or task set in `startedBy`. */
export interface TaskRecord {
  task: Task;
  tags: Tag[];
  /** Scale-in protection ends at this instant. */
  protectedUntil?: number | undefined;
}

/** What a client token was answered with; ECS replays it for 24 hours. */
interface TokenRecord {
  fingerprint: string;
  answer: unknown;
  at: number;
}

/** How long things take by themselves, in milliseconds. */
export interface Timings {
  /** From PROVISIONING to RUNNING, for images that no behaviour speaks of. */
  taskStartMs: number;
  /** From the wish to stop a task until STOPPED. */
  taskStopMs: number;
  /** From RUNNING to the verdict of the container health checks. */
  healthCheckMs: number;
  /** From the last move of a deployment to its steady state. */
  steadyMs: number;
  /** Between a failed task and the next attempt; doubles from the fourth failure in a row on. */
  retryMs: number;
  /** The longest pause between attempts. */
  retryMaxMs: number;
  /** Each lifecycle stage of a blue/green, linear or canary deployment, bake times apart. */
  stageMs: number;
  /** From a request to stop a service deployment until it acts. */
  stopRequestMs: number;
  /** How long a stopped task can be described. */
  stoppedTaskVisibleMs: number;
  /** How long an INACTIVE service can be described. */
  inactiveVisibleMs: number;
  /** How long the answer to a client token is replayed. */
  tokenMs: number;
  /** How long a change of a scalable target, or below it, is pending: another one is refused until then. */
  scalingChangeMs: number;
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
  /** By name. */
  readonly clusters: Map<string, ClusterRecord>;
  /** By ARN. */
  readonly taskDefinitions: Map<string, TaskDefinitionRecord>;
  /** The newest revision that each family ever had: a number is never given twice. */
  readonly familyRevisions: Map<string, number>;
  /** By ARN. */
  readonly services: Map<string, ServiceRecord>;
  /** By ARN. */
  readonly tasks: Map<string, TaskRecord>;
  /** By name. */
  readonly capacityProviders: Map<string, { provider: CapacityProvider; tags: Tag[] }>;
  /** What Application Auto Scaling knows. */
  readonly scaling: ScalingWorld;
  /** The load of services at an instant, in units of the metric of one task, by resource id; `putLoad` begins one. */
  readonly loads: Map<string, (now: number) => number>;
  /** The names of Cloud Map namespaces, by ARN. */
  readonly namespaces: Map<string, string>;
  /** What tasks will do, by the image of their containers. */
  readonly behaviours: TaskBehaviours;
  readonly timings: Timings;
  /** Client tokens by action and token. */
  readonly tokens: Map<string, TokenRecord>;
  /** How many container instances register with each cluster as it is made. */
  containerInstances: number;
  /** The account's setting for clusters that say nothing: `disabled` unless told otherwise. */
  containerInsights: string;
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
