import type { Log, LogFacts } from '../../src/lib/log.ts';

export interface LogLine {
  readonly level: keyof Log;
  readonly facts: LogFacts;
  readonly message: string;
}

/** Keeps what is said. */
export function createRecordingLog(): Log & { readonly lines: readonly LogLine[] } {
  const lines: LogLine[] = [];
  function at(level: keyof Log): (facts: LogFacts, message: string) => void {
    return (facts, message) => void lines.push({ level, facts, message });
  }
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
