import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forgetFolder, removeOnExit } from './child-process.ts';
import { startControlPlane } from './control-plane.ts';
import { type Command, locateControlPlane } from './control-plane-binary.ts';
import { type ClusterAccess, connectCluster } from './kubectl.ts';

/** A cluster to test against, wherever it came from. Disposing of it ends what was started for it and nothing else. */
export interface OpenCluster extends AsyncDisposable {
  readonly access: ClusterAccess;
  /** Which cluster it is and why, in one line for people. */
  readonly because: string;
}

/** Opens the cluster that the environment asks for: an existing one, or a control plane started now. */
export async function openCluster(environment: Readonly<NodeJS.ProcessEnv>): Promise<OpenCluster> {
  const source = await locateControlPlane(environment);
  if (source.from === 'existing-cluster') return await openExisting(source.kubectl, source.because, environment);
  const plane = await startControlPlane({ programs: source.programs });
  return {
    access: plane.access,
    because: `${source.because}, ready in ${(plane.startedInMs / 1000).toFixed(1)} s`,
    async [Symbol.asyncDispose]() {
      await plane[Symbol.asyncDispose]();
    },
  };
}

/**
 * The kubeconfig is copied, reduced to its current context: a test must not follow somebody who switches contexts.
 * kubectl keeps the whole environment, as a cloud's kubeconfig may call a credential helper that needs it.
 */
async function openExisting(
  kubectl: Command,
  because: string,
  environment: Readonly<NodeJS.ProcessEnv>,
): Promise<OpenCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'ecs-operator-cluster-'));
  removeOnExit(folder);
  const kubeconfigPath = join(folder, 'admin.kubeconfig');
  const defined = Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const access: ClusterAccess = {
    kubeconfigPath,
    kubectl,
    environment: Object.fromEntries(defined),
    folder,
    hasControllers: true,
    auditLogPath: undefined,
  };
  const current = environment['KUBECONFIG'];
  const view = ['config', 'view', '--raw', '--minify', '--flatten', '--output=json'];
  const found = await connectCluster(access).kubectl(view, current === undefined ? {} : { kubeconfigPath: current });
  if (found.code !== 0) throw new Error(`the current kubeconfig cannot be read: ${found.stderr.trim()}`);
  await writeFile(kubeconfigPath, found.stdout, { mode: 0o600 });
  return {
    access,
    because,
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true });
      forgetFolder(folder);
    },
  };
}
