import type { Log, LogFacts } from '../../lib/log.ts';

/** The same log, with facts that stand in every line. */
export function boundLog(log: Log, bound: LogFacts): Log {
  return {
    debug: (facts, message) => log.debug({ ...bound, ...facts }, message),
    info: (facts, message) => log.info({ ...bound, ...facts }, message),
    warn: (facts, message) => log.warn({ ...bound, ...facts }, message),
    error: (facts, message) => log.error({ ...bound, ...facts }, message),
  };
}
