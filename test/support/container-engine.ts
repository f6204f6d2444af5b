import { copyFile, mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { cleanEnvironment } from './environment.ts';
import { type ProgramResult, runProgram } from './helm.ts';

export interface ContainerEngine {
  run(...args: readonly string[]): Promise<ProgramResult>;
  /** The same, and throws what docker said where it fails. */
  must(...args: readonly string[]): Promise<string>;
}

export type EngineSearch =
  | { readonly is: 'found'; readonly engine: ContainerEngine }
  | { readonly is: 'missing'; readonly because: string };

/** A Docker on this machine that can build with BuildKit, or why there is none. Nothing is started for it. */
export async function locateEngine(): Promise<EngineSearch> {
  const environment = cleanEnvironment({
    DOCKER_BUILDKIT: '1',
    ...(process.env['DOCKER_HOST'] && { DOCKER_HOST: process.env['DOCKER_HOST'] }),
  });
  const run = (...args: readonly string[]): Promise<ProgramResult> => runProgram('docker', args, { environment });
  if (process.platform !== 'linux') return { is: 'missing', because: 'the local base is made of Linux files' };
  const version = await run('version', '--format={{.Server.Version}}');
  if (version.code !== 0) return { is: 'missing', because: 'no Docker engine answers' };
  const trial = await runProgram('docker', ['build', '--quiet', '-'], {
    environment,
    input: 'FROM scratch\nLABEL a=b\n',
  });
  if (trial.code !== 0) return { is: 'missing', because: 'docker cannot build with BuildKit' };
  return {
    is: 'found',
    engine: {
      run,
      async must(...args) {
        const { stdout, stderr, code } = await run(...args);
        if (code !== 0) throw new Error(`docker ${args.join(' ')} ended with ${code}: ${stderr.trim()}`);
        return stdout.trim();
      },
    },
  };
}

/**
 * Imports a base image that needs no registry: this machine's Node with the libraries that it loads, and nothing else,
 * no shell either. It is like distroless, made here.
 */
export async function importNodeBase(engine: ContainerEngine, folder: string, tag: string): Promise<void> {
  const root = join(folder, 'root');
  const { stdout } = await runProgram('ldd', [process.execPath]);
  const libraries = [...stdout.matchAll(/(\/\S+\.so\S*)/g)].map(([, path = '']) => path);
  for (const path of libraries) await copyInto(root, path, path);
  await copyInto(root, process.execPath, '/usr/local/bin/node');
  const archive = join(folder, 'base.tar');
  const { code, stderr } = await runProgram('tar', ['--create', `--file=${archive}`, `--directory=${root}`, '.']);
  if (code !== 0) throw new Error(stderr);
  await engine.must('import', archive, tag);
}

async function copyInto(root: string, from: string, to: string): Promise<void> {
  const target = join(root, dirname(to), basename(to));
  await mkdir(dirname(target), { recursive: true });
  await copyFile(from, target);
}
