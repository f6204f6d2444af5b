import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

type Variables = Readonly<NodeJS.ProcessEnv>;

export interface GoBuild {
  /** Of the module. */
  readonly folder: string;
  /** What `go build` gets. */
  readonly args: readonly string[];
  readonly environment: Variables;
  /** What a person reads where there is no Go. */
  readonly withoutGo: string;
}

/** Builds, and shows what Go says meanwhile. cgo is off so that no C compiler is asked for. */
export async function goBuild({ folder, args, environment, withoutGo }: GoBuild): Promise<void> {
  const go = spawn('go', ['build', '-trimpath', ...args], {
    cwd: folder,
    env: { ...environment, CGO_ENABLED: '0' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  go.once('error', (cause) => reject(new Error(withoutGo, { cause })));
  go.once('exit', (code) => {
    if (code === 0) resolve();
    else reject(new Error(`go build in ${folder} ended with code ${code}; its output is above`));
  });
  await promise;
}

/**
 * Fills the folder where it is not there yet, and says so; `what` such as `building kind`. It appears whole or not at all,
 * and of two that are made at the same time the first one stays.
 */
export async function makeOnce(folder: string, what: string, make: (unfinished: string) => Promise<void>) {
  if (existsSync(folder)) return;
  console.error(`${what} into ${folder}, once`);
  const unfinished = `${folder}.${process.pid}`;
  await mkdir(unfinished, { recursive: true });
  try {
    await make(unfinished);
    if (!existsSync(folder)) await rename(unfinished, folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/** Where something made of these contents belongs, below the user's cache folder: other contents, another place. */
export function cachePath(name: string, contents: readonly string[], environment: Variables): string {
  const cache = environment['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return join(cache, 'ecs-operator', name, fingerprint(contents));
}

/** A short name for these contents on this platform. */
export function fingerprint(contents: readonly string[]): string {
  const hash = createHash('sha256');
  for (const content of contents) hash.update(`${content.length}\n`).update(content);
  return hash.update(`${process.platform}-${process.arch}`).digest('hex').slice(0, 16);
}
