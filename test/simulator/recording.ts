import { nameOf } from './api-services.ts';
import { copyOf } from './copy.ts';

export interface RecordedCall {
  /** When it arrived, by the simulator's clock. */
  readonly at: number;
  readonly action: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** `ok`, the name of the error, or `pending` while it is not answered. */
  readonly outcome: string;
  /** Whether it changed the world; an answer may be lost after that. */
  readonly effect: boolean;
  /** 0 for the first call since the simulator began; goes on after `forgetCalls`. */
  readonly callIndex: number;
}

export interface Recording {
  readonly calls: readonly RecordedCall[];
  begin(call: { at: number; action: string; input: object }): { -readonly [K in keyof RecordedCall]: RecordedCall[K] };
  forget(): void;
}

export function createRecording(): Recording {
  const calls: RecordedCall[] = [];
  let count = 0;
  return {
    calls,
    begin({ at, action, input }) {
      const call = {
        at,
        action,
        input: copyOf(input) as Record<string, unknown>,
        outcome: 'pending',
        effect: false,
        callIndex: count,
      };
      count += 1;
      calls.push(call);
      return call;
    },
    forget() {
      calls.length = 0;
    },
  };
}

/** Whether an action only looks. */
export function isRead(action: string): boolean {
  return /^(?:Describe|List|Get)/.test(nameOf(action));
}
