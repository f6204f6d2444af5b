/** The named facts of a line: names, numbers and codes, never a spec, an environment value or a secret. */
export type LogFacts = Readonly<Record<string, unknown>>;

/**
 * Where a line goes: constant words, with what varies as named facts beside them. A pino logger is one as it stands.
 * `info` for a change, `debug` for looking, `warn` for what a user can mend, `error` for what only we can.
 */
export interface Log {
  debug(facts: LogFacts, message: string): void;
  info(facts: LogFacts, message: string): void;
  warn(facts: LogFacts, message: string): void;
  error(facts: LogFacts, message: string): void;
}

/** For whoever does not want to hear. */
export const silentLog: Log = { debug: ignore, info: ignore, warn: ignore, error: ignore };

function ignore(): void {}
