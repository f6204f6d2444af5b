import { CAPACITY_PROVIDER_OPERATIONS } from './capacity-providers.ts';
import { CLUSTER_OPERATIONS } from './clusters.ts';
import { createEmptyWorld } from './empty-world.ts';
import { createEventQueue } from './event-queue.ts';
import { createFaults, type Faults } from './faults.ts';
import { createHistory } from './history.ts';
import { createRandom } from './random.ts';
import { createRecording, isRead, type RecordedCall } from './recording.ts';
import { createSdkHandler, type SdkHandler } from './sdk-handler.ts';
import { SERVICE_OPERATIONS } from './service-operations.ts';
import { shuffled } from './shuffling.ts';
import { SimulatedError } from './simulated-error.ts';
import { spelledOut } from './spelled-out.ts';
import { TAG_OPERATIONS } from './tags.ts';
import { TASK_DEFINITION_OPERATIONS } from './task-definitions.ts';
import { createThrottle } from './throttle.ts';
import { validateInput } from './validation.ts';
import type { Operation, SimulatorClock, Timings, World } from './world.ts';

export interface SimulatorOptions {
  readonly clock: SimulatorClock;
  /** Ids, jitter and shuffling follow from it: the same seed and calls give the same world. */
  readonly seed?: number;
  readonly region?: string;
  readonly accountId?: string;
  /** How long each call takes. */
  readonly latencyMs?: number;
  /** Whether calls are counted against the documented token buckets. */
  readonly throttle?: boolean;
  /** Whether lists that ECS orders freely come back in another order each time. */
  readonly shuffleAnswers?: boolean;
  /** Whether answers also spell out documented defaults that ECS need not answer; both mean the same. */
  readonly spellOut?: boolean;
  /** Reads answer as the world was so long ago; writes see the truth. */
  readonly readLagMs?: number;
  readonly timings?: Partial<Timings>;
  /** The account's default for clusters that say nothing. */
  readonly containerInsights?: 'disabled' | 'enabled' | 'enhanced';
  readonly containerInstances?: number;
}

interface CallPhase {
  readonly action: string;
  readonly input: object;
  readonly phase: 'before' | 'after';
}

/** An ECS: one account in one Region. Nothing happens in it but during a call or `settle`. */
export interface Simulator {
  /** Answers as the API would, with timestamps as Date; rejects with `SimulatedError` or `ConnectionLost`. */
  call(action: string, input: object): Promise<object>;
  /** For `new ECSClient({ requestHandler })`: the SDK's own (de)serialisers run, the network does not. */
  requestHandler(): SdkHandler;
  /** All calls since the beginning or the last `forgetCalls`, in order of arrival. */
  readonly calls: readonly RecordedCall[];
  /** Those that are not mere reads. */
  writes(): readonly RecordedCall[];
  forgetCalls(): void;
  readonly faults: Pick<Faults, 'add'>;
  /** Told before and after the effect of each call, which waits for it. Returns its removal. */
  onCall(hook: (call: CallPhase) => Promise<void> | void): () => void;
  readonly world: World;
  /** Lets happen all that is due by now. */
  settle(): void;
}

const OPERATIONS: ReadonlyMap<string, Operation> = new Map(
  Object.entries({
    ...CLUSTER_OPERATIONS,
    ...CAPACITY_PROVIDER_OPERATIONS,
    ...TASK_DEFINITION_OPERATIONS,
    ...TAG_OPERATIONS,
    ...SERVICE_OPERATIONS,
  }),
);

/** A stale read without `readLagMs` is so much behind. */
const STALE_MS = 5_000;

export function createSimulator(options: SimulatorOptions): Simulator {
  const { clock, seed = 1, latencyMs = 0, readLagMs = 0 } = options;
  const queue = createEventQueue(clock);
  const world = createEmptyWorld({
    queue,
    random: createRandom(seed),
    region: options.region ?? 'eu-central-1',
    accountId: options.accountId ?? '123456789012',
    timings: options.timings ?? {},
    containerInsights: options.containerInsights ?? 'disabled',
    containerInstances: options.containerInstances ?? 1,
  });
  const history = createHistory(world);
  if (readLagMs > 0) history.start(readLagMs);
  const faults = createFaults(() => history.start(readLagMs > 0 ? readLagMs : STALE_MS));
  const takeToken = options.throttle === true ? createThrottle(clock) : () => undefined;
  const shuffling = createRandom(seed + 1);
  const recording = createRecording();
  const hooks = new Set<(call: CallPhase) => Promise<void> | void>();
  const settle = () => queue.runDue(history.note);

  async function tell(phase: CallPhase): Promise<void> {
    for (const hook of hooks) await hook(phase);
  }

  async function pause(ms: number): Promise<void> {
    if (ms <= 0) return;
    await clock.sleep(ms);
    settle();
  }

  /** The operation itself, in one go: nothing can come between its checks and its effect. */
  function take(action: string, input: object, isStale: boolean): object {
    takeToken(action);
    validateInput(action, input);
    const operation = OPERATIONS.get(action);
    if (operation === undefined) {
      throw new SimulatedError('UnknownOperationException', `${action} is not simulated.`);
    }
    const isLagging = isRead(action) && (isStale || readLagMs > 0);
    const answer = operation(isLagging ? history.view() : world, structuredClone(input) as never);
    let copy: unknown = structuredClone(answer);
    if (!isRead(action)) history.note();
    if (options.spellOut === true) copy = spelledOut(copy);
    if (options.shuffleAnswers === true) copy = shuffled(copy, shuffling);
    return copy as object;
  }

  async function call(action: string, input: object): Promise<object> {
    settle();
    const record = recording.begin({ at: clock.now(), action, input });
    try {
      const { before, after } = faults.strike(action);
      await pause(latencyMs + before.latencyMs);
      await tell({ action, input, phase: 'before' });
      if (before.error !== undefined) throw before.error;
      settle();
      const answer = take(action, input, before.isStale || after.isStale);
      record.effect = !isRead(action);
      await tell({ action, input, phase: 'after' });
      await pause(after.latencyMs);
      if (after.error !== undefined) throw after.error;
      record.outcome = 'ok';
      return answer;
    } catch (error) {
      record.outcome = error instanceof Error ? error.name : String(error);
      throw error;
    }
  }

  return {
    call,
    requestHandler: () => createSdkHandler(call),
    calls: recording.calls,
    writes: () => recording.calls.filter(({ action }) => !isRead(action)),
    forgetCalls: recording.forget,
    faults,
    onCall(hook) {
      hooks.add(hook);
      return () => void hooks.delete(hook);
    },
    world,
    settle,
  };
}
