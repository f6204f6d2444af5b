import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { buildNodeImage } from '../../tools/kind-node/build.ts';
import { isFull, parseBoundingSet } from '../../tools/kind-node/privileged.ts';
import { buildKind, readDefaultNodeImage } from '../../tools/kind-node/programs.ts';
import type { ContainerEngine } from './container-engine.ts';
import { locateControlPlane, locateInPath } from './control-plane-binary.ts';
import { openCluster } from './control-plane-cluster.ts';
import { cleanEnvironment, type Environment } from './environment.ts';
import { runProgram } from './helm.ts';
import type { ClusterAccess } from './kubectl.ts';

/** A cluster of one node, made for this run. Disposing of it removes it. */
export interface KindCluster extends AsyncDisposable {
  readonly access: ClusterAccess;
  /** Which node image it has and why, and how long it took. */
  readonly because: string;
  /** Puts an image of the engine into the node. */
  load(image: string): Promise<void>;
}

const WAIT = '180s';
const TOOLS = join(import.meta.dirname, '..', '..', 'tools', 'kind-node');

export async function startKindCluster(engine: ContainerEngine): Promise<KindCluster> {
  const kind = await buildKind(process.env);
  const node = await chooseNodeImage(engine);
  await using cleanup = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'ecs-operator-kind-'));
  cleanup.defer(() => rm(folder, { recursive: true, force: true }));
  const kubeconfig = join(folder, 'kubeconfig');
  const environment = await environmentOf(folder, kubeconfig);
  const name = `ecs-operator-${randomBytes(4).toString('hex')}`;
  const must = async (args: readonly string[], input = ''): Promise<void> => {
    const { code, stderr } = await runProgram(kind, args, { environment, input });
    if (code !== 0) throw new Error(`kind ${args.join(' ')} ended with ${code}: ${stderr}`);
  };
  cleanup.defer(() => must(['delete', 'cluster', `--name=${name}`]));
  const startedAt = performance.now();
  const create = ['create', 'cluster', `--name=${name}`, `--image=${node.image}`, '--config=-', `--wait=${WAIT}`];
  await must(create, JSON.stringify(configuration(node)));
  const took = ((performance.now() - startedAt) / 1_000).toFixed(0);
  const opened = cleanup.use(await openCluster({ ...environment, USE_EXISTING_CLUSTER: 'true' }));
  const lifetime = cleanup.move();
  return {
    access: opened.access,
    because: `kind: a node of ${node.image}, ${node.because}; made in ${took} s`,
    load: (image) => must(['load', 'docker-image', `--name=${name}`, image]),
    [Symbol.asyncDispose]: () => lifetime.disposeAsync(),
  };
}

interface NodeImage {
  readonly image: string;
  /** Whether the image has kind's own network in it. */
  readonly isOfficial: boolean;
  readonly because: string;
}

/** Kind's own image where there is a registry to pull it from, else one that is built here. */
async function chooseNodeImage(engine: ContainerEngine): Promise<NodeImage> {
  const official = await readDefaultNodeImage();
  const isThere = (await engine.run('image', 'inspect', official)).code === 0;
  if (isThere || (await engine.run('pull', '--quiet', official)).code === 0) {
    return { image: official, isOfficial: true, because: 'the default of kind' };
  }
  const image = await buildNodeImage(engine, process.env);
  return { image, isOfficial: false, because: 'built here, as the default of kind cannot be pulled' };
}

function configuration({ isOfficial }: NodeImage): object {
  const kubelet = { apiVersion: 'kubelet.config.k8s.io/v1beta1', kind: 'KubeletConfiguration', failCgroupV1: false };
  return {
    kind: 'Cluster',
    apiVersion: 'kind.x-k8s.io/v1alpha4',
    networking: { disableDefaultCNI: !isOfficial },
    nodes: [{ role: 'control-plane' }],
    // Machines with cgroup v1 are still there, and the kubelet refuses them by default.
    kubeadmConfigPatches: [JSON.stringify(kubelet)],
  };
}

/** First in PATH are a kubectl of our own, and a `docker` for machines that have no privileged containers. */
async function environmentOf(folder: string, kubeconfig: string): Promise<Environment> {
  const source = await locateControlPlane({ ...process.env, USE_EXISTING_CLUSTER: 'false', KUBEBUILDER_ASSETS: '' });
  if (source.from === 'existing-cluster') throw new Error('a control plane of our own was asked for');
  await writeProgram(join(folder, 'kubectl'), source.programs.kubectl);
  const docker = await locateInPath('docker', process.env);
  const isLimited = !isFull(parseBoundingSet(await readFile('/proc/self/status', 'utf8')));
  if (docker !== undefined && isLimited) {
    await writeProgram(join(folder, 'docker'), [process.execPath, join(TOOLS, 'docker.ts'), docker]);
  }
  return cleanEnvironment({
    PATH: [folder, process.env['PATH'] ?? ''].join(delimiter),
    HOME: folder,
    KUBECONFIG: kubeconfig,
    ...(process.env['DOCKER_HOST'] && { DOCKER_HOST: process.env['DOCKER_HOST'] }),
  });
}

async function writeProgram(path: string, command: readonly string[]): Promise<void> {
  const words = command.map((word) => `'${word}'`).join(' ');
  await writeFile(path, `#!/bin/sh\nexec ${words} "$@"\n`);
  await chmod(path, 0o755);
}
