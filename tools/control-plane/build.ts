import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cachePath, goBuild } from '../go-build.ts';

/** What the binary is made of: a change in any of them is another binary, in another cache folder. */
const SOURCES = ['go.mod', 'go.sum', 'main.go'] as const;

export interface ControlPlaneBuild {
  /** Where the binary is, or will be once it is built. */
  readonly binary: string;
  /** The Kubernetes version that go.mod pins, such as `v1.36.4`. */
  readonly version: string;
  readonly isBuilt: boolean;
}

/** Says where the binary of this checkout belongs, without building it. */
export async function locateBuild(environment: Readonly<NodeJS.ProcessEnv>): Promise<ControlPlaneBuild> {
  const contents = await Promise.all(SOURCES.map((name) => readFile(join(import.meta.dirname, name), 'utf8')));
  const version = parseKubernetesVersion(contents[0] ?? '');
  const binary = join(cachePath('control-plane', contents, environment), 'control-plane');
  return { binary, version, isBuilt: existsSync(binary) };
}

/**
 * Makes sure that the binary is there and returns its path. Minutes the first time, at once ever after.
 *
 * Two builds at the same time do no harm: each writes a file of its own and the last rename wins, with equal content.
 */
export async function buildControlPlane(environment: Readonly<NodeJS.ProcessEnv>): Promise<string> {
  const { binary, version, isBuilt } = await locateBuild(environment);
  if (isBuilt) return binary;
  console.error(
    `building the control plane (Kubernetes ${version}) into ${binary}: about 4 minutes on two cores, once`,
  );
  await mkdir(join(binary, '..'), { recursive: true });
  const unfinished = `${binary}.${process.pid}`;
  try {
    await goBuild({
      folder: import.meta.dirname,
      args: ['-ldflags', versionFlags(version), '-o', unfinished, '.'],
      environment,
      withoutGo: WITHOUT_GO,
    });
    await rename(unfinished, binary);
  } finally {
    await rm(unfinished, { force: true });
  }
  return binary;
}

export function parseKubernetesVersion(goMod: string): string {
  const version = /^\s*(?:require )?k8s\.io\/kubernetes (v\d+\.\d+\.\d+)$/m.exec(goMod)?.[1];
  if (version === undefined) throw new Error('go.mod of tools/control-plane pins no release of k8s.io/kubernetes');
  return version;
}

/** The linker flags that make the binary say its own version; without them kubectl takes it for v0.0.0. */
export function versionFlags(version: string): string {
  const [major = '', minor = ''] = version.slice(1).split('.');
  const facts = { gitVersion: version, gitMajor: major, gitMinor: minor, gitTreeState: 'clean' };
  const flags = Object.entries(facts).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`);
  return ['-s', '-w', ...flags].join(' ');
}

const WITHOUT_GO = [
  'the control plane must be built once and `go` is not in PATH;',
  'install Go 1.26 or newer (https://go.dev/doc/install),',
  'or set KUBEBUILDER_ASSETS to a folder with etcd and kube-apiserver,',
  'or set USE_EXISTING_CLUSTER=true to use the cluster of your kubeconfig',
].join(' ');

/** Whether the environment names a cluster or binaries that go before the built ones. */
export function isBuildNeeded(environment: Readonly<NodeJS.ProcessEnv>): boolean {
  return environment['USE_EXISTING_CLUSTER'] !== 'true' && (environment['KUBEBUILDER_ASSETS'] ?? '') === '';
}

if (import.meta.main) {
  const needed = isBuildNeeded(process.env);
  console.log(
    needed ? await buildControlPlane(process.env) : 'nothing to build: the environment names a control plane',
  );
}
