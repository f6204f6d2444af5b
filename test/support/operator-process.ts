import { devNull } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { z } from 'zod';
import { type Child, type Ending, startChild } from './child-process.ts';
import { cleanEnvironment, type Environment } from './environment.ts';
import { waitFor } from './wait-for.ts';

export interface OperatorOptions {
  readonly kubeconfig: string;
  /** Of ECS, and of every other AWS service unless `environment` says otherwise. */
  readonly endpoint: string;
  /** What Node runs: the sources unless stated, or a bundle. */
  readonly entry?: string;
  readonly args?: readonly string[];
  /** Of Node itself, such as `--inspect=127.0.0.1:0`. */
  readonly nodeFlags?: readonly string[];
  /** On top of the clean environment, and stronger than it. */
  readonly environment?: Environment;
  /** Until /readyz answers 200: some 2 s, and above 30 where a machine has ten times as much to do as it can. */
  readonly timeoutMs?: number;
}

/** A log line of the operator; a line that was no JSON is its text in `raw`. */
type LogLine = Readonly<Record<string, unknown>>;

/**
 * The operator as a process of its own. Disposing of it kills it, and like stopping it fails where the API server has
 * refused it something since it started: whatever it does has to be among the rights of the chart.
 */
export interface OperatorProcess extends AsyncDisposable {
  readonly pid: number;
  readonly healthUrl: string;
  readonly metricsUrl: string;
  logs(): readonly LogLine[];
  /** What it wrote to stderr, where nothing belongs but a crash. */
  stderr(): string;
  /** The first line that fits, of those written already or of those to come. */
  waitForLog(predicate: (line: LogLine) => boolean, timeoutMs?: number): Promise<LogLine>;
  metrics(): Promise<string>;
  /** False once it has ended, in whatever way. */
  isRunning(): boolean;
  /** Asks it to end (SIGTERM) and waits. The code is what a clean shutdown is judged by. */
  stop(): Promise<Ending>;
  /** Ends it where it stands (SIGKILL), as a crash would. */
  kill(): Promise<Ending>;
}

const ROOT = join(import.meta.dirname, '..', '..');
const SOURCES = join(ROOT, 'src', 'cmd', 'main.ts');

/** What `make build` leaves: it starts in half the time of the sources. */
export const BUNDLE = join(ROOT, 'dist', 'ecs-operator.mjs');

/** Starts the operator and returns when it says that it is ready; throws with its output if it ends or never is. */
export async function startOperator(options: OperatorOptions): Promise<OperatorProcess> {
  const { entry = SOURCES, args = [], nodeFlags = [], timeoutMs = 60_000 } = options;
  const environment = operatorEnvironment(options);
  const child = startChild(process.execPath, [...nodeFlags, entry, ...args], {
    environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = collectOutput(child);
  try {
    const addresses = await waitFor(
      'the operator to be ready',
      () => lookForReadiness(child, output),
      (seen) => seen !== 'starting',
      { timeoutMs, everyMs: 50, operator: output },
    );
    if (addresses === 'ended') throw new Error('it ended before it was ready');
    return describeProcess(child, output, addresses);
  } catch (cause) {
    await child.end('SIGKILL');
    const reason = cause instanceof Error ? cause.message : String(cause);
    const shown = output
      .logs()
      .slice(-10)
      .map((line) => JSON.stringify(line));
    throw new Error(['the operator did not start:', reason, ...shown, output.stderr()].join('\n'), { cause });
  }
}

interface Addresses {
  readonly healthUrl: string;
  readonly metricsUrl: string;
}

/** No file and no service of the machine can lend it credentials, and no AWS service but the endpoint is within reach. */
function operatorEnvironment({ kubeconfig, endpoint, environment = {} }: OperatorOptions): Environment {
  return cleanEnvironment({
    KUBECONFIG: kubeconfig,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ENDPOINT_URL_ECS: endpoint,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    ECS_OPERATOR_CLUSTER_ID: 'test',
    ECS_OPERATOR_BIND_ADDRESS: '127.0.0.1',
    ECS_OPERATOR_HEALTH_PORT: '0',
    ECS_OPERATOR_METRICS_PORT: '0',
    ...environment,
  });
}

interface Output {
  logs(): readonly LogLine[];
  stderr(): string;
  closed: Promise<unknown>;
}

function collectOutput({ process: { stdout, stderr } }: Child): Output {
  if (stdout === null || stderr === null) throw new Error('the operator was started without pipes');
  const lines: LogLine[] = [];
  let complaints = '';
  stderr.setEncoding('utf8').on('data', (chunk: string) => {
    complaints += chunk;
  });
  createInterface({ input: stdout }).on('line', (line) => lines.push(parseLine(line)));
  return { logs: () => lines, stderr: () => complaints, closed: Promise.all([finished(stdout), finished(stderr)]) };
}

function parseLine(line: string): LogLine {
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : { raw: line };
  } catch {
    return { raw: line };
  }
}

/** Of one that is stopped where it stands nobody hears. */
const METRICS_WITHIN_MS = 10_000;

const Listening = z.object({ msg: z.literal('listening'), healthPort: z.int(), metricsPort: z.int() });

/** The operator tells its ports in one line, as they may have been left to the system to choose. */
function locateAddresses(lines: readonly LogLine[]): Addresses | undefined {
  const told = lines.map((line) => Listening.safeParse(line)).find((parsed) => parsed.success);
  if (told === undefined) return undefined;
  const { healthPort, metricsPort } = told.data;
  return { healthUrl: `http://127.0.0.1:${healthPort}`, metricsUrl: `http://127.0.0.1:${metricsPort}/metrics` };
}

async function lookForReadiness(child: Child, output: Output): Promise<Addresses | 'starting' | 'ended'> {
  if (!child.isRunning()) return 'ended';
  const addresses = locateAddresses(output.logs());
  if (addresses === undefined) return 'starting';
  const answer = await fetch(`${addresses.healthUrl}/readyz`);
  return answer.ok ? addresses : 'starting';
}

function describeProcess(child: Child, output: Output, addresses: Addresses): OperatorProcess {
  const end = async (signal: NodeJS.Signals): Promise<Ending> => {
    const ending = await child.end(signal);
    await output.closed;
    return ending;
  };
  const metrics = async (): Promise<string> => {
    const answer = await fetch(addresses.metricsUrl, { signal: AbortSignal.timeout(METRICS_WITHIN_MS) });
    return await answer.text();
  };
  const endUnrefused = async (signal: NodeJS.Signals): Promise<Ending> => {
    try {
      await requireNoRefusal(child, metrics);
    } catch (error) {
      await end('SIGKILL');
      throw error;
    }
    return await end(signal);
  };
  return {
    ...addresses,
    pid: child.process.pid ?? 0,
    logs: () => output.logs(),
    stderr: () => output.stderr(),
    async waitForLog(predicate, timeoutMs = 30_000) {
      const look = () => output.logs().find(predicate);
      const options = { timeoutMs, everyMs: 20, operator: output };
      return await waitFor('a log line', look, (line) => line !== undefined, options);
    },
    metrics,
    isRunning: () => child.isRunning(),
    stop: () => endUnrefused('SIGTERM'),
    kill: () => end('SIGKILL'),
    async [Symbol.asyncDispose]() {
      await endUnrefused('SIGKILL');
    },
  };
}

/** Unauthorized and Forbidden. */
const REFUSED = /^rest_client_requests_total\{[^}]*code="40[13]".*$/gm;

/** One that has ended already is not there to tell. */
async function requireNoRefusal(child: Child, metrics: OperatorProcess['metrics']): Promise<void> {
  if (!child.isRunning()) return;
  const refused = (await metrics()).match(REFUSED) ?? [];
  if (refused.length > 0) throw new Error(`the API server refused the operator: ${refused.join('; ')}`);
}
