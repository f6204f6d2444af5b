import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import type { Environment } from './environment.ts';

export type Ending = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

export interface ChildOptions {
  readonly environment: Environment;
  /** As in node:child_process. An open pipe on stdin ends when this process does, in whatever way. */
  readonly stdio: ('ignore' | 'pipe' | number)[];
  readonly cwd?: string;
  /** Whether Ctrl-C at the terminal is to pass it by, so that this process can put things away with it first. */
  readonly isSpared?: boolean;
}

export interface Child {
  readonly process: ChildProcess;
  /** Settles once, never rejects: a program that cannot be started at all has ended with code 127. */
  readonly ended: Promise<Ending>;
  isRunning(): boolean;
  /** Sends the signal if there is still somebody to get it, and waits until the process has ended. */
  end(signal: NodeJS.Signals): Promise<Ending>;
}

const running = new Set<ChildProcess>();
const folders = new Set<string>();
let isGuarding = false;

/** Starts a program that does not outlive this process: what is still running when Node exits is killed. */
export function startChild(command: string, args: readonly string[], options: ChildOptions): Child {
  guardExit();
  const { environment, stdio, cwd, isSpared = false } = options;
  const child = spawn(command, args, {
    env: environment,
    stdio,
    detached: isSpared,
    ...(cwd === undefined ? {} : { cwd }),
  });
  running.add(child);
  const { promise, resolve } = Promise.withResolvers<Ending>();
  let ending: Ending | undefined;
  const settle = (seen: Ending) => {
    ending ??= seen;
    running.delete(child);
    resolve(ending);
  };
  child.once('error', () => settle({ code: 127, signal: null }));
  child.once('exit', (code, signal) => settle({ code, signal }));
  return {
    process: child,
    ended: promise,
    isRunning: () => ending === undefined,
    async end(signal) {
      if (ending === undefined) child.kill(signal);
      return await promise;
    },
  };
}

/** Has the folder removed when Node exits, should its owner not have come to it. */
export function removeOnExit(folder: string): void {
  guardExit();
  folders.add(folder);
}

/** The owner has removed the folder itself. */
export function forgetFolder(folder: string): void {
  folders.delete(folder);
}

function guardExit(): void {
  if (isGuarding) return;
  isGuarding = true;
  process.once('exit', () => {
    for (const child of running) child.kill('SIGKILL');
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });
}
