import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { API_SERVICES } from '../simulator/api-services.ts';
import { type ContainerEngine, importNodeBase } from '../support/container-engine.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** Tags in the engine. */
export interface Images {
  readonly operator: string;
  readonly simulator: string;
}

/** Builds both on a base that needs no registry. Disposing of them removes them from the engine. */
export async function buildImages(
  engine: ContainerEngine,
  tag: string,
): Promise<AsyncDisposable & { readonly names: Images }> {
  const [base, operator, simulator] = ['base', 'operator', 'simulator'].map(
    (name) => `ecs-operator-kind-${name}:${tag}`,
  );
  if (!base || !operator || !simulator) throw new Error('an image has no name');
  const folder = await mkdtemp(join(tmpdir(), 'ecs-operator-kind-images-'));
  try {
    await importNodeBase(engine, folder, base);
    const on = ['build', `--build-arg=BASE=${base}`];
    await engine.must(...on, '--build-arg=BUNDLE=local', `--tag=${operator}`, ROOT);
    await bundleSimulator(join(folder, 'simulator'));
    await engine.must(...on, `--tag=${simulator}`, join(folder, 'simulator'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return {
    names: { operator, simulator },
    [Symbol.asyncDispose]: async () => void (await engine.run('rmi', '--force', operator, simulator, base)),
  };
}

async function bundleSimulator(folder: string): Promise<void> {
  await build({
    entryPoints: [join(ROOT, 'test', 'simulator', 'main.ts')],
    outfile: join(folder, 'simulator.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    // Packages written for CommonJS expect it.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
  for (const { packageName } of API_SERVICES) await copyDeclarations(packageName, folder);
  await cp(join(import.meta.dirname, 'simulator.Dockerfile'), join(folder, 'Dockerfile'));
}

/** Which values an enum has, the simulator reads in the SDK's type declarations, where it runs. */
async function copyDeclarations(packageName: string, folder: string): Promise<void> {
  const [from, to] = [ROOT, folder].map((base) => join(base, 'node_modules', packageName));
  if (!from || !to) throw new Error(`there is no place for ${packageName}`);
  for (const part of ['package.json', join('dist-types', 'models')]) {
    await cp(join(from, part), join(to, part), { recursive: true });
  }
}
