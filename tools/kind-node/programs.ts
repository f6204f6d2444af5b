import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { parseKubernetesVersion, versionFlags } from '../control-plane/build.ts';
import { cachePath, goBuild, makeOnce } from '../go-build.ts';
import { mustRun } from './must-run.ts';

type Variables = Readonly<NodeJS.ProcessEnv>;

const HERE = import.meta.dirname;
const MODULE = ['go.mod', 'go.sum'].map((name) => join(HERE, 'programs', name));
const PROGRAM_SOURCES = [...MODULE, join(HERE, 'programs/coredns/main.go'), join(HERE, 'programs/pause/main.go')];
const KUBERNETES_SOURCES = ['go.mod', 'go.sum', 'main.go'].map((name) => join(HERE, 'kubernetes', name));

const CONTAINERD = 'github.com/containerd/containerd/v2/cmd';
const NODE_PROGRAMS = [
  './coredns',
  './pause',
  `${CONTAINERD}/containerd`,
  `${CONTAINERD}/containerd-shim-runc-v2`,
  `${CONTAINERD}/ctr`,
];
/** Ways to store layers that need libraries in C, and that a node does not use. */
const WITHOUT = 'no_btrfs,no_zfs,no_devmapper,netgo,osusergo';
const WITHOUT_GO =
  'kind must be built once and `go` is not in PATH; install Go 1.26 or newer (https://go.dev/doc/install)';

/** The path of kind, built first where the cache has none. */
export async function buildKind(environment: Variables): Promise<string> {
  const folder = cachePath('kind', await readAll(MODULE), environment);
  await makeOnce(folder, 'building kind', async (unfinished) => {
    await goBuild({
      folder: join(HERE, 'programs'),
      args: into(unfinished, 'sigs.k8s.io/kind'),
      ...stated(environment),
    });
  });
  return join(folder, 'kind');
}

/** The folder with all programs of a node: about ten minutes on two cores the first time, at once ever after. */
export async function buildNodePrograms(environment: Variables): Promise<string> {
  const sources = await readAll([...PROGRAM_SOURCES, ...KUBERNETES_SOURCES]);
  const folder = cachePath('kind-node', sources, environment);
  const version = await readKubernetesVersion();
  await makeOnce(folder, 'building the programs of a node', async (unfinished) => {
    const programs = ['-tags', WITHOUT, ...into(unfinished, ...NODE_PROGRAMS)];
    await goBuild({ folder: join(HERE, 'programs'), args: programs, ...stated(environment) });
    const kubernetes = ['-ldflags', versionFlags(version), '-o', join(unfinished, 'kubernetes'), '.'];
    await goBuild({ folder: join(HERE, 'kubernetes'), args: kubernetes, ...stated(environment) });
  });
  return folder;
}

export async function readKubernetesVersion(): Promise<string> {
  return parseKubernetesVersion(await readFile(join(HERE, 'kubernetes', 'go.mod'), 'utf8'));
}

/** The image that kind itself would take, with its digest: it stands in kind's sources. */
export async function readDefaultNodeImage(): Promise<string> {
  const source = await readFile(
    join(await locateKindSources(), 'pkg', 'apis', 'config', 'defaults', 'image.go'),
    'utf8',
  );
  const image = /^const Image = "(.+)"$/m.exec(source)?.[1];
  if (image === undefined) throw new Error('the sources of kind name no default image of a node');
  return image;
}

const Module = z.object({ Dir: z.string() });

/** The folder of kind's sources, in the cache of Go's modules. */
export async function locateKindSources(): Promise<string> {
  const found = await mustRun('go', ['-C', join(HERE, 'programs'), 'mod', 'download', '-json', 'sigs.k8s.io/kind']);
  return Module.parse(JSON.parse(found)).Dir;
}

async function readAll(paths: readonly string[]): Promise<readonly string[]> {
  return await Promise.all(paths.map((path) => readFile(path, 'utf8')));
}

function into(folder: string, ...packages: readonly string[]): readonly string[] {
  return ['-ldflags', '-s -w', '-o', `${folder}/`, ...packages];
}

function stated(environment: Variables): { readonly environment: Variables; readonly withoutGo: string } {
  return { environment, withoutGo: WITHOUT_GO };
}
