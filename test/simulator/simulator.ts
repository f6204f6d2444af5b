import { type ArrivedCall, type CallPath, type CallPathOptions, createCallPath } from './call-path.ts';
import { CAPACITY_PROVIDER_OPERATIONS } from './capacity-providers.ts';
import { CLUSTER_OPERATIONS } from './clusters.ts';
import { CONTAINER_INSTANCE_OPERATIONS } from './container-instances.ts';
import { copyOf } from './copy.ts';
import { createEmptyWorld } from './empty-world.ts';
import { createEventQueue } from './event-queue.ts';
import { createHistory } from './history.ts';
import { createRandom } from './random.ts';
import { isRead } from './recording.ts';
import { SCALING_OPERATIONS } from './scaling/scaling-operations.ts';
import { SERVICE_OPERATIONS } from './service-operations.ts';
import { SimulatedError } from './simulated-error.ts';
import { TAG_OPERATIONS } from './tags.ts';
import { TASK_DEFINITION_OPERATIONS } from './task-definitions.ts';
import { validateInput } from './validation.ts';
import type { Operation, Timings, World } from './world.ts';

export interface SimulatorOptions extends CallPathOptions {
  readonly region?: string;
  readonly accountId?: string;
  /** Reads answer as the world was so long ago; writes see the truth. */
  readonly readLagMs?: number;
  readonly timings?: Partial<Timings>;
  /** The account's default for clusters that say nothing. */
  readonly containerInsights?: 'disabled' | 'enabled' | 'enhanced';
  /** How many container instances register with each cluster as it is made: none unless stated. */
  readonly containerInstances?: number;
}

/**
 * An ECS: one account in one Region. Nothing happens in it but during a call or `settle`. `call` answers as the API
 * would, with timestamps as Date.
 */
export interface Simulator extends CallPath {
  readonly world: World;
  /** Lets happen all that is due by now. */
  settle(): void;
}

const OPERATIONS: ReadonlyMap<string, Operation> = new Map(
  Object.entries({
    ...CLUSTER_OPERATIONS,
    ...CONTAINER_INSTANCE_OPERATIONS,
    ...CAPACITY_PROVIDER_OPERATIONS,
    ...TASK_DEFINITION_OPERATIONS,
    ...TAG_OPERATIONS,
    ...SERVICE_OPERATIONS,
    ...SCALING_OPERATIONS,
  }),
);

/** A stale read without `readLagMs` is so much behind. */
const STALE_MS = 5_000;

export function createSimulator(options: SimulatorOptions): Simulator {
  const { clock, seed = 1, readLagMs = 0 } = options;
  const queue = createEventQueue(clock);
  const world = createEmptyWorld({
    queue,
    random: createRandom(seed),
    region: options.region ?? 'eu-central-1',
    accountId: options.accountId ?? '123456789012',
    timings: options.timings ?? {},
    containerInsights: options.containerInsights ?? 'disabled',
    containerInstances: options.containerInstances ?? 0,
  });
  const history = createHistory(world);
  if (readLagMs > 0) history.start(readLagMs);
  const settle = () => queue.runDue(history.note);

  /** In one go: nothing can come between an operation's checks and its effect. */
  function take({ action, input, isStale }: ArrivedCall): object {
    validateInput(action, input);
    const operation = OPERATIONS.get(action);
    if (operation === undefined) {
      throw new SimulatedError('UnknownOperationException', `${action} is not simulated.`);
    }
    const isLagging = isRead(action) && (isStale || readLagMs > 0);
    const answer = operation(isLagging ? history.view() : world, copyOf(input) as never);
    const copy = copyOf(answer as object);
    if (!isRead(action)) history.note();
    return copy;
  }

  const onStale = () => history.start(readLagMs > 0 ? readLagMs : STALE_MS);
  return { ...createCallPath(options, { take, settle, onStale }), world, settle };
}
