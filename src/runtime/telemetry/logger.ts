import { type DestinationStream, pino } from 'pino';
import type { Log } from '../../lib/log.ts';

/**
 * The facts that a line may have. Whatever else is given is left out and only named in `redacted`: that a spec or a secret
 * gets into the log by mistake must take two mistakes.
 */
const LOG_FACTS: ReadonlySet<string> = new Set(
  [
    'controller namespace name key generation reconcileID resource step outcome reason call awsRequestId',
    'error err because count failures retryAfterMs graceMs lease identity dropped',
    'settings healthPort metricsPort host server version region accountId clusterId signal exitCode port path',
  ].flatMap((line) => line.split(' ')),
);

export interface LoggerOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  /** Standard output unless stated. */
  readonly destination?: DestinationStream | undefined;
}

/** JSON, one line each: `time`, `level`, `msg` and the facts. */
export function createLogger({ level, destination = pino.destination({ sync: true }) }: LoggerOptions): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      // The facts are described already when pino's own serializer would see them.
      serializers: { err: (described: unknown) => described },
      formatters: { level: (label) => ({ level: label }), log: allowed },
    },
    destination,
  );
}

function allowed(facts: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const redacted: string[] = [];
  const kept: [string, unknown][] = [];
  for (const [name, value] of Object.entries(facts)) {
    const shown = name === 'err' ? describeError(value) : wordOf(value);
    if (value === undefined) continue;
    if (shown !== undefined && LOG_FACTS.has(name)) kept.push([name, shown]);
    else redacted.push(name);
  }
  return { ...Object.fromEntries(kept), ...(redacted.length > 0 && { redacted }) };
}

/** Only what cannot hold a structure: words, figures, and lists of words. */
function wordOf(value: unknown): unknown {
  if (['string', 'number', 'boolean'].includes(typeof value)) return value;
  const isWords = Array.isArray(value) && value.every((item) => typeof item === 'string');
  return isWords ? value : undefined;
}

function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  const cause = error.cause === undefined ? {} : { cause: describeError(error.cause) };
  return { type: error.name, message: error.message, stack: error.stack, ...cause };
}
