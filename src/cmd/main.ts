#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import { createLogger } from '../runtime/telemetry/logger.ts';
import { runOperator } from './run.ts';
import { parseSettings } from './settings.ts';

const VERSION = process.env['ECS_OPERATOR_VERSION'] ?? 'development';

/**
 * V8 sizes its heap for speed: the space for new objects grows to 64 MB in a sweep and is kept, and garbage lies until there
 * is half as much again; and its optimising compilers keep much data for code that hardly runs. An operator waits for most
 * of its time, so it takes little memory in place of some CPU (docs/adr/0013, 0015).
 */
const SMALL_HEAP = ['--semi-space-growth-factor=1', '--memory-saver-mode', '--no-turbofan', '--no-maglev'];

for (const flag of SMALL_HEAP) setFlagsFromString(flag);
process.exitCode = await main();

/** Exit codes: 0 after SIGTERM or SIGINT, 1 where the lease was lost or the process could not go on, 2 for bad settings. */
async function main(): Promise<number> {
  const parsed = parseSettings(process.argv.slice(2), process.env);
  switch (parsed.is) {
    case 'help':
      process.stdout.write(parsed.text);
      return 0;
    case 'version':
      process.stdout.write(`${VERSION}\n`);
      return 0;
    case 'refused':
      process.stderr.write(`${parsed.messages.join('\n')}\n`);
      return 2;
    case 'config':
      return run(parsed);
  }
}

type Parsed = Extract<ReturnType<typeof parseSettings>, { is: 'config' }>;

async function run({ config, told }: Parsed): Promise<number> {
  const log = createLogger({ level: config.logLevel });
  const stopping = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      log.info({ signal }, 'asked to stop');
      stopping.abort(new Error(`${signal} was received`));
    });
  }
  log.info({ version: VERSION, clusterId: config.clusterId, settings: told }, 'starting');
  // A variable may name several files, which the Kubernetes client joins itself; a flag names one.
  const kubeconfig = config.kubeconfig === process.env['KUBECONFIG'] ? undefined : config.kubeconfig;
  try {
    const ending = await runOperator({ config, kubeconfig, version: VERSION, log }, stopping.signal);
    log.info({ because: ending }, 'stopped');
    return ending === 'stopped' ? 0 : 1;
  } catch (error) {
    log.error({ err: error }, 'could not go on');
    return 1;
  }
}
