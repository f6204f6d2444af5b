import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { type ContainerEngine, locateEngine } from '../../test/support/container-engine.ts';
import { fingerprint } from '../go-build.ts';
import { archiveDebianRoot } from './debian-root.ts';
import { mustRun } from './must-run.ts';
import { buildNodePrograms, locateKindSources, readKubernetesVersion } from './programs.ts';

const HERE = import.meta.dirname;
const REPOSITORY = 'ecs-operator-kind-node';
const IMAGES = ['kubernetes', 'coredns', 'pause'] as const;
type Image = (typeof IMAGES)[number];

/**
 * The image of a node that is made without any registry, out of Debian packages and Go modules. It stays in the engine, so
 * that the next time it is there already: other sources make another tag.
 */
export async function buildNodeImage(
  engine: ContainerEngine,
  environment: Readonly<NodeJS.ProcessEnv>,
): Promise<string> {
  const programs = await buildNodePrograms(environment);
  const tag = `${REPOSITORY}:${fingerprint([basename(programs), ...(await readSources())])}`;
  const isThere = (await engine.run('image', 'inspect', tag)).code === 0;
  if (isThere) return tag;
  console.error(`building the image of a kind node (${tag}): some minutes, once`);
  const folder = await mkdtemp(join(tmpdir(), 'ecs-operator-kind-node-'));
  const debian = `${tag}-debian`;
  try {
    await engine.must('import', await archiveDebianRoot(folder), debian);
    await build(engine, { tag, debian, programs, context: join(folder, 'context') });
  } finally {
    await engine.run('rmi', '--force', debian);
    await rm(folder, { recursive: true, force: true });
  }
  return tag;
}

/** All that the image is made of, beside the programs. */
async function readSources(): Promise<readonly string[]> {
  const names = [...(await listContext()), 'build.ts', 'debian-root.ts'];
  return await Promise.all(names.map((name) => readFile(join(HERE, name), 'utf8')));
}

/** The files of this folder that the Dockerfile needs, and itself. */
async function listContext(): Promise<readonly string[]> {
  const names = await readdir(HERE);
  return names.filter((name) => /\.(?:sh|conflist)$|^Dockerfile$/.test(name)).toSorted();
}

interface Parts {
  readonly tag: string;
  readonly debian: string;
  readonly programs: string;
  readonly context: string;
}

async function build(engine: ContainerEngine, { tag, debian, programs, context }: Parts): Promise<void> {
  const version = await readKubernetesVersion();
  const names = await namesOf(dirname(context), programs, version);
  await layOut(context, programs);
  const target = async (name: string, ...args: readonly string[]): Promise<void> =>
    void (await engine.must('build', `--build-arg=DEBIAN=${debian}`, `--target=${name}`, ...args, context));
  for (const image of IMAGES) await target(image, ...names[image].map((name) => `--tag=${name}`));
  const all = IMAGES.flatMap((image) => names[image]);
  await engine.must('save', `--output=${join(context, 'images.tar')}`, ...all);
  await engine.must('rmi', ...all);
  const [pause = ''] = names.pause;
  await target('node', `--build-arg=VERSION=${version}`, `--build-arg=PAUSE=${pause}`, `--tag=${tag}`);
}

/** By which names kubeadm asks for each of the images. */
async function namesOf(
  folder: string,
  programs: string,
  version: string,
): Promise<Readonly<Record<Image, readonly string[]>>> {
  const kubeadm = join(folder, 'kubeadm');
  await symlink(join(programs, 'kubernetes'), kubeadm);
  const listed = await mustRun(kubeadm, ['config', 'images', 'list', `--kubernetes-version=${version}`]);
  const names = listed.trim().split('\n');
  const named = (part: string): readonly string[] => names.filter((name) => name.includes(`/${part}`));
  const [coredns, pause] = [named('coredns'), named('pause')];
  return { coredns, pause, kubernetes: names.filter((name) => !coredns.includes(name) && !pause.includes(name)) };
}

/** The context of the Dockerfile: its own files, the programs, and what kind itself puts into a node. */
async function layOut(context: string, programs: string): Promise<void> {
  await mkdir(context);
  for (const name of await listContext()) await cp(join(HERE, name), join(context, name));
  await cp(programs, join(context, 'programs'), { recursive: true });
  await cp(join(await locateKindSources(), 'images', 'base', 'files'), join(context, 'kind'), { recursive: true });
}

if (import.meta.main) {
  const search = await locateEngine();
  if (search.is === 'missing') throw new Error(search.because);
  console.log(await buildNodeImage(search.engine, process.env));
}
