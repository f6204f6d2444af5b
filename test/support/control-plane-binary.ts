import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { buildControlPlane, locateBuild } from '../../tools/control-plane/build.ts';

/** A program and the arguments that come before its own: the built binary holds them all. */
export type Command = readonly [program: string, ...before: string[]];

export interface ControlPlanePrograms {
  readonly etcd: Command;
  readonly apiServer: Command;
  /** envtest brings none: namespaces are then never finished and garbage is never collected. */
  readonly controllerManager: Command | undefined;
  readonly kubectl: Command;
}

export type ControlPlaneSource =
  | { readonly from: 'existing-cluster'; readonly kubectl: Command; readonly because: string }
  | { readonly from: 'envtest' | 'built'; readonly programs: ControlPlanePrograms; readonly because: string };

/**
 * Finds what integration tests and the demo run against, by the first of these that holds:
 *
 * 1. `USE_EXISTING_CLUSTER=true`: the cluster of the current kubeconfig.
 * 2. `KUBEBUILDER_ASSETS`: etcd and kube-apiserver in that folder.
 * 3. The binary built from `tools/control-plane`, built now if the cache has none.
 *
 * `because` is the choice in one line, for people.
 */
export async function locateControlPlane(environment: Readonly<NodeJS.ProcessEnv>): Promise<ControlPlaneSource> {
  if (environment['USE_EXISTING_CLUSTER'] === 'true') return await existingCluster(environment);
  const assets = environment['KUBEBUILDER_ASSETS'];
  if (assets !== undefined && assets !== '') return await envtest(assets, environment);
  const binary = await buildControlPlane(environment);
  const { version } = await locateBuild(environment);
  const because = `control plane: Kubernetes ${version} built from tools/control-plane (${binary})`;
  return { from: 'built', because, programs: builtPrograms(binary) };
}

async function existingCluster(environment: Readonly<NodeJS.ProcessEnv>): Promise<ControlPlaneSource> {
  const kubectl = await locateInPath('kubectl', environment);
  if (kubectl === undefined) throw new Error('USE_EXISTING_CLUSTER=true needs kubectl in PATH; install it');
  const kubeconfig = environment['KUBECONFIG'] || '~/.kube/config';
  const because = `control plane: the existing cluster of ${kubeconfig}, as USE_EXISTING_CLUSTER=true asks`;
  return { from: 'existing-cluster', kubectl: [kubectl], because };
}

async function envtest(folder: string, environment: Readonly<NodeJS.ProcessEnv>): Promise<ControlPlaneSource> {
  const [etcd, apiServer] = [join(folder, 'etcd'), join(folder, 'kube-apiserver')];
  for (const program of [etcd, apiServer]) {
    if (!(await isExecutable(program)))
      throw new Error(`KUBEBUILDER_ASSETS names ${folder}, but ${program} is missing`);
  }
  const own = join(folder, 'kubectl');
  const kubectl = (await isExecutable(own)) ? own : await locateInPath('kubectl', environment);
  if (kubectl === undefined) throw new Error(`there is no kubectl in ${folder} nor in PATH; install it`);
  const programs = { etcd: [etcd], apiServer: [apiServer], controllerManager: undefined, kubectl: [kubectl] } as const;
  return { from: 'envtest', because: `control plane: envtest binaries of KUBEBUILDER_ASSETS (${folder})`, programs };
}

/** The built kubectl goes before an installed one: it is of the API server's own version, on every machine the same. */
function builtPrograms(binary: string): ControlPlanePrograms {
  return {
    etcd: [binary, 'etcd'],
    apiServer: [binary, 'kube-apiserver'],
    controllerManager: [binary, 'kube-controller-manager'],
    kubectl: [binary, 'kubectl'],
  };
}

/** The first program of that name in PATH. */
export async function locateInPath(
  name: string,
  environment: Readonly<NodeJS.ProcessEnv>,
): Promise<string | undefined> {
  for (const folder of (environment['PATH'] ?? '').split(delimiter)) {
    const candidate = join(folder, name);
    if (folder !== '' && (await isExecutable(candidate))) return candidate;
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  return await access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
