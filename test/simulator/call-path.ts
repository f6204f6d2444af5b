import { createFaults, type Faults } from './faults.ts';
import { createRandom } from './random.ts';
import { createRecording, isRead, type RecordedCall } from './recording.ts';
import { createSdkHandler, type SdkHandler } from './sdk-handler.ts';
import { shuffled } from './shuffling.ts';
import { spelledOut } from './spelled-out.ts';
import { createThrottle } from './throttle.ts';
import type { SimulatorClock } from './world.ts';

/** What may stand between a client and whatever answers it. */
export interface CallPathOptions {
  readonly clock: SimulatorClock;
  /** Ids, jitter and shuffling follow from it: the same seed and calls give the same world. */
  readonly seed?: number;
  /** How long each call takes. */
  readonly latencyMs?: number;
  /** Whether calls are counted against the documented token buckets. */
  readonly throttle?: boolean;
  /** Whether lists that ECS orders freely come back in another order each time. */
  readonly shuffleAnswers?: boolean;
  /** Whether answers also spell out documented defaults that ECS need not answer; both mean the same. */
  readonly spellOut?: boolean;
}

interface CallPhase {
  readonly action: string;
  readonly input: object;
  readonly phase: 'before' | 'after';
}

/** Headers of a request, by lower-case name. */
export type Headers = Readonly<Record<string, string>>;

/** The front that clients see, whatever is behind it: its calls can be watched, delayed, refused and lost. */
export interface CallPath {
  /** Rejects with `SimulatedError` or `ConnectionLost`. Only a proxy looks at the headers. */
  call(action: string, input: object, headers?: Headers): Promise<object>;
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
}

/** A call as it arrives behind the path. */
export interface ArrivedCall {
  readonly action: string;
  readonly input: object;
  readonly headers: Headers;
  /** Whether a fault asks for an answer from a while ago. */
  readonly isStale: boolean;
}

interface Destination {
  /** The operation itself. Its effect is there when it returns, or resolves. */
  take(call: ArrivedCall): object | Promise<object>;
  /** Lets happen all that is due by now. */
  settle(): void;
  /** Told before the first fault that asks for old answers; throws where there are none. */
  onStale(): void;
}

export function createCallPath(options: CallPathOptions, { take, settle, onStale }: Destination): CallPath {
  const { clock, seed = 1, latencyMs = 0 } = options;
  const faults = createFaults(onStale);
  const takeToken = options.throttle === true ? createThrottle(clock) : () => undefined;
  const shuffling = createRandom(seed + 1);
  const recording = createRecording();
  const hooks = new Set<(call: CallPhase) => Promise<void> | void>();

  async function tell(phase: CallPhase): Promise<void> {
    for (const hook of hooks) await hook(phase);
  }

  async function pause(ms: number): Promise<void> {
    if (ms <= 0) return;
    await clock.sleep(ms);
    settle();
  }

  function dressed(answer: object): object {
    const spelled: unknown = options.spellOut === true ? spelledOut(answer) : answer;
    return (options.shuffleAnswers === true ? shuffled(spelled, shuffling) : spelled) as object;
  }

  async function call(action: string, input: object, headers: Headers = {}): Promise<object> {
    settle();
    const record = recording.begin({ at: clock.now(), action, input });
    try {
      const { before, after } = faults.strike(action);
      await pause(latencyMs + before.latencyMs);
      await tell({ action, input, phase: 'before' });
      if (before.error !== undefined) throw before.error;
      settle();
      takeToken(action);
      const taken = take({ action, input, headers, isStale: before.isStale || after.isStale });
      const answer = dressed(taken instanceof Promise ? await taken : taken);
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
  };
}
